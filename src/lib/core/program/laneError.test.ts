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

it('takes the line from the error, else the line in progress, else none', () => {
  const error = new TypeError('x is not a function')
  expect(explainLocated(new LocatedError(error, 4, 2), 9)).toMatchObject({ line: 4, column: 2 })
  expect(explainLocated(new LocatedError(error), 9)).toMatchObject({ line: 9, name: 'TypeError' })
  expect(explainLocated(new LocatedError('text'), 0)).toMatchObject({ line: undefined, message: 'text' })
})
