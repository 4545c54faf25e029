/** What programs do around training steps, to be compared between executions. */
import type { NdArray } from '../../src/lib/core/data/types'
import { randomStream } from '../../src/lib/core/util/random'
import { sizeOf } from '../../src/lib/core/util/shapes'

/** How steps run. */
export interface How {
  readonly runEagerly: boolean
  readonly stepsPerExecution: number
}

/** Figures by name, as found in one execution. */
export type Scenario = (how: How) => Promise<Record<string, ArrayLike<number>>>

function array(shape: readonly number[], key: string): NdArray {
  const random = randomStream(5, key)
  const values = Float32Array.from({ length: sizeOf(shape) }, () => random() * 2 - 1)
  return { values, shape, dtype: 'float32' }
}

/** Examples: batches of 4, the last of 3. */
export const x = array([15, 4], 'x')
/** Their labels. */
export const y = array([15, 2], 'y')

/** All weights of a model, by their places. */
export async function weightsOf(model: {
  weights: () => Promise<{ weights: readonly { values: Float32Array }[] }>
}) {
  const { weights } = await model.weights()
  return Object.fromEntries(weights.map(({ values }, index) => [`weight ${index}`, values]))
}
