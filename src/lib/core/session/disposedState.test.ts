/** What the runtime holds for variables that are disposed of is freed, but not under steps that still need it. */
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { Session } from './session'

let session: Session

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  session = new Session({ backend: 'wasm' })
})
afterEach(() => {
  session.dispose()
  tf.disposeVariables()
})

/** A step that adds one to a new variable. */
function counter(stepsPerExecution = 1) {
  const count = tf.variable(tf.scalar(0))
  const compiled = session.compile('count', { stepsPerExecution })
  const call = () =>
    compiled.call([], () => {
      count.assign(tf.add(count, 1))
      return [tf.clone(count)]
    })
  return { count, call }
}

it('is freed when the next variables are taken', async () => {
  const released = vi.spyOn(session.runtime, 'release')
  for (let models = 0; models < 3; models++) {
    const { count, call } = counter()
    await call().force()
    count.dispose()
  }
  // The initial value of each variable, and what its one step left; the last one's waits for another.
  expect(released).toHaveBeenCalledTimes(5)
})

it('stays for steps that were called before', async () => {
  const { count, call } = counter(3)
  await call().force()
  const [one, two] = [call(), call()]
  count.dispose()
  const other = counter()
  await session.store.take([other.count])
  await session.settle(true)
  expect([one, two].map(({ results }) => results?.[0]?.values[0])).toEqual([2, 3])
})
