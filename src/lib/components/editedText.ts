/** Sentences about an edited program. */
import type { ExecutionOfText } from '$lib/core/codegen'

const edited = 'Edited program: settings no longer change it.'

/** Which line says how the program runs, or what to write so that one does. */
export function describeEdited(said: ExecutionOfText | null): string {
  if (!said) return edited
  if (said.problem !== null) return `${edited} ${said.problem}`
  if (said.line === 0) return `${edited} Nothing in it is compiled: static compiles its step.`
  return `${edited} Line ${String(said.line)} says how it runs.`
}
