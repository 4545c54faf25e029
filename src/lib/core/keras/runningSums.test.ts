import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { RunningSums } from './runningSums'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

it('adds up over scopes and reads once', async () => {
  const sums = new RunningSums()
  tf.tidy(() => sums.add(0, tf.scalar(3)))
  tf.tidy(() => sums.add(0, tf.scalar(1)))
  tf.tidy(() => sums.add(2, tf.scalar(2)))
  expect(await sums.read()).toEqual([4, 0, 2])
  sums.dispose()
})

it('keeps one tensor per sum, and none once disposed', () => {
  const before = tf.memory().numTensors
  const sums = new RunningSums()
  for (let batch = 0; batch < 5; batch++) tf.tidy(() => sums.add(0, tf.scalar(batch)))
  expect(tf.memory().numTensors).toBe(before + 1)
  sums.dispose()
  expect(tf.memory().numTensors).toBe(before)
})
