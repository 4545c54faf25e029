/** What a program does around queued steps has the effect that it has around eager ones. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { memoryInUse } from '../eager/counters'
import { readBack } from '../eager/readBack'
import { eachStep, hostScalar } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { BackendError } from '../util/errors'
import { Session } from './session'

let session: Session
let total: tf.Variable

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  session = new Session({ backend: 'wasm' })
  total = tf.variable(tf.scalar(0))
})
afterEach(() => {
  session.dispose()
  tf.disposeVariables()
})

const ones = { dtype: 'float32', shape: [2], values: Float32Array.of(1, 1) } as const

/** total ← total + Σ x, `stepsPerExecution` at a time; gives the new total. */
function adder(stepsPerExecution: number) {
  const compiled = session.compile('add', { stepsPerExecution })
  return () =>
    compiled.call([ones], ([x]) => {
      total.assign(tf.add(total, tf.sum(x ?? 0)))
      return [tf.clone(total)]
    })
}

describe.each([1, 10])('%i steps at a time', (stepsPerExecution) => {
  it('reads a variable as the steps called before it leave it, the very first ones included', async () => {
    const add = adder(stepsPerExecution)
    add()
    add()
    expect([...(await readBack(total))]).toEqual([4])
    add()
    expect([...(await readBack(total))]).toEqual([6])
  })

  it('gives each step what the host computed when it was called', async () => {
    const scale = { rate: 1, calls: 0 }
    const compiled = session.compile('scaled', { stepsPerExecution })
    const call = () =>
      compiled.call([ones], ([x]) => {
        eachStep(() => scale.calls++)
        const rate = hostScalar('rate', () => scale.rate)
        return [tf.mul(tf.sum(x ?? 0), rate)]
      })
    const steps = [1, 10, 100].map((rate) => {
      scale.rate = rate
      return call()
    })
    expect(scale.calls).toBe(3)
    await session.settle(true)
    expect(steps.map(({ results }) => results?.[0]?.values[0])).toEqual([2, 20, 200])
  })

  it('refuses a kernel on a variable, or a new value for it, while steps wait that need it', async () => {
    const add = adder(stepsPerExecution)
    add()
    expect(() => tf.add(total, 1)).toThrow('expected its newest value at hand, got one that compiled steps')
    const value = tf.scalar(100)
    expect(() => total.assign(value)).toThrow(BackendError)
    expect(() => total.assign(value)).toThrow(
      'expected a new value after the compiled steps that were called before, got one while they still wait. ' +
        'Await the last result',
    )
    await session.settle(true)
    expect(tf.add(total, 1).dataSync()[0]).toBe(3)
    total.assign(value)
    await add().force()
    expect([...(await readBack(total))]).toEqual([102])
  })
})

it('a read in the middle of a block waits for it', async () => {
  const add = adder(1)
  await add().force()
  const running = add().force()
  const read = readBack(total)
  await running
  expect([...(await read)]).toEqual([4])
})

it('a session that is closed late leaves the variables of the next one alone', async () => {
  const next = new Session({ backend: 'wasm' })
  session.dispose()
  session = next
  await adder(1)().force()
  expect([...(await readBack(total))]).toEqual([2])
})

it('a copy of a variable that was taken before keeps its value', async () => {
  total.assign(tf.scalar(5))
  const before = total.clone()
  const compiled = session.compile('distance')
  const call = () =>
    compiled.call([ones], ([x]) => {
      total.assign(tf.add(total, tf.sum(x ?? 0)))
      return [tf.sub(total, before)]
    })
  const found = [await call().force(), await call().force()]
  expect(found.map(([result]) => result?.values[0])).toEqual([2, 4])
})

it('a step that fails leaves memory and the steps after it in order', async () => {
  const add = adder(4)
  await add().force()
  const before = memoryInUse()
  const broken = session.compile('broken')
  expect(() =>
    broken.call([ones], () => {
      throw new Error('no such layer')
    }),
  ).toThrow('no such layer')
  expect(memoryInUse()).toEqual(before)
  add()
  expect([...(await readBack(total))]).toEqual([4])
})

it('a kernel on a variable gets its newest value beside one that the program has given another', async () => {
  const other = tf.variable(tf.scalar(0))
  const packed = [total, other]
  await session.store.take(packed)
  const newer = await session.runtime.upload([tf.variable(tf.scalar(3)), tf.variable(tf.scalar(4))])
  session.store.put(packed, newer)
  total.assign(tf.scalar(100))
  expect(tf.add(other, 0).dataSync()[0]).toBe(4)
  expect(tf.add(total, 0).dataSync()[0]).toBe(100)
  await adder(1)().force()
  expect([...(await readBack(total)), ...(await readBack(other))]).toEqual([102, 4])
})
