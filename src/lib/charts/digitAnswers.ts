/** Which digit a model reads in each test image, and how that compares with the labels. No canvas here. */
import { at } from '$lib/core/util/at'

/** One image's label and what the model takes it for; null before the model was asked. */
export interface DigitAnswer {
  readonly label: number
  readonly prediction: number | null
  readonly isWrong: boolean
}

/** The likeliest digit of each row of ten answers, beside its label. */
export function digitAnswers(
  labels: ArrayLike<number>,
  values: ArrayLike<number> | null,
  outputs: number,
): DigitAnswer[] {
  return Array.from(labels, (label, row) => {
    const prediction = values === null ? null : largestIndex(values, row * outputs, outputs)
    return { label, prediction, isWrong: prediction !== null && prediction !== label }
  })
}

/** How many answers are right. */
export function countRight(answers: readonly DigitAnswer[]): number {
  return answers.filter(({ prediction, isWrong }) => prediction !== null && !isWrong).length
}

/** Up to `limit` mistakes in words: `8 read as 3, 5 read as 6 and 2 more`. */
export function describeMistakes(answers: readonly DigitAnswer[], limit = 6): string {
  const wrong = answers.filter((answer) => answer.isWrong)
  const listed = wrong.slice(0, limit).map(({ label, prediction }) => `${label} read as ${prediction ?? '?'}`)
  const rest = wrong.length - listed.length
  return listed.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** Index of the largest of `count` values from `start`; null when one is not a number. */
function largestIndex(values: ArrayLike<number>, start: number, count: number): number | null {
  let best = 0
  for (let index = 0; index < count; index++) {
    const value = at(values, start + index)
    if (Number.isNaN(value)) return null
    if (value > at(values, start + best)) best = index
  }
  return best
}
