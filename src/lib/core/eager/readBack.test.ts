import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, it } from 'vitest'
import { MemoryScope } from './memoryScope'
import { readBack } from './readBack'
import { tf } from './tfjs'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

it('reads a tensor that its scope frees meanwhile, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors
  const scope = new MemoryScope('batch')
  const reading = readBack(tf.tensor1d([1, 2]))
  scope.close()
  expect(await reading).toEqual(Float32Array.of(1, 2))
  expect(tf.memory().numTensors).toBe(before)
})

it('gives a copy', async () => {
  const tensor = tf.tensor1d([1, 2])
  ;(await readBack(tensor)).fill(9)
  expect(tensor.dataSync()).toEqual(Float32Array.of(1, 2))
})
