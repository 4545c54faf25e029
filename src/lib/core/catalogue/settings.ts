/** One setting of a layer or an optimizer: its entry in the schema and its field on the page, made from the same bounds. */
import * as v from 'valibot'
import type { PerStyle } from './dialect'
import { printDefault } from './dialect'
import { flag, integer, object, oneOf, positive, real, fractionBelowOne } from './fields'

/** What a number field takes. */
export interface NumberBounds {
  readonly min: number
  readonly max: number
  readonly isInteger?: boolean | undefined
  /** Whether `min` itself is allowed; it is unless said otherwise. */
  readonly isMinExcluded?: boolean | undefined
}

/** What a setting may hold; undefined is a default that is left to the framework. */
export type SettingValue = number | string | boolean | undefined

/** Entries that have no field may hold anything. */
export type SettingValues = Readonly<Record<string, unknown>>

interface Common {
  readonly label: string
  readonly title?: string
}

interface NumberField extends Common, NumberBounds {
  readonly kind: 'number'
  /** May be emptied: the placeholder then says what counts. */
  readonly placeholder?: (values: SettingValues) => string
}

interface ChoiceField extends Common {
  readonly kind: 'choice'
  readonly choices: readonly string[]
}

interface FlagField extends Common {
  readonly kind: 'flag'
}

type SettingField = NumberField | ChoiceField | FlagField

/** A field and the entry that it changes. */
export type Setting = SettingField & { readonly key: string }

/** An entry of a spec; `field` is null for one that the page sets elsewhere. */
export interface Entry<S extends v.GenericSchema> {
  readonly schema: S
  readonly field: SettingField | null
}

/** Entries by name, in the order of the spec and of the page. */
export type Entries = Readonly<Record<string, Entry<v.GenericSchema>>>

/** The schema of a spec's object: `key` tells its kind, and the entries follow. */
export type ObjectOf<K extends string, T extends string, E extends Entries> = ReturnType<
  typeof object<
    { readonly [P in K]: v.LiteralSchema<T, undefined> } & { readonly [P in keyof E]: E[P]['schema'] }
  >
>

type DeepReadonly<T> = T extends object ? { readonly [P in keyof T]: DeepReadonly<T[P]> } : T

/** What a schema reads, made unchangeable. */
export type ReadBy<S extends v.GenericSchema> = DeepReadonly<v.InferOutput<S>>

/** The values of the entries. */
export type ValuesOf<E extends Entries> = ReadBy<
  ReturnType<typeof object<{ readonly [P in keyof E]: E[P]['schema'] }>>
>

/** The object's schema. */
export function objectOf<const K extends string, const T extends string, E extends Entries>(
  key: K,
  kind: T,
  entries: E,
): ObjectOf<K, T, E> {
  const schemas = Object.entries(entries).map(([name, { schema }]) => [name, schema])
  // Object.fromEntries forgets the names.
  return object({ [key]: v.literal(kind), ...Object.fromEntries(schemas) }) as ObjectOf<K, T, E>
}

/** The fields of those entries that have one. */
export function settingsOf(entries: Entries): readonly Setting[] {
  return Object.entries(entries).flatMap(([key, { field }]) => (field === null ? [] : [{ ...field, key }]))
}

/** A record of a type: its facts, with the schema and the fields that its entries make. */
export function recordOf<const T extends string, E extends Entries, F extends { readonly fresh: object }>(
  type: T,
  entries: E,
  facts: F,
) {
  return {
    ...facts,
    type,
    fresh: { type, ...facts.fresh } as F['fresh'] & { readonly type: T },
    schema: objectOf('type', type, entries),
    settings: settingsOf(entries),
  }
}

/** An entry that has no plain field on the page. */
export function setElsewhere<const S extends v.GenericSchema>(schema: S): Entry<S> {
  return { schema, field: null }
}

/** A whole number from `min` to `max`. */
export function whole(label: string, max: number, title?: string, min = 1) {
  return numberEntry(integer(min, max), { min, max, isInteger: true }, label, title)
}

/** A number from 0 to `max`. */
export function upTo(label: string, max: number, title?: string) {
  return numberEntry(real(0, max), { min: 0, max }, label, title)
}

/** A number from 0 to below 1; the page stops at `last`. */
export function belowOne(label: string, last: number, title?: string) {
  return numberEntry(fractionBelowOne(), { min: 0, max: last }, label, title)
}

/** A number above 0, at most `max`. */
export function above0(label: string, max: number, title?: string) {
  return numberEntry(positive(max), { min: 0, max, isMinExcluded: true }, label, title)
}

function numberEntry<S extends v.GenericSchema>(
  schema: S,
  bounds: NumberBounds,
  label: string,
  title?: string,
): Entry<S> {
  return { schema, field: { kind: 'number', label, ...bounds, ...(title !== undefined && { title }) } }
}

/** One of some words. */
export function choice<const C extends readonly string[]>(label: string, choices: C) {
  const field = { kind: 'choice', label, choices } as const
  return { schema: oneOf(choices), field }
}

/** True or false. */
export function toggle(label: string, title?: string) {
  const field = { kind: 'flag', label, ...(title !== undefined && { title }) } as const
  return { schema: flag(), field }
}

/** An entry that is `value` where it is left out. */
export function withDefault<const S extends v.GenericSchema, const D extends v.InferInput<S>>(
  { schema, field }: Entry<S>,
  value: D,
): Entry<v.OptionalSchema<S, D>> {
  return { schema: v.optional(schema, value), field }
}

/** An entry that may be left out; its empty field says what counts then. */
export function withoutDefault<const S extends v.GenericSchema>(
  { schema, field }: Entry<S>,
  placeholder: (values: SettingValues) => string,
  title?: string,
): Entry<v.OptionalSchema<S, undefined>> {
  const asField =
    field?.kind === 'number' ? { ...field, placeholder, ...(title !== undefined && { title }) } : field
  return { schema: v.optional(schema), field: asField }
}

/** An entry that each framework has a default of its own for. */
export function leftToFrameworks<const S extends v.GenericSchema>(
  entry: Entry<S>,
  { keras, torch }: PerStyle,
): Entry<v.OptionalSchema<S, undefined>> {
  const [ofKeras, ofTorch] = [printDefault(keras), printDefault(torch)]
  return withoutDefault(
    entry,
    () => `${ofKeras} / ${ofTorch}`,
    `Empty: each framework's own default, ${ofKeras} in Keras and ${ofTorch} in PyTorch`,
  )
}
