/** Prints calls with a trailing options object as Prettier would, at 88 columns. */
import { escapeHidden } from '../util/hiddenCharacters'

/** Entries of an options object: name and source text; equal ones print as shorthand. */
export type Options = readonly (readonly [name: string, source: string])[]

/** A layer of either style: class, positional arguments and options. */
export interface LayerCall {
  readonly name: string
  readonly positional: readonly string[]
  readonly options: Options
}

/** Columns of a program's lines. */
export const width = 88

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

/** Escapes that are better known than their numbers, and what would end the literal. */
const escapes: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  "'": "\\'",
  '\\': '\\\\',
}

/** A string literal in which every character can be seen. */
export function quote(text: string): string {
  const escaped = escapeHidden(text.replace(/[\\'\t\n\r]/g, (character) => escapes[character] ?? ''))
  return `'${escaped}'`
}
