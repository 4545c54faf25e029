/** A function that is traced again while the runtime is ahead of its variables: the new graph goes on from their state. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { outsideTrace } from '../eager/tracing'
import { setVariableSource } from '../eager/variableSource'
import { trace } from '../trace/trace'
import { Session } from './session'
import type { HostTensor } from './types'

let session: Session | null = null

beforeAll(() => initialiseBackend('cpu'))
afterEach(() => {
  session?.dispose()
  session = null
  tf.disposeVariables()
})

function ones(count: number): HostTensor {
  return { dtype: 'float32', shape: [count], values: new Float32Array(count).fill(1) }
}

describe('a second signature', () => {
  it('reads and changes the state that the first one left, at each of its calls', async () => {
    session = new Session({ backend: 'wasm' })
    const total = tf.variable(tf.scalar(0))
    const compiled = session.compile('addAll')
    const step = ([x]: readonly tf.Tensor[]) => {
      total.assign(tf.add(total, tf.sum(x ?? 0)))
      return [tf.clone(total)]
    }
    const sums: number[] = []
    for (const count of [4, 4, 3, 4, 3, 3, 4]) {
      const [sum] = await compiled.call([ones(count)], step).force()
      sums.push(sum?.values[0] ?? NaN)
    }
    expect(sums).toEqual([4, 8, 11, 15, 18, 21, 25])
  })

  it('knows a variable again whose value came back while slots were made', async () => {
    session = new Session({ backend: 'wasm' })
    const total = tf.variable(tf.scalar(0))
    let slot: tf.Variable | null = null
    const compiled = session.compile('addAll')
    const add = ([x]: readonly tf.Tensor[]) => {
      if (x?.shape[0] === 3) slot ??= outsideTrace(() => tf.variable(tf.zerosLike(total)))
      total.assign(tf.add(tf.add(total, slot ?? 0), tf.sum(x ?? 0)))
      return [tf.clone(total)]
    }
    const sums: number[] = []
    for (const count of [4, 3, 4, 3]) {
      const [sum] = await compiled.call([ones(count)], add).force()
      sums.push(sum?.values[0] ?? NaN)
    }
    expect(sums).toEqual([4, 7, 11, 14])
  })

  it('is traced without the values of variables, which may be on the GPU', () => {
    const weight = tf.variable(tf.scalar(2))
    setVariableSource({
      isAhead: () => true,
      bringBack: () => Promise.resolve(),
      bringBackNow: () => false,
      isInUse: () => false,
    })
    try {
      const double = () => trace('double', [], () => [tf.mul(weight, 2)]).graph
      expect(double().states).toHaveLength(1)
      expect(() => tf.mul(weight, 2)).toThrow('expected its newest value at hand')
    } finally {
      setVariableSource(null)
    }
  })
})
