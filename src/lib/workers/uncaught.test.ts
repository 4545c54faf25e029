import { expect, it, vi } from 'vitest'
import { captureUncaught } from './uncaught'

it('tells what is thrown aside, and lets errors of the worker itself through to the page', () => {
  const target = new EventTarget()
  const tell = vi.fn(() => true)
  captureUncaught(tell, target)
  const say = (type: string, parts: object) => {
    const event = Object.assign(new Event(type, { cancelable: true }), parts)
    target.dispatchEvent(event)
    return event.defaultPrevented
  }
  expect(say('unhandledrejection', { reason: null })).toBe(true)
  expect(say('error', { error: 5 })).toBe(true)
  tell.mockReturnValue(false)
  expect(say('error', { error: 6 })).toBe(false)
  expect(tell.mock.calls).toEqual([
    [null, 'promise'],
    [5, 'callback'],
    [6, 'callback'],
  ])
})
