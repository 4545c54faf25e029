/** Splits Python into coloured lines, by the look of its words; enough for programs that are printed here. */
import { colouredLines, type CodeKind, type CodeLines, type CodeSpan } from '../codeLines'

const keywords =
  'and|as|assert|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|not|or|pass|raise|return|True|try|while|with|yield'

/** The first group that matches tells the kind; what no group matches is plain. */
const parts: readonly (readonly [CodeKind, string])[] = [
  ['comment', '#.*'],
  ['string', '[fbr]?"""[\\s\\S]*?"""|[fbr]?"(?:\\\\.|[^"\\\\\\n])*"|[fbr]?\'(?:\\\\.|[^\'\\\\\\n])*\''],
  ['number', '\\b\\d[\\d_.]*(?:e[+-]?\\d+)?\\b'],
  ['keyword', `\\b(?:${keywords})\\b`],
  ['call', '\\b[A-Za-z_]\\w*(?=\\()'],
  ['plain', '\\b[A-Za-z_]\\w*'],
]

const pattern = new RegExp(parts.map(([, source]) => `(${source})`).join('|'), 'g')

/** The lines of a program, each as spans that join to the line's own text. */
export function highlightPython(source: string): CodeLines {
  const spans: CodeSpan[] = []
  let position = 0
  for (const match of source.matchAll(pattern)) {
    if (match.index > position) spans.push({ kind: 'plain', text: source.slice(position, match.index) })
    const groups: readonly (string | undefined)[] = match.slice(1)
    const group = groups.findIndex((found) => found !== undefined)
    spans.push({ kind: parts[group]?.[0] ?? 'plain', text: match[0] })
    position = match.index + match[0].length
  }
  if (position < source.length) spans.push({ kind: 'plain', text: source.slice(position) })
  return colouredLines(source, spans)
}
