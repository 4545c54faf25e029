/** Building blocks of the schema whose messages all read `expected X, got Y. Fix.` */
import * as v from 'valibot'
import { printValue } from '../util/printValue'

/** A message of the form that all share. */
export function message(expected: string, fix: string) {
  return (issue: { readonly input: unknown }) =>
    `expected ${expected}, got ${printValue(issue.input)}. ${fix}`
}

/** A whole number in [min, max]. */
export function integer(min: number, max: number) {
  const text = message(`a whole number from ${min} to ${max}`, 'Choose one in that range.')
  return v.pipe(v.number(text), v.integer(text), v.minValue(min, text), v.maxValue(max, text))
}

/** A finite number in [min, max]. */
export function real(min: number, max: number) {
  const text = message(`a number from ${min} to ${max}`, 'Choose one in that range.')
  return v.pipe(v.number(text), v.finite(text), v.minValue(min, text), v.maxValue(max, text))
}

/** A number in (0, max]. */
export function positive(max: number) {
  const text = message(`a number above 0 and at most ${max}`, 'Choose one in that range.')
  return v.pipe(v.number(text), v.finite(text), v.gtValue(0, text), v.maxValue(max, text))
}

/** A number in [0, 1). */
export function fractionBelowOne() {
  const text = message('a number from 0 to below 1', 'Choose one in that range.')
  return v.pipe(v.number(text), v.finite(text), v.minValue(0, text), v.ltValue(1, text))
}

/** An entry that is true or false. */
export function flag() {
  return v.boolean(message('true or false', 'Choose one of the two.'))
}

/** Text of at most `max` characters. */
export function text(max: number) {
  const wording = message(`text of at most ${max} characters`, 'Shorten it.')
  return v.pipe(v.string(wording), v.maxLength(max, wording))
}

/** Exactly one of the given words or numbers. */
export function oneOf<const T extends readonly (string | number)[]>(choices: T) {
  return v.picklist(choices, message(`one of ${choices.join(', ')}`, 'Choose one of them.'))
}

/** An object with these entries and no others: a misspelt name is told before the entry that it leaves missing. */
export function object<const T extends v.ObjectEntries>(entries: T) {
  const names = Object.keys(entries)
  const notObject = ({ input }: { readonly input: unknown }) =>
    `expected an object, got ${printValue(input)}. Use { … }.`
  const wording = (issue: v.BaseIssue<unknown>) => {
    if (issue.expected === 'never')
      return `expected only the entries ${names.join(', ')}, got another one. Remove it or correct its name.`
    return issue.expected === 'Object' ? notObject(issue) : 'expected a value, got nothing. Add this entry.'
  }
  const schema = v.strictObject(entries, wording)
  const named = v.pipe(
    // To the language a list is an object too.
    v.custom((value) => !Array.isArray(value), notObject),
    v.strictObject(Object.fromEntries(names.map((name) => [name, v.optional(v.unknown())])), wording),
  )
  const parse: v.GenericSchema['~run'] = ({ value }, config) => {
    const { issues } = named['~run']({ value }, config)
    return issues ? { typed: false, value, issues } : schema['~run']({ value }, config)
  }
  return { ...schema, '~run': parse as (typeof schema)['~run'] }
}

/** An object of one of several kinds, told apart by the entry `key`. */
export function variant<const K extends string, const T extends v.VariantOptions<K>>(key: K, options: T) {
  return v.variant(key, options, (issue) =>
    issue.expected === 'Object'
      ? `expected an object, got ${printValue(issue.input)}. Use { ${key}: … }.`
      : `expected one of ${issue.expected.replace(/[()"]/g, '').replaceAll(' | ', ', ')}, ` +
        `got ${printValue(issue.input)}. Choose one of them.`,
  )
}

/** A list of `min` to `max` entries; the entries of a longer one are not looked at. */
export function list<const T extends v.GenericSchema>(item: T, min: number, max: number) {
  const expected = `a list of ${min} to ${max} entries`
  const wording = (issue: { readonly input: unknown }) =>
    Array.isArray(issue.input)
      ? `expected ${expected}, got ${issue.input.length}. Add or remove entries.`
      : `expected ${expected}, got ${printValue(issue.input)}. Use [ … ].`
  const isOfLength = (value: unknown) => Array.isArray(value) && value.length >= min && value.length <= max
  return v.pipe(v.custom<unknown[]>(isOfLength, wording), v.array(item, wording), v.readonly())
}
