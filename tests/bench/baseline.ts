/** Is our eager step a fair opponent? Beside it, in one run, tf.layers' own `trainOnBatch` on the same net. */
import * as tfl from '@tensorflow/tfjs-layers'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { tf } from '../../src/lib/core/eager/tfjs'
import { Input, layers, optimizers, Sequential } from '../../src/lib/core/keras/index'

const batchSize = 32
const warmUpSteps = 200
const rounds = 5
const stepsPerRound = 200

async function eagerBaseline(): Promise<{ keras: number; trainOnBatch: number; ratio: number }> {
  await initialiseBackend('cpu')
  const ours = ourStep()
  const theirs = theirStep()
  await repeat(ours, warmUpSteps)
  await repeat(theirs, warmUpSteps)
  const times: { keras: number[]; trainOnBatch: number[] } = { keras: [], trainOnBatch: [] }
  for (let round = 0; round < rounds; round++) {
    times.keras.push(await repeat(ours, stepsPerRound))
    times.trainOnBatch.push(await repeat(theirs, stepsPerRound))
  }
  const [keras, trainOnBatch] = [median(times.keras), median(times.trainOnBatch)]
  return { keras, trainOnBatch, ratio: keras / trainOnBatch }
}

function ourStep(): () => Promise<unknown> {
  const model = new Sequential([
    Input({ shape: [2] }),
    new layers.Dense(8, { activation: 'tanh' }),
    new layers.Dense(8, { activation: 'tanh' }),
    new layers.Dense(1, { activation: 'sigmoid' }),
  ])
  const optimizer = new optimizers.Adam({ learningRate: 0.001 })
  model.compile({ optimizer, loss: 'binaryCrossentropy', runEagerly: true })
  const x = { values: numbers(2 * batchSize), shape: [batchSize, 2], dtype: 'float32' as const }
  const y = { values: labels(), shape: [batchSize, 1], dtype: 'float32' as const }
  return () => model.fit(x, y, { batchSize, shuffle: false })
}

function theirStep(): () => Promise<unknown> {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }),
      tfl.layers.dense({ units: 8, activation: 'tanh' }),
      tfl.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  })
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' })
  const x = tf.tensor2d(numbers(2 * batchSize), [batchSize, 2])
  const y = tf.tensor2d(labels(), [batchSize, 1])
  return () => model.trainOnBatch(x, y)
}

function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(index))
}

function labels(): Float32Array {
  return Float32Array.from({ length: batchSize }, (_, index) => index % 2)
}

async function repeat(step: () => Promise<unknown>, count: number): Promise<number> {
  const start = performance.now()
  for (let index = 0; index < count; index++) await step()
  return (1000 * (performance.now() - start)) / count
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

/** Microseconds a step of 2-8-8-1, tanh, binary cross-entropy, Adam, on tfjs' cpu backend in Node; medians. */
export const measured = await eagerBaseline()
