/** Splits JavaScript into coloured lines with acorn's tokenizer; text that does not tokenise stays plain. */
import { tokenizer, type Token } from 'acorn'
import { colouredLines, type CodeKind, type CodeLines, type CodeSpan } from './codeLines'

interface Range {
  readonly kind: CodeKind
  readonly start: number
  readonly end: number
}

/** Words that are keywords to the reader but plain names to the tokenizer. */
const contextualKeywords = new Set(['async', 'await', 'from', 'let', 'of', 'static'])

/** The lines of a module, each as spans that join to the line's own text. */
export function highlight(source: string): CodeLines {
  return colouredLines(source, spans(source, ranges(source)))
}

function ranges(source: string): readonly Range[] {
  const found: Range[] = []
  const onComment = (_isBlock: boolean, _text: string, start: number, end: number): void => {
    found.push({ kind: 'comment', start, end })
  }
  try {
    for (const token of tokenizer(source, { ecmaVersion: 'latest', sourceType: 'module', onComment })) {
      const kind = kindOf(token, source)
      if (kind !== 'plain') found.push({ kind, start: token.start, end: token.end })
    }
  } catch {
    // Half-written code: what was read so far keeps its colours.
  }
  return found.sort((a, b) => a.start - b.start)
}

function kindOf(token: Token, source: string): CodeKind {
  if (token.type.keyword !== undefined) return 'keyword'
  switch (token.type.label) {
    case 'num':
      return 'number'
    case 'string':
    case 'template':
    case 'regexp':
    case '`':
      return 'string'
    case 'name':
      if (contextualKeywords.has(source.slice(token.start, token.end))) return 'keyword'
      return source[token.end] === '(' ? 'call' : 'plain'
    default:
      return 'plain'
  }
}

function spans(source: string, found: readonly Range[]): readonly CodeSpan[] {
  const result: CodeSpan[] = []
  let position = 0
  for (const { kind, start, end } of found) {
    if (start < position) continue
    if (start > position) result.push({ kind: 'plain', text: source.slice(position, start) })
    result.push({ kind, text: source.slice(start, end) })
    position = end
  }
  if (position < source.length) result.push({ kind: 'plain', text: source.slice(position) })
  return result
}
