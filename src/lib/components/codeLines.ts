/** The lines of a program as the page shows them. */
import { hiddenCharacters } from '$lib/core/util/hiddenCharacters'

/** `hidden` is of characters that are shown as escapes, since nobody would see them. */
export type CodeKind = 'plain' | 'keyword' | 'string' | 'number' | 'comment' | 'call' | 'hidden'

/** A part of a line that is shown in one colour. */
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

/** More coloured spans than programs are written with: the page would be slow to lay them out. */
const mostSpans = 10_000

/** The lines of a text from its coloured spans; a text that has too many of them stays plain. */
export function colouredLines(source: string, spans: readonly CodeSpan[]): CodeLines {
  return spans.length > mostSpans ? plainLines(source) : splitLines(spans)
}

/** Columns that a wrapped line is set in by: its own indentation and two more, as long as that leaves room for text. */
export function hangOf(line: string): number {
  return Math.min(line.length - line.trimStart().length, mostIndentation) + 2
}
const mostIndentation = 40

/** Cuts spans at the ends of lines, and around characters that are hidden. */
function splitLines(whole: readonly CodeSpan[]): CodeLines {
  let line: CodeSpan[] = []
  const lines = [line]
  for (const { kind, text } of whole) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push((line = []))
      addSpans(line, kind, part)
    }
  }
  if (line.length === 0 && lines.length > 1) lines.pop()
  return lines
}

function addSpans(line: CodeSpan[], kind: CodeKind, text: string): void {
  let position = 0
  const add = (end: number, kind: CodeKind) => {
    if (end > position) line.push({ kind, text: text.slice(position, end) })
    position = end
  }
  for (const { index, 0: character } of text.matchAll(hiddenCharacters)) {
    add(index, kind)
    add(index + character.length, 'hidden')
  }
  add(text.length, kind)
}
