/** Models of few layers on the cpu, for the tests of layers and of training. */
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach } from 'vitest'
import { tf } from '../../src/lib/core/eager/tfjs'
import type { NdArray } from '../../src/lib/core/data/types'
import { Input, layers, optimizers, Sequential, setRandomSeed } from '../../src/lib/core/keras'
import { randomStream } from '../../src/lib/core/util/random'
import { sizeOf, type Shape } from '../../src/lib/core/util/shapes'

/** Each test begins on the cpu with the same seed. */
export function onCpu(seed: number): void {
  beforeAll(async () => {
    await tf.setBackend('cpu')
  })
  beforeEach(() => {
    setRandomSeed(seed)
  })
}

export const valuesOf = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync())

/** Values in [−1, 1) that repeat in every run. */
export function numbers(shape: Shape, key: string): tf.Tensor {
  const random = randomStream(11, key)
  return tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
    [...shape],
  )
}

export function modelOf(inputShape: Shape, ...stack: layers.Layer[]): Sequential {
  return new Sequential([Input({ shape: inputShape }), ...stack])
}

export function array(shape: number[], values: Iterable<number>): NdArray {
  return { values: Float32Array.from(values), shape, dtype: 'float32' }
}

export const xor = { x: array([4, 2], [0, 0, 0, 1, 1, 0, 1, 1]), y: array([4, 1], [0, 1, 1, 0]) }

/** A model of XOR, ready to fit. */
export function compiled({ dropout = 0, learningRate = 0.05 } = {}): Sequential {
  const model = new Sequential([
    Input({ shape: [2] }),
    new layers.Dense(8, { activation: 'tanh' }),
    new layers.Dropout(dropout),
    new layers.Dense(1, { activation: 'sigmoid' }),
  ])
  const optimizer = new optimizers.Adam({ learningRate })
  model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: ['accuracy'] })
  return model
}
