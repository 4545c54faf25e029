/** Turns whatever a run threw into what the page shows. */
import type { LocatedError } from './evaluate'
import type { LaneError } from './types'

const missingKernel = /Kernel '(\w+)' not registered for backend '(\w+)'/

/** Name and message of a thrown value; a kernel that a backend lacks is said in our words. */
export function explainError(error: unknown): LaneError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const [, kernel, backend] = missingKernel.exec(error.message) ?? []
  if (kernel === undefined) return { name: error.name, message: error.message }
  return {
    name: 'BackendError',
    message: `${backend}: expected a kernel for ${kernel}, which this program needs, but the backend has none. Choose another backend for this lane.`,
  }
}

/** The same with the program's own line. */
export function explainLocated({ error, line, column }: LocatedError, currentLine: number): LaneError {
  return { ...explainError(error), line: line ?? (currentLine || undefined), column }
}
