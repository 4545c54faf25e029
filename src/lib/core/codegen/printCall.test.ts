import { describe, expect, it } from 'vitest'
import { quote } from '../catalogue/calls'
import { printCall } from './printCall'

describe('printCall', () => {
  it('breaks options over lines where one does not hold them', () => {
    const long = `'${'x'.repeat(70)}'`
    const options = [
      ['short', 'short'],
      ['long', long],
    ] as const
    expect(printCall({ callee: 'fit', positional: ['x'], options })).toBe(
      `fit(x, {\n  short,\n  long: ${long},\n})`,
    )
    expect(printCall({ callee: 'fit' })).toBe('fit()')
  })

  it('escapes quotes', () => {
    expect(quote("it's \\ here")).toBe(String.raw`'it\'s \\ here'`)
  })

  it('shows characters that nobody would see, or that turn the text around', () => {
    const hidden = 'a\tb\nc\u202ed\u2028e\ud800f\u{e0001}g\u200b'
    expect(quote(hidden)).toBe(String.raw`'a\tb\nc\u202Ed\u2028e\uD800f\u{E0001}g\u200B'`)
    expect(quote('👩\u200d👧 می\u200cخواهم')).toBe(String.raw`'👩\u200D👧 می\u200Cخواهم'`)
  })
})
