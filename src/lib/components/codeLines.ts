/** The lines of a program as the page shows them. */

export type CodeKind = 'plain' | 'keyword' | 'string' | 'number' | 'comment' | 'call'

export interface CodeSpan {
  readonly kind: CodeKind
  readonly text: string
}

/** Lines, each as spans that join to the line's own text. */
export type CodeLines = readonly (readonly CodeSpan[])[]

/** Lines without colours: what a program looks like until the tokenizer is there. */
export function plainLines(source: string): CodeLines {
  return splitLines([{ kind: 'plain', text: source }])
}

/** Cuts spans at the ends of lines. */
export function splitLines(whole: readonly CodeSpan[]): CodeLines {
  let line: CodeSpan[] = []
  const lines = [line]
  for (const { kind, text } of whole) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push((line = []))
      if (part !== '') line.push({ kind, text: part })
    }
  }
  if (line.length === 0 && lines.length > 1) lines.pop()
  return lines
}
