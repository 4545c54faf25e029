/** Calls and values of program text, printed as Python. Black's style at 88 columns. */
import { escapeHidden } from '../../util/hiddenCharacters'
import type { Options } from '../../catalogue/calls'

const width = 88

/** A call to print as Python. */
export interface PythonCall {
  /** Text before the arguments: `model.fit`. */
  readonly callee: string
  /** Python source text. */
  readonly positional?: readonly string[]
  /** Names and values as the JavaScript program has them. */
  readonly options?: Options
  readonly end?: string
  readonly indent?: string
}

/** One call, on one line where it fits and otherwise with one line for each argument. */
export function printPython(call: PythonCall): string {
  const { callee, positional = [], options = [], end = '', indent = '' } = call
  const keywords = options.map(([name, source]) => `${pythonName(name)}=${pythonValue(source)}`)
  const entries = [...positional, ...keywords]
  const line = `${indent}${callee}(${entries.join(', ')})${end}`
  if (line.length <= width || entries.length === 0) return line
  return [
    `${indent}${callee}(`,
    ...entries.map((entry) => `${indent}    ${entry},`),
    `${indent})${end}`,
  ].join('\n')
}

/** `learningRate` as `learning_rate`, `beta1` as Keras' `beta_1`. */
export function pythonName(name: string): string {
  return name.replaceAll(/[A-Z]|\d+$/g, (part) => `_${part.toLowerCase()}`)
}

const words: Readonly<Record<string, string>> = { true: 'True', false: 'False' }

/**
 * A JavaScript literal as a Python one. Strings are the names of activations, losses and paddings, which Python spells
 * like its other names; a list becomes a tuple.
 */
export function pythonValue(source: string): string {
  const [, text] = /^'(\w+)'$/.exec(source) ?? []
  if (text !== undefined) return pythonText(pythonName(text))
  const [, list] = /^\[(.*)\]$/.exec(source) ?? []
  return list === undefined ? (words[source] ?? source) : `(${list})`
}

/** The same options with whole numbers as floats: Keras' optimizers take no others. `names` limits it to some options. */
export function withFloats(options: Options, names?: readonly string[]): Options {
  return options.map(([name, source]) => {
    const isCount = !/^\d+$/.test(source) || names?.includes(name) === false
    return [name, isCount ? source : `${source}.0`]
  })
}

/** Options as keyword arguments in which a list stays a list. */
export function keywords(options: Options): readonly string[] {
  return options.map(([name, source]) => `${pythonName(name)}=${words[source] ?? source}`)
}

/** A string literal in which every character can be seen: what JSON escapes, Python reads alike. */
export function pythonText(text: string): string {
  return escapeHidden(JSON.stringify(text), (character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16)
    return digits.length > 4 ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`
  })
}
