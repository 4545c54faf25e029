/** How often a model takes which class for which. No canvas here. */
import { at } from '$lib/core/util/at'

/** Counts of true classes and of the classes that a model says. */
export interface Confusion {
  /** Rows by true class and by the class that the model says. */
  readonly counts: readonly (readonly number[])[]
  readonly right: number
  /** Rows for which the model says a class: not where it gives NaN. */
  readonly total: number
}

/** One mistake and how often it was made. */
export interface Mistake {
  readonly truth: number
  readonly answer: number
  readonly count: number
}

/** Counts the likeliest class of each row of `outputs` answers; one output is the probability of class 1. */
export function confusionOf(
  targets: ArrayLike<number>,
  values: ArrayLike<number>,
  outputs: number,
  classes: number,
): Confusion {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  let right = 0
  let total = 0
  for (let row = 0; row < targets.length; row++) {
    const truth = at(targets, row)
    const answer = likeliest(values, row * outputs, outputs)
    const ofTruth = counts[truth]
    if (answer === null || ofTruth?.[answer] === undefined) continue
    ofTruth[answer]++
    total++
    if (answer === truth) right++
  }
  return { counts, right, total }
}

/** Mistakes, the most frequent first. */
export function mistakesOf({ counts }: Confusion): readonly Mistake[] {
  return counts
    .flatMap((row, truth) => row.map((count, answer) => ({ truth, answer, count })))
    .filter(({ truth, answer, count }) => truth !== answer && count > 0)
    .sort((a, b) => b.count - a.count)
}

function likeliest(values: ArrayLike<number>, start: number, outputs: number): number | null {
  const first = at(values, start)
  if (outputs === 1) return Number.isNaN(first) ? null : Number(first > 0.5)
  let best = 0
  for (let index = 0; index < outputs; index++) {
    const value = at(values, start + index)
    if (Number.isNaN(value)) return null
    if (value > at(values, start + best)) best = index
  }
  return best
}
