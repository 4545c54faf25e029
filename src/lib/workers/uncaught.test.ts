import { expect, it, vi } from 'vitest'
import { captureUncaught } from './uncaught'

it('tells what is thrown aside, and lets errors of the worker itself through to the page', () => {
  const listeners = new Map<string, (event: object) => void>()
  const target = new EventTarget()
  vi.spyOn(target, 'addEventListener').mockImplementation((type, listener, options) => {
    expect(options).toEqual({ capture: true })
    listeners.set(type, listener as (event: object) => void)
  })
  const tell = vi.fn(() => true)
  captureUncaught(tell, target)
  // Nobody but the browser can make an event that is trusted.
  const say = (type: string, parts: object) => {
    const preventDefault = vi.fn()
    listeners.get(type)?.({ isTrusted: true, preventDefault, ...parts })
    return preventDefault.mock.calls.length > 0
  }
  expect(say('unhandledrejection', { reason: null })).toBe(true)
  expect(say('error', { error: 5 })).toBe(true)
  tell.mockReturnValue(false)
  expect(say('error', { error: 6 })).toBe(false)
  expect(say('error', { error: 7, isTrusted: false })).toBe(false)
  expect(tell.mock.calls).toEqual([
    [null, 'promise'],
    [5, 'callback'],
    [6, 'callback'],
  ])
})
