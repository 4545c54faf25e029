/** A session stays small, whatever a program compiles. */
import { afterEach, beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { trace } from '../trace/trace'
import { limits } from '../util/laneLimits'
import { Session } from './session'
import type { HostTensor } from './types'

let session: Session | null = null

beforeAll(() => initialiseBackend('cpu'))
afterEach(() => {
  session?.dispose()
  session = null
})

const one: HostTensor = { dtype: 'float32', shape: [1], values: Float32Array.of(1) }
const double = ([x]: readonly tf.Tensor[]) => [tf.add(x ?? 0, x ?? 0)]

it('cuts the name of a function', () => {
  session = new Session({ backend: 'wasm' })
  expect(session.compile('f'.repeat(1e7)).name.length).toBeLessThanOrEqual(limits.name)
})

it('lists so many signatures, with the first ones as one', () => {
  session = new Session({ backend: 'wasm' })
  const compiled = session.compile('step')
  for (let call = 0; call < limits.signatures + 50; call++) compiled.call([one], double, [call])
  const signatures = session.signatures()
  expect(signatures).toHaveLength(limits.signatures)
  expect(signatures[0]).toMatchObject({
    function: 'step',
    signature: '51 earlier signatures',
    nodes: 1,
    hits: 0,
  })
  expect(signatures[1]?.signature).toBe('float32[1], 51')
  expect(signatures.at(-1)?.signature).toBe(`float32[1], ${limits.signatures + 49}`)
})

it('refuses a step of too many operations', () => {
  expect(() =>
    trace('endless', [one], ([x]) => {
      let y = x as tf.Tensor
      for (;;) y = tf.neg(y)
    }),
  ).toThrow(
    'endless: expected a step of at most 20000 operations, got more. Do less in one step, or run it eagerly.',
  )
})

it('refuses an operation of too many tensors', () => {
  expect(() =>
    trace('wide', [one], ([x]) => [
      tf.concat(Array.from({ length: limits.operands + 1 }, () => x as tf.Tensor)),
    ]),
  ).toThrow(
    'wide: expected at most 10000 tensors in one operation, got 10001 in Concat. Join them in parts, or run it eagerly.',
  )
})
