/** A model's answers to examples of any kind: sequences of different length are asked about length by length. */
import { at, last } from '../util/at'
import { batchRows, givenOrder, takeBatch } from '../data/batches'
import type { NdArray } from '../data/types'
import { limits } from '../util/laneLimits'

/** One row of `outputs` numbers for each example, in their order. */
export interface Answers {
  readonly values: Float32Array
  readonly outputs: number
}

/** Asks once, or for ragged `x` [n, …] once for each length. */
export async function predictExamples(
  x: NdArray,
  predict: (batch: NdArray) => Promise<NdArray>,
): Promise<Answers> {
  const { lengths } = x
  const count = at(x.shape, 0)
  if (lengths === undefined) return rowsOf(await predict(x))
  let values = new Float32Array()
  let outputs = 1
  for (const rows of batchRows(givenOrder(count), count, lengths)) {
    const answered = rowsOf(await predict(takeBatch(x, rows)))
    outputs = answered.outputs
    if (values.length === 0) values = new Float32Array(count * outputs)
    for (const [at, row] of rows.entries()) {
      values.set(answered.values.subarray(at * outputs, (at + 1) * outputs), row * outputs)
    }
  }
  return { values, outputs }
}

/** Why the page shows no such answers; null if it does. */
export function tooMuchToShow({ values, outputs }: Answers): string | null {
  if (outputs > limits.outputs)
    return `prediction: expected a model of at most ${limits.outputs} outputs, got ${outputs}. Its answers are not shown.`
  if (values.length > limits.predictedNumbers)
    return `prediction: expected at most ${limits.predictedNumbers} numbers, got ${values.length}. They are not shown.`
  return null
}

function rowsOf({ values, shape }: NdArray): Answers {
  return { values: Float32Array.from(values), outputs: last(shape) }
}
