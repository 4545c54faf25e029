/** What Keras functions take for a tensor: tensors, variables, arrays, numbers and nested lists of numbers. */
import type { NdArray } from '../data/types'
import { tf } from '../eager/tfjs'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import { isPlainObject } from '../util/plainObject'
import { isSameShape, printShape } from '../util/shapes'
import { isList, readNested, toArray, type NestedNumbers } from './arrays'

export type { NestedNumbers } from './arrays'

/** Something that has a variable: a weight of a model, or a `Variable`. */
export interface HasVariable {
  readonly variable: tf.Variable
}

/** A list may also hold tensors of one shape, which are stacked. */
export type TensorLike = tf.Tensor | HasVariable | NdArray | NestedNumbers | readonly TensorLike[]

/** The tensor that `value` is or has, or a new one in the caller's scope. Throws ArgumentError for anything else. */
export function toTensorOf(value: TensorLike): tf.Tensor {
  if (value instanceof tf.Tensor) return value
  if (hasVariable(value)) return value.variable
  if (isNdArray(value)) return tf.tensor(value.values, [...value.shape], value.dtype)
  if (Array.isArray(value) && value.some(isTensorInside)) return stacked(value as readonly TensorLike[])
  if (isNumberOrFlag(value) || isList(value)) {
    const { shape, values } = readNested('tensor', value)
    const isFlags = values.length > 0 && values.every((each) => typeof each === 'boolean')
    return tf.tensor(Float32Array.from(values, Number), shape, isFlags ? 'bool' : 'float32')
  }
  throw new ArgumentError(
    `tensor: expected a tensor, a variable, an array or numbers, got ${describeValue(value, 60)}. ` +
      "Pass a tensor of the model or data of 'tandem/data'.",
  )
}

/** Whether it can be a tensor; of a list that is seen when it is read. */
export function isTensorLike(value: unknown): value is TensorLike {
  return (
    value instanceof tf.Tensor ||
    isList(value) ||
    isNumberOrFlag(value) ||
    hasVariable(value) ||
    isNdArray(value)
  )
}

function stacked(list: readonly TensorLike[]): tf.Tensor {
  const tensors = list.map(toTensorOf)
  const [first] = tensors
  const other = tensors.find(({ shape }) => !isSameShape(shape, first?.shape ?? []))
  if (!other) return tf.stack(tensors)
  throw new ShapeError(
    `tensor: expected a list of tensors of one shape, got ${printShape(first?.shape ?? [])} and ${printShape(other.shape)}. ` +
      'Use ops.concatenate for parts of different length.',
  )
}

function isTensorInside(value: unknown): boolean {
  return (
    value instanceof tf.Tensor ||
    hasVariable(value) ||
    isNdArray(value) ||
    (Array.isArray(value) && value.some(isTensorInside))
  )
}

function isNumberOrFlag(value: unknown): value is number {
  return typeof value === 'number' || typeof value === 'boolean'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function hasVariable(value: unknown): value is HasVariable {
  return isObject(value) && 'variable' in value && value.variable instanceof tf.Tensor
}

function isNdArray(value: unknown): value is NdArray {
  return isObject(value) && 'values' in value && 'shape' in value && Array.isArray(value.shape)
}

/** The tf.Variable behind a weight. */
export function toVariable(weight: tf.Variable | HasVariable): tf.Variable {
  return weight instanceof tf.Variable ? weight : weight.variable
}

/** The same arguments without tensors. */
type OnHost<T> = { readonly [Name in keyof T]: Exclude<T[Name], tf.Tensor | HasVariable> }

/** The same arguments with arrays in the place of tensors, which are read from the backend; also in lists and objects. */
export async function onHost<T extends object>(given: T): Promise<OnHost<T>> {
  return (await readTensors(given)) as OnHost<T>
}

async function readTensors(value: unknown): Promise<unknown> {
  if (value instanceof tf.Tensor || hasVariable(value)) return toArray(toTensorOf(value))
  if (!hasTensors(value)) return value
  if (Array.isArray(value)) return Promise.all(value.map(readTensors))
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  return Object.fromEntries(
    await Promise.all(entries.map(async ([key, each]) => [key, await readTensors(each)] as const)),
  )
}

/** Whether there are tensors in it; rows of numbers are not gone through. */
function hasTensors(value: unknown): boolean {
  if (value instanceof tf.Tensor || hasVariable(value)) return true
  if (Array.isArray(value)) return isObject(value[0]) && value.some(hasTensors)
  return isPlainObject(value) && Object.values(value).some(hasTensors)
}
