import { expect, it } from 'vitest'
import { LocatedError } from './evaluate'
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
    'write model.forward(…) in the PyTorch style, model.apply(…) in the Keras style.',
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
  expect(explainLocated(new LocatedError('text'), 0)).toMatchObject({ line: undefined, message: 'text' })
})
