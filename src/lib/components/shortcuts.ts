/** The playground's keyboard shortcuts. All take a modifier, and none works where text is typed but the first. */

export type TransportAction = 'toggle' | 'step' | 'reset'

/** What of a key press decides; a subset of `KeyboardEvent`. */
export interface KeyPress {
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly repeat: boolean
  readonly target: EventTarget | null
}

/** Ctrl+Enter (or ⌘Enter) toggles, Alt+N steps, Alt+R resets; `null` for every other press. */
export function transportAction(press: KeyPress): TransportAction | null {
  if (press.shiftKey) return null
  const isControl = press.ctrlKey || press.metaKey
  if (isControl && !press.altKey && press.code === 'Enter') return press.repeat ? null : 'toggle'
  // On a Mac, Alt types letters: leave it to the field that has the focus.
  if (!press.altKey || isControl || isTextInput(press.target)) return null
  if (press.code === 'KeyN') return 'step'
  return press.code === 'KeyR' && !press.repeat ? 'reset' : null
}

function isTextInput(target: EventTarget | null): boolean {
  if (target === null || !('tagName' in target)) return false
  if ('isContentEditable' in target && target.isContentEditable === true) return true
  if (target.tagName === 'TEXTAREA') return true
  const kinds = ['checkbox', 'radio', 'range', 'button']
  return target.tagName === 'INPUT' && !('type' in target && kinds.includes(String(target.type)))
}
