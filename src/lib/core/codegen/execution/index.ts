/** How a program's text says how its steps run, and the same text saying it otherwise. */
import { edited, importsOf, parseProgram } from './programText'
import { kerasEdits, readKeras } from './kerasExecution'
import { readTorch, torchEdits } from './torchExecution'
import type { AskedExecution, ExecutionOfText } from './types'

export type { ExecutionOfText } from './types'

/** What the text says; null for a text with a syntax error, or of neither style. */
export function executionOf(text: string): ExecutionOfText | null {
  const program = parseProgram(text)
  if (!program) return null
  const modules = new Set([...importsOf(program).values()].map(({ module }) => module))
  if (modules.has('tandem/keras')) return readKeras(program)
  return modules.has('tandem/torch') ? readTorch(text, program) : null
}

/** The text with the lines changed that say how its steps run; null where it has none, as `executionOf` says why. */
export function withExecution(text: string, asked: AskedExecution): string | null {
  const program = parseProgram(text)
  const said = executionOf(text)
  if (!program || said?.problem !== null) return null
  const edits = said.style === 'keras' ? kerasEdits(text, program, asked) : torchEdits(text, program, asked)
  return edited(text, edits)
}
