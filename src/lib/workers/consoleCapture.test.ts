import { afterEach, expect, it, vi } from 'vitest'
import { captureConsole } from './consoleCapture'

const original = Object.getOwnPropertyDescriptors(console)
afterEach(() => void Object.defineProperties(console, original))

it('prints values as one line, with their level', () => {
  const print = vi.fn()
  captureConsole(print)
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  console.log('loss', 0.5, { epoch: 1 }, [1, 2], null, undefined)
  console.warn(new TypeError('x is not a function'), { toString: () => 'tensor(shape=[2])' })
  console.error(cyclic, Symbol('odd').description)
  expect(print.mock.calls).toEqual([
    ['log', 'loss 0.5 {"epoch":1} 1,2 null undefined'],
    ['warn', 'TypeError: x is not a function tensor(shape=[2])'],
    ['error', '[object Object] odd'],
  ])
})
