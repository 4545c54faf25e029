/** Tensors inside of arrays and plain objects: what compiled functions are given and give back. */
import { programLine } from '../eager/origin'
import { isPlainObject } from '../util/plainObject'
import { ArgumentError } from '../util/errors'
import { Tensor } from './tensor'

/** What a compiled function may return: a tensor, or an array or object of such. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [key: string]: TensorTree }

/** How tensors are put back into what the function returned: positions in the list of results. */
export type Structure = number | readonly Structure[] | { readonly [key: string]: Structure }

/** The same value with other things in the place of its tensors: of itself, or at any depth of arrays and plain objects. */
export function withTensors(value: unknown, replace: (tensor: Tensor) => unknown): unknown {
  if (value instanceof Tensor) return replace(value)
  if (Array.isArray(value)) return value.map((entry) => withTensors(entry, replace))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withTensors(entry, replace)]))
}

/** Adds the tensors to `results`; gives their places. Throws ArgumentError, naming the function, for anything else. */
export function flatten(name: string, value: unknown, results: Tensor[]): Structure {
  if (value instanceof Tensor) return results.push(value) - 1
  if (Array.isArray(value)) return value.map((entry: unknown) => flatten(name, entry, results))
  if (value === undefined || value === null) return []
  if (value instanceof Promise) {
    // Its rejection is the traced error that the trace itself reports.
    value.catch(() => undefined)
    throw new ArgumentError(
      `${name}: expected a plain function, got an async one on line ${programLine()}. ` +
        'Values cannot be awaited inside a compiled step: return the tensor and await it outside.',
    )
  }
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, flatten(name, entry, results)]),
    )
  }
  throw new ArgumentError(
    `${name}: expected a tensor, or an array or object of tensors, to be returned, got a ${typeof value}. ` +
      'A number would be the same at every step.',
  )
}

/** What `flatten` took apart, of the tensors that `make` gives for each place. */
export function unflatten(structure: Structure, make: (index: number) => Tensor): TensorTree {
  if (typeof structure === 'number') return make(structure)
  if (Array.isArray(structure))
    return (structure as readonly Structure[]).map((entry) => unflatten(entry, make))
  const entries = Object.entries(structure as Readonly<Record<string, Structure>>)
  return Object.fromEntries(entries.map(([key, entry]) => [key, unflatten(entry, make)]))
}
