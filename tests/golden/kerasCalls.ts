/** Calls of the fixtures of makeKerasFixtures.py, made with 'tandem/keras'. */
import type { NdArray } from '../../src/lib/core/data/types'
import { tf } from '../../src/lib/core/eager/tfjs'
import * as keras from '../../src/lib/core/keras'

/** A class or function of ours and its arguments, options at the end. */
export type Call = readonly [name: string, ...args: unknown[]]

export interface Values {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** What a path such as `optimizers.schedules` leads to, with a name in it. */
function find(path: string, name: string): unknown {
  const owner = path.split('.').reduce<object>((module, part) => Reflect.get(module, part) as object, keras)
  const found: unknown = Reflect.get(owner, name)
  if (found === undefined) throw new Error(`the fixtures name ${path}.${name}, which is not there`)
  return found
}

/** An object among the arguments of another one. */
function argument(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if ('made' in value) return make(...(value.made as [string, ...Call]))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, argument(each)]))
}

/** `new keras.path.Name(…)`, or what a function of that name gives. */
export function make<T>(path: string, ...[name, ...args]: Call): T {
  const given = args.map(argument)
  if (!/^[A-Z]/.test(name)) return call<T>(path, name, given)
  const Class = find(path, name) as new (...args: unknown[]) => T
  return new Class(...given)
}

/** What a function gives. */
export function call<T>(path: string, name: string, args: readonly unknown[]): T {
  const run = find(path, name) as (...args: unknown[]) => T
  return run(...args)
}

/** Cases with their text as a name. */
export const titled = <T>(list: readonly T[], titleOf: (each: T) => unknown) =>
  list.map((each) => [JSON.stringify(titleOf(each)), each] as const)

/** The values as an array of float32. */
export const arrayOf = ({ shape, values }: Values): NdArray => ({
  shape,
  values: Float32Array.from(values),
  dtype: 'float32',
})

/** The values as a tensor. */
export const tensorOf = ({ shape, values }: Values): tf.Tensor => tf.tensor([...values], [...shape])
