/** Calls of the frameworks as records write them: names and source text. How calls are laid out is `codegen`'s concern. */
import { escapeHidden } from '../util/hiddenCharacters'
import type { Dialect } from './dialect'

/** Entries of an options object: name and source text; equal ones print as shorthand. */
export type Options = readonly (readonly [name: string, source: string])[]

/** Columns of a program's lines. */
export const width = 88

/** The call of a class: its name, positional arguments and options. */
export interface ClassCall<Name extends string = string> {
  readonly name: Name
  readonly positional: readonly string[]
  readonly options: Options
}

/** A call from values whose source text is what they print as. */
export function call<const Name extends string>(
  name: Name,
  positional: readonly (string | number)[] = [],
  options: Options = [],
): ClassCall<Name> {
  return { name, positional: positional.map(String), options }
}

/** An option of a call, left out where the value is undefined. */
export function option(name: string, value: number | boolean | undefined): Options {
  return value === undefined ? [] : [[name, String(value)]]
}

/** An option of a call, left out where the value is what both frameworks take by default. */
export function unless(name: string, value: number | boolean, byDefault: number | boolean): Options {
  return value === byDefault ? [] : [[name, String(value)]]
}

/** `formulation: …` where the program follows the other framework. */
export function formulation({ style, reference }: Dialect): Options {
  return style === reference ? [] : [['formulation', `'${reference}'`]]
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
