/** Host arrays to tensors and back. */
import { at } from '../util/at'
import type { NdArray } from '../data/types'
import { madeFrom } from '../eager/hostValues'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'

/** Numbers in lists in lists, all of one length at each depth. */
export type NestedNumbers = number | boolean | readonly NestedNumbers[] | TypedNumbers

/** Numbers in a row. */
export type TypedNumbers = Float32Array | Float64Array | Int32Array | Uint8Array

/** An array, or nested lists of numbers of one length at each depth. */
export type ArrayData = NdArray | NestedNumbers

/** The array that `given` is, or that its lists describe: float32. Throws ShapeError for lists of different lengths. */
export function toArrayOf(given: ArrayData): NdArray {
  if (typeof given === 'number' || typeof given === 'boolean' || isList(given)) {
    const { shape, values } = readNested('array', given)
    return { values: Float32Array.from(values, Number), shape, dtype: 'float32' }
  }
  if (!Array.isArray(given.values)) return given
  return { ...given, values: Float32Array.from(given.values as readonly number[]) }
}

/** Shape and values of nested lists. Throws ShapeError for lists of different lengths, ArgumentError for what is no number. */
export function readNested(
  where: string,
  given: NestedNumbers,
): { readonly shape: number[]; readonly values: (number | boolean)[] } {
  const shape: number[] = []
  for (let each: NestedNumbers | undefined = given; isList(each); each = each[0]) shape.push(each.length)
  const values: (number | boolean)[] = []
  const visit = (each: NestedNumbers, depth: number): void => {
    if (isList(each) && each.length === shape[depth]) {
      for (const part of each) visit(part, depth + 1)
    } else if (isNumber(each) && depth === shape.length) {
      values.push(each)
    } else throw uneven(where, shape, depth, each)
  }
  visit(given, 0)
  return { shape, values }
}

function uneven(where: string, shape: readonly number[], depth: number, found: unknown): Error {
  if (!isList(found) && !isNumber(found)) {
    return new ArgumentError(
      `${where}: expected numbers in lists, got ${describeValue(found, 60)}. Turn it into a number first.`,
    )
  }
  const length = isList(found) ? `a list of ${found.length}` : `the number ${String(found)}`
  const expected = depth < shape.length ? `${at(shape, depth)}` : 'numbers alone'
  return new ShapeError(
    `${where}: expected lists of one length at each depth, here ${expected}, got ${length}. Fill up the shorter ones.`,
  )
}

function isNumber(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

/** A list, or numbers in a row such as those of a Float32Array. */
export function isList(given: unknown): given is readonly NestedNumbers[] | TypedNumbers {
  return Array.isArray(given) || (ArrayBuffer.isView(given) && !(given instanceof DataView))
}

/** A tensor with the array's values, shape and dtype; belongs to the caller's scope. */
export function toTensor(array: NdArray): tf.Tensor {
  return madeFrom(array.values, tf.tensor(array.values, [...array.shape], array.dtype))
}

/** Reads a tensor back. */
export async function toArray(tensor: tf.Tensor): Promise<NdArray> {
  const isInteger = tensor.dtype === 'int32'
  const read = await readBack(tensor)
  const values = isInteger ? Int32Array.from(read) : Float32Array.from(read)
  return { values, shape: tensor.shape, dtype: isInteger ? 'int32' : 'float32' }
}

/** Overwrites a variable with row-major values of its size. */
export function assignValues(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
}
