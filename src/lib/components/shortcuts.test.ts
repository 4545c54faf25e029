import { describe, expect, it } from 'vitest'
import { transportAction, type KeyPress } from './shortcuts'

const press = (change: Partial<KeyPress>): KeyPress => ({
  code: 'Enter',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  target: null,
  ...change,
})

/** A stand-in for a focused element: tests run without a DOM. */
const element = (tagName: string, type: string): EventTarget =>
  Object.assign(new EventTarget(), { tagName, type })

describe('transportAction', () => {
  it.each([
    [{ ctrlKey: true }, 'toggle'],
    [{ metaKey: true }, 'toggle'],
    [{ altKey: true, code: 'KeyN' }, 'step'],
    [{ altKey: true, code: 'KeyR' }, 'reset'],
  ])('%o is %s', (change, action) => {
    expect(transportAction(press(change))).toBe(action)
  })

  it('leaves keys without a modifier alone', () => {
    expect(transportAction(press({}))).toBeNull()
    expect(transportAction(press({ code: 'KeyR' }))).toBeNull()
    expect(transportAction(press({ code: 'KeyR', ctrlKey: true }))).toBeNull()
  })

  it('does not toggle or reset again while a key is held down', () => {
    expect(transportAction(press({ ctrlKey: true, repeat: true }))).toBeNull()
    expect(transportAction(press({ altKey: true, code: 'KeyR', repeat: true }))).toBeNull()
  })

  it('leaves Alt with a letter to a field where text is typed, but not to a checkbox', () => {
    const reset = { altKey: true, code: 'KeyR' }
    expect(transportAction(press({ ...reset, target: element('INPUT', 'text') }))).toBeNull()
    expect(transportAction(press({ ...reset, target: element('TEXTAREA', '') }))).toBeNull()
    expect(transportAction(press({ ...reset, target: element('INPUT', 'checkbox') }))).toBe('reset')
  })
})
