/** Turns whatever a run threw into what the page shows. */
import { inCamelCase } from '../util/spelling'
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

/** What people write who know Python, as the engine complains of it, and what to write instead. */
const pythonHabits: readonly { readonly complaint: RegExp; readonly advice: (found: string) => string }[] = [
  {
    complaint: /([\w.]*[a-z\d]_[a-z\d]\w*) is not (?:a function|a constructor|iterable)/i,
    advice: (call) => `Names are in camelCase here: write ${inCamelCase(call)}.`,
  },
  {
    complaint: /^([a-z]\w*) is not a function/,
    advice: (object) =>
      `Objects are not called in JavaScript: write ${object}.forward(…) in the PyTorch style, ${object}.apply(…) in the Keras style.`,
  },
  {
    complaint: /^Class constructor (\w+) cannot be invoked without 'new'/,
    advice: (className) => `Write new ${className}(…).`,
  },
  {
    complaint: /^(print|range|len|True|False|None|self) is not defined/,
    advice: (word) => `In JavaScript it is ${javaScriptWords[word] ?? ''}.`,
  },
]

const javaScriptWords: Readonly<Record<string, string>> = {
  print: 'console.log(…)',
  range: 'for (let i = 0; i < n; i++)',
  len: '….length',
  True: 'true',
  False: 'false',
  None: 'null',
  self: 'this',
}

/** The engine's message, with what to write instead where a habit from Python explains it. */
function withAdvice({ message }: Error): string {
  for (const { complaint, advice } of pythonHabits) {
    const [, found] = complaint.exec(message) ?? []
    if (found !== undefined) return `${message}. ${advice(found)}`
  }
  return message
}

/** Name and message of a thrown value; a kernel that a backend lacks is said in our words. */
export function explainError(error: unknown): LaneError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const missing = missingKernel(error)
  if (!missing) {
    const isEngines = error instanceof TypeError || error instanceof ReferenceError
    return { name: error.name, message: isEngines ? withAdvice(error) : error.message }
  }
  return {
    name: 'BackendError',
    message: `${missing.backend}: expected a backend that can run this program, but ${missing.reason}. Choose another backend for this lane.`,
  }
}

/** The same with the program's own line. */
export function explainLocated({ error, line, column }: LocatedError, currentLine: number): LaneError {
  return { ...explainError(error), line: line ?? (currentLine || undefined), column }
}
