/** Turns whatever a run threw into what the page shows. */
import type { LocatedError } from './evaluate'
import type { LaneError } from './types'

const kernelNotRegistered = /Kernel '(\w+)' not registered for backend '(\w+)'/

/** The kernel that a backend turned out to lack, if that is what the error says. */
export function missingKernel(error: unknown): { backend: string; reason: string } | null {
  if (!(error instanceof Error)) return null
  const [, kernel, backend] = kernelNotRegistered.exec(error.message) ?? []
  if (kernel === undefined || backend === undefined) return null
  return { backend, reason: `it has no kernel for ${kernel}` }
}

/** Name and message of a thrown value; a kernel that a backend lacks is said in our words. */
export function explainError(error: unknown): LaneError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const missing = missingKernel(error)
  if (!missing) return { name: error.name, message: error.message }
  return {
    name: 'BackendError',
    message: `${missing.backend}: expected a backend that can run this program, but ${missing.reason}. Choose another backend for this lane.`,
  }
}

/** The same with the program's own line. */
export function explainLocated({ error, line, column }: LocatedError, currentLine: number): LaneError {
  return { ...explainError(error), line: line ?? (currentLine || undefined), column }
}
