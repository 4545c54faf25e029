/** What cases of training have in common: their examples, and what of them varies. */
import type { Split } from '../../src/lib/core/data/types'
import type { Formulation } from '../../src/lib/core/optim/optimizer'
import { randomStream } from '../../src/lib/core/util/random'
import { sizeOf, type Shape } from '../../src/lib/core/util/shapes'
import type { Trainee } from './trainees'

/** What labels look like: any numbers, zeros and ones, one-hot rows, or the numbers of classes. */
export type Labels = 'numbers' | 'binary' | 'oneHot' | 'index'

/** A model that trains, and what it trains on. */
export interface TrainingCase {
  readonly name: string
  readonly data: () => Split
  readonly make: () => Trainee
}

/** Batches of 4, the last one of 3. */
const examples = 15
/** Outputs of each model. */
export const outputs = 3

/** The examples of a case. */
export function dataOf(inputShape: Shape, labels: Labels, isIndices: boolean): Split {
  const random = randomStream(3, 'training')
  const xShape = [examples, ...inputShape]
  const x = Float32Array.from({ length: sizeOf(xShape) }, () => {
    return isIndices ? Math.floor(random() * 4) : random() * 2 - 1
  })
  const classes = Int32Array.from({ length: examples }, () => Math.floor(random() * outputs))
  const y = Float32Array.from({ length: examples * outputs }, (_, index) => {
    if (labels === 'oneHot') return classes[Math.floor(index / outputs)] === index % outputs ? 1 : 0
    return labels === 'binary' ? Math.round(random()) : random() * 2 - 1
  })
  return {
    x: { values: x, shape: xShape, dtype: 'float32' },
    y:
      labels === 'index'
        ? { values: classes, shape: [examples], dtype: 'int32' }
        : { values: y, shape: [examples, outputs], dtype: 'float32' },
  }
}

/** How a case differs from the usual one: four numbers in, three numbers to learn. */
export interface Variation {
  readonly inputShape?: Shape
  readonly labels?: Labels
  readonly isIndices?: boolean
}

/** Whose update rule an optimizer follows. */
export const formulations: readonly Formulation[] = ['keras', 'torch']
