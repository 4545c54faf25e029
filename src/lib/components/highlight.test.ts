import { describe, expect, it } from 'vitest'
import { hangOf, type CodeKind } from './codeLines'
import { highlight } from './highlight'

const textOf = (source: string): string =>
  highlight(source)
    .map((line) => line.map((span) => span.text).join(''))
    .join('\n')

function kindOf(source: string, text: string): CodeKind | undefined {
  return highlight(source)
    .flat()
    .find((span) => span.text === text)?.kind
}

describe('highlight', () => {
  it('keeps every character of the source', () => {
    const source =
      'for await (const [x, y] of loader) {\n  // one batch\n  log({ loss: 0.1, name: `a${1}b` })\n}'
    expect(textOf(source)).toBe(source)
  })

  it('names keywords, contextual ones included, and leaves names plain', () => {
    const source = 'for await (const batch of loader) {}'
    expect(kindOf(source, 'for')).toBe('keyword')
    expect(kindOf(source, 'await')).toBe('keyword')
    expect(kindOf(source, 'of')).toBe('keyword')
    expect(
      highlight(source)
        .flat()
        .some((span) => span.kind === 'plain' && span.text.includes('loader')),
    ).toBe(true)
  })

  it('tells strings, numbers, comments and calls apart', () => {
    const source = "circle({ labels: 'binary', seed: 42 }) // data"
    expect(kindOf(source, 'circle')).toBe('call')
    expect(kindOf(source, "'binary'")).toBe('string')
    expect(kindOf(source, '42')).toBe('number')
    expect(kindOf(source, '// data')).toBe('comment')
  })

  it('splits a block comment over its lines', () => {
    const lines = highlight('/* a\n b */\nx')
    expect(lines.map((line) => line.map((span) => span.kind))).toEqual([['comment'], ['comment'], ['plain']])
  })

  it('sets hidden characters apart, in strings, comments and names', () => {
    const source = "// a\u202e\u2066b\nlog('\u200b', x\u3164)"
    expect(textOf(source)).toBe(source)
    const hidden = highlight(source).map((line) =>
      line.flatMap(({ kind, text }) => (kind === 'hidden' ? [text] : [])),
    )
    expect(hidden).toEqual([
      ['\u202e', '\u2066'],
      ['\u200b', '\u3164'],
    ])
  })

  it('leaves a program plain that has more coloured parts than the page can lay out', () => {
    const source = '1,'.repeat(10_000)
    expect(highlight(source)).toEqual([[{ kind: 'plain', text: source }]])
    expect(highlight('1,'.repeat(5_000)).flat()).toHaveLength(10_000)
  })

  it('hangs wrapped lines by their indentation, and leaves room for their text', () => {
    expect([hangOf('a'), hangOf('    a'), hangOf(`${' '.repeat(50_000)}a`)]).toEqual([2, 6, 42])
  })

  it('does not add a line for the closing line break', () => {
    expect(highlight('x\n')).toHaveLength(1)
  })

  it('keeps text that does not tokenise', () => {
    const source = "const a = 1\nconst b = 'open"
    expect(textOf(source)).toBe(source)
    expect(kindOf(source, 'const')).toBe('keyword')
  })
})
