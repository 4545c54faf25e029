import { describe, expect, it } from 'vitest'
import { describeHidden, escapeHidden, escapeOf, hiddenCharacters, hiddenLines } from './hiddenCharacters'

const isHidden = (code: number) => String.fromCodePoint(code).search(hiddenCharacters) === 0

/** First and last of each range that has been used to make a program read differently from what it does. */
const known: readonly (readonly [what: string, first: number, last: number])[] = [
  ['embeddings and overrides', 0x202a, 0x202e],
  ['isolates', 0x2066, 0x2069],
  ['zero width and marks', 0x200b, 0x200f],
  ['joiners and invisible operators', 0x2060, 0x2064],
  ['byte order mark', 0xfeff, 0xfeff],
  ['soft hyphen', 0xad, 0xad],
  ['Arabic letter mark', 0x61c, 0x61c],
  ['Hangul fillers, which may be names', 0x115f, 0x1160],
  ['Hangul filler', 0x3164, 0x3164],
  ['halfwidth Hangul filler', 0xffa0, 0xffa0],
  ['Mongolian vowel separator', 0x180e, 0x180e],
  ['tags', 0xe0000, 0xe007f],
  ['C0 below tab', 0x00, 0x08],
  ['C0 above line feed', 0x0b, 0x1f],
  ['delete and C1', 0x7f, 0x9f],
  ['line and paragraph separator', 0x2028, 0x2029],
  ['variation selectors', 0xfe00, 0xfe0f],
  ['further variation selectors', 0xe0100, 0xe01ef],
  ['spaces that are not the space', 0x2000, 0x200a],
  ['no-break space', 0xa0, 0xa0],
  ['combining grapheme joiner', 0x34f, 0x34f],
  ['interlinear annotation', 0xfff9, 0xfffb],
  ['lone surrogates', 0xd800, 0xdfff],
  ['empty Braille cell', 0x2800, 0x2800],
]

describe('hidden characters', () => {
  it.each(known)('are %s', (_, first, last) => {
    for (let code = first; code <= last; code++) expect(isHidden(code), code.toString(16)).toBe(true)
  })

  it('are neither what programs are written in nor letters of any script', () => {
    const text = `\t\n ${String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 33 + index))}äéßλ圆אبक😀`
    expect(text.replace(hiddenCharacters, '')).toBe(text)
  })

  it('are shown as JavaScript escapes them', () => {
    expect(escapeOf('\u202e')).toBe('\\u202E')
    expect(escapeOf('\u{e0041}')).toBe('\\u{E0041}')
    expect(describeHidden('\0')).toBe('A character that cannot be seen: U+0000')
    expect(escapeHidden('a\u200bb\u{e0001}c\ud800')).toBe('a\\u200Bb\\u{E0001}c\\uD800')
  })

  it('are found by line', () => {
    expect(hiddenLines('plain\ntext')).toEqual([])
    expect(hiddenLines('\u202ea\nb\nc\u200b\u200b\nd\u{e0001}')).toEqual([1, 3, 4])
  })
})
