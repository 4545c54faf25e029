/** Prints calls with a trailing options object as Prettier would, at 88 columns. */
import { width, type Options } from '../catalogue/calls'

/** A call to print. */
export interface Call {
  /** Text before the arguments: `model.fit`. */
  readonly callee: string
  /** Positional arguments as source text. */
  readonly positional?: readonly string[]
  readonly options?: Options
  /** Text behind the closing parenthesis. */
  readonly end?: string
  readonly indent?: string
}

/** One call, on one line where it fits. */
export function printCall({ callee, positional = [], options = [], end = '', indent = '' }: Call): string {
  const entries = options.map(([name, source]) => (name === source ? name : `${name}: ${source}`))
  const inline = entries.length === 0 ? [] : [`{ ${entries.join(', ')} }`]
  const line = `${indent}${callee}(${[...positional, ...inline].join(', ')})${end}`
  if (line.length <= width || entries.length === 0) return line
  const opening = `${indent}${callee}(${[...positional, '{'].join(', ')}`
  return [opening, ...entries.map((entry) => `${indent}  ${entry},`), `${indent}})${end}`].join('\n')
}
