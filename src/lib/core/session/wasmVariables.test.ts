/** Variables of tfjs' wasm backend, where a copy of a tensor has data of its own, beside compiled steps. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { disposeBackend, initialiseBackend } from '../eager/backends'
import { memoryInUse } from '../eager/counters'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { Session } from './session'
import type { HostTensor } from './types'

let session: Session

beforeAll(() => initialiseBackend('wasm'))
afterEach(() => {
  session.dispose()
  tf.disposeVariables()
})
afterAll(() => disposeBackend())

function ones(count: number): HostTensor {
  return { dtype: 'float32', shape: [count], values: new Float32Array(count).fill(1) }
}

it('keeps what was trained when another batch size is traced', async () => {
  session = new Session({ backend: 'wasm' })
  const total = tf.variable(tf.scalar(0))
  const compiled = session.compile('addAll')
  const step = ([x]: readonly tf.Tensor[]) => {
    total.assign(tf.add(total, tf.sum(x ?? 0)))
    return [tf.clone(total)]
  }
  const before = memoryInUse()
  const sums: number[] = []
  for (const count of [4, 4, 3, 4, 3, 3, 4]) {
    const [sum] = await compiled.call([ones(count)], step).force()
    sums.push(sum?.values[0] ?? NaN)
  }
  expect(sums).toEqual([4, 8, 11, 15, 18, 21, 25])
  expect([...(await readBack(total))]).toEqual([25])
  expect(memoryInUse()).toEqual(before)
})

it('keeps what the program assigned between compiled steps', async () => {
  session = new Session({ backend: 'wasm' })
  const total = tf.variable(tf.scalar(0))
  const compiled = session.compile('addAll')
  const step = ([x]: readonly tf.Tensor[]) => {
    total.assign(tf.add(total, tf.sum(x ?? 0)))
    return [tf.clone(total)]
  }
  await compiled.call([ones(4)], step).force()
  tf.tidy(() => total.assign(tf.mul(total, 10)))
  const [sum] = await compiled.call([ones(3)], step).force()
  expect(sum?.values[0]).toBe(43)
})
