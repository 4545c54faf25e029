import { expect, it } from 'vitest'
import { LocatedError } from './evaluate'
import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import { explainError, explainLocated } from './laneError'

it('says in our words which kernel a backend lacks', () => {
  const error = new Error("Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'")
  expect(explainError(error)).toEqual({
    name: 'BackendError',
    message:
      'wasm: expected a backend that can run this program, but it has no kernel for Conv2DBackpropFilter. ' +
      'Choose another backend for this lane.',
  })
})

it.each([
  ['opt.zero_grad is not a function', 'Names are in camelCase here: write opt.zeroGrad.'],
  ['nn.init.kaiming_uniform_ is not a function', 'write nn.init.kaimingUniform_.'],
  [
    'model is not a function',
    'write model.forward(…) in the PyTorch style, model.apply(…) in the Keras style, or define model as a function.',
  ],
  ["Class constructor Linear cannot be invoked without 'new'", 'Write new Linear(…).'],
])('says what to write where Python shows: %s', (message, advice) => {
  expect(explainError(new TypeError(message)).message).toContain(`${message}. `)
  expect(explainError(new TypeError(message)).message).toContain(advice)
})

it('knows words of Python, and adds nothing to other errors', () => {
  expect(explainError(new ReferenceError('True is not defined')).message).toBe(
    'True is not defined. In JavaScript it is true.',
  )
  expect(explainError(new TypeError('x.y is not a function')).message).toBe('x.y is not a function')
  expect(explainError(new Error('model is not a function')).message).toBe('model is not a function')
})

it('takes the line from the error, else the line in progress, else none', () => {
  const error = new TypeError('x is not a function')
  expect(explainLocated(new LocatedError(error, 4, 2), 9)).toMatchObject({ line: 4, column: 2 })
  expect(explainLocated(new LocatedError(error), 9)).toMatchObject({ line: 9, name: 'TypeError' })
  expect(explainLocated(new LocatedError(error), 0)).toMatchObject({ line: undefined })
})

class Odd extends Error {
  override get message(): string {
    throw new Error('no message')
  }
}

const { proxy: revoked, revoke } = Proxy.revocable({}, {})
revoke()

it.each<[string, unknown, string]>([
  ['a number', 5, 'got 5.'],
  ['a text', 'wrong', 'got "wrong".'],
  ['null', null, 'got null.'],
  ['undefined', undefined, 'got undefined.'],
  ['a symbol', Symbol('odd'), 'got Symbol(odd).'],
  ['an object', { loss: 1 }, 'got {loss: 1}.'],
  ['an object without a prototype', Object.create(null), 'got {}.'],
  ['a revoked proxy', revoked, 'got [an object that cannot be read].'],
  ['an object whose toString throws', { toString: () => JSON.parse('{') as string }, 'that cannot be read].'],
  ['a long text', 'x'.repeat(1e7), 'MB more".'],
])('says what was thrown where it is no error: %s', (_, thrown, got) => {
  const { name, message } = explainError(thrown)
  expect(name).toBe('Error')
  expect(message).toContain(`throw: expected an Error, got `)
  expect(message).toContain(got)
  expect(message).toContain("Write throw new Error('what is wrong').")
})

it('reads errors that are made to be unreadable, and cuts what is long', () => {
  expect(explainError(new Odd())).toEqual({ name: 'Error', message: 'It has no message.' })
  const named = Object.assign(new Error('text'), { name: 5, message: { a: 1 } })
  expect(explainError(named)).toEqual({ name: 'Error', message: 'It has no message.' })
  const long = Object.assign(new TypeError('x'.repeat(20 * 2 ** 20)), { name: 'y'.repeat(1e6) })
  const { name, message } = explainError(long)
  expect(message).toMatch(/^x+… 20\.0 MB more$/)
  expect(name.length).toBeLessThanOrEqual(limits.errorName)
  expect(message.length).toBeLessThanOrEqual(limits.errorMessage)
})

it('does not search a long message for what it knows', () => {
  const message = 'a_'.repeat(2000)
  expect(explainError(new TypeError(message)).message).toBe(cutText(message, limits.errorMessage))
})
