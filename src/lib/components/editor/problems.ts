/** What is wrong with a program: its syntax as it is typed, and what its last run threw. */
import { linter, type Diagnostic } from '@codemirror/lint'
import type { EditorState, Extension } from '@codemirror/state'
import { parse } from 'acorn'
import { syntaxMessage } from '$lib/core/util/spelling'
import { marksField } from './marks'

/** Positions are offsets into the text. The parser is the one that reads the program when it runs. */
export function syntaxProblems(text: string): readonly Diagnostic[] {
  try {
    parse(text, { ecmaVersion: 'latest', sourceType: 'module' })
    return []
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('pos' in error)) throw error
    const at = Math.min(Number(error.pos), text.length)
    const word = /^\w+/.exec(text.slice(at))?.[0].length ?? 1
    const from = at === text.length ? Math.max(0, at - 1) : at
    const message = syntaxMessage(error.message, text)
    return [{ from, to: Math.min(text.length, from + word), severity: 'error', message }]
  }
}

function runProblem(state: EditorState): readonly Diagnostic[] {
  const { failed, message } = state.field(marksField)
  if (failed === 0 || failed > state.doc.lines) return []
  const line = state.doc.line(failed)
  const from = line.to - line.text.trimStart().length
  return [{ from, to: line.to, severity: 'error', message }]
}

/** Underlines both. */
export function problems(): Extension {
  return linter(
    ({ state }) => {
      const syntax = syntaxProblems(state.doc.toString())
      return syntax.length > 0 ? syntax : runProblem(state)
    },
    {
      delay: 300,
      needsRefresh: ({ startState, state }) => startState.field(marksField) !== state.field(marksField),
    },
  )
}
