/** Turns whatever a run threw into what the page shows. */
import { cutText } from '../util/cutText'
import { describeValue, isError, readSafely, unreadable } from '../util/describeValue'
import { limits } from '../util/laneLimits'
import { withAdvice } from './engineErrors'
import type { LocatedError } from './evaluate'
import type { LaneError } from './types'

/** Characters of a thrown value that is no error. */
const shownValue = 500

const kernelNotRegistered = /Kernel '(\w+)' not registered for backend '(\w+)'/

/** The kernel that a backend turned out to lack, if that is what the error says. */
export function missingKernel(error: unknown): { backend: string; reason: string } | null {
  if (!isError(error)) return null
  const [, kernel, backend] = kernelNotRegistered.exec(textOf(() => error.message, limits.errorMessage)) ?? []
  if (kernel === undefined || backend === undefined) return null
  return { backend, reason: `it has no kernel for ${kernel}` }
}

/** A text of a program's error; another value, or one that cannot be read, as none. */
function textOf(read: () => unknown, limit: number): string {
  const text = readSafely(read, '')
  return typeof text === 'string' ? cutText(text, limit) : ''
}

/**
 * Name and message of a thrown value, whatever it is; a kernel that a backend lacks and mistakes that engines complain of
 * are said in our words.
 */
export function explainError(error: unknown): LaneError {
  if (!isError(error)) return { name: 'Error', message: notAnError(error) }
  const missing = missingKernel(error)
  if (missing) {
    return {
      name: 'BackendError',
      message: `${missing.backend}: expected a backend that can run this program, but ${missing.reason}. Choose another backend for this lane.`,
    }
  }
  const message = textOf(() => error.message, limits.errorMessage)
  return {
    name: textOf(() => error.name, limits.errorName) || 'Error',
    message:
      cutText(isEngines(error) ? withAdvice(message) : message, limits.errorMessage) || 'It has no message.',
  }
}

/** Whether the class is one that engines themselves throw. */
function isEngines(error: Error): boolean {
  const classes = [TypeError, ReferenceError, RangeError, EvalError]
  return readSafely(
    () => classes.some((one) => error instanceof one) || error.name === 'InternalError',
    false,
  )
}

function notAnError(value: unknown): string {
  const thrown = typeof value === 'string' ? JSON.stringify(cutText(value, shownValue)) : describe(value)
  return `throw: expected an Error, got ${thrown}. Write throw new Error('what is wrong').`
}

function describe(value: unknown): string {
  return readSafely(() => describeValue(value, shownValue), unreadable)
}

/** The same with the program's own line. */
export function explainLocated({ error, line, column }: LocatedError, currentLine: number): LaneError {
  return { ...explainError(error), line: line ?? (currentLine || undefined), column }
}
