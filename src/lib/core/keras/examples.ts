/** Checks and layout of the arrays that `fit`, `evaluate` and `predict` are called with. */
import { at, last } from '../util/at'
import { takeBatch, takeRows } from '../data/batches'
import type { NdArray } from '../data/types'
import { toArrayOf, type ArrayData } from './arrays'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import { fitsShape, openSize, printShape, sizeOf, type Shape } from '../util/shapes'
import type { Loss } from './loss'
import { matchLabelShape } from './losses'
import type { OutputInfo } from './objective'
import type { Batch } from './stepRunner'

/** One array, a list with one for each input or output, or arrays by the names of these. */
export type Arrays = ArrayData | readonly ArrayData[] | Readonly<Record<string, ArrayData>>

/** A weight for each class, by its number. */
export type ClassWeight = Readonly<Record<number, number>>

/** An input of a model, or an output: its shape is null while nothing has settled it. */
interface Place {
  readonly name: string
  readonly shape: Shape | null
}

/** An output and the loss that its labels are for; null where the program's own step knows what to do with them. */
export interface LabelledOutput extends OutputInfo {
  readonly loss: Loss | null
}

/** The arrays of all inputs in order. Throws unless they are arrays of equally many examples, of the inputs' shapes. */
export function inputArrays(where: string, x: Arrays, inputs: readonly Place[]): NdArray[] {
  const arrays = inOrder(where, 'x', x, inputs).map((array, index) =>
    withLastAxis(array, inputs[index]?.shape),
  )
  for (const [index, array] of arrays.entries()) {
    const name = nameOf('x', inputs, index)
    assertArray(where, name, array)
    assertShape(where, name, array, inputs[index]?.shape ?? null)
    if (array.shape[0] === arrays[0]?.shape[0]) continue
    throw new ShapeError(
      `${where}: expected as many examples for each input, got ${arrays[0]?.shape[0]} and ${array.shape[0]}. ` +
        'Pass arrays of the same split.',
    )
  }
  return arrays
}

/**
 * The labels of all outputs as their losses take them: checked, shaped like the output, float32, or int32 where
 * labels are class numbers.
 */
export function labelArrays(
  where: string,
  y: Arrays | null,
  outputs: readonly LabelledOutput[],
  examples: number,
): NdArray[] {
  const arrays = inOrder(where, 'y', y, outputs)
  return outputs.flatMap((output, index) => {
    const array = arrays[index]
    assertArray(where, nameOf('y', outputs, index), array)
    if (array.shape[0] !== examples) {
      throw new ShapeError(
        `${where}: expected as many labels as examples, got ${examples} examples and ${array.shape[0]} labels. ` +
          'Pass x and y of the same split.',
      )
    }
    return [output.loss ? labelsFor(where, array, output.loss, output.shape) : array]
  })
}

/** The weight of each example's class. Throws ArgumentError where labels are no classes. Source: keras.Model.fit, class_weight. */
export function classWeights(labels: readonly NdArray[], classWeight: ClassWeight): NdArray {
  const [y] = labels
  if (!y || labels.length > 1 || y.shape.length > 2) {
    throw new ArgumentError(
      'fit: expected classWeight for a model with one output of classes, got another one. Leave classWeight out.',
    )
  }
  const [count = 0, width = 1] = y.shape
  const values = Float32Array.from(
    { length: count },
    (_, row) => classWeight[classOf(y.values, row, width)] ?? 1,
  )
  return { values, shape: [count], dtype: 'float32' }
}

/** The first examples to train on and the last `fraction` to validate on, before any shuffling, as in Keras. */
export function splitLast(all: Batch, fraction: number): { training: Batch; validation: Batch } {
  const count = all.inputs[0]?.shape[0] ?? 0
  const trained = Math.floor(count * (1 - fraction))
  if (!(fraction > 0 && fraction < 1) || trained < 1 || trained >= count) {
    throw new ArgumentError(
      `fit: expected validationSplit to leave examples on both sides of ${count}, got ${fraction}. Use a share such as 0.2.`,
    )
  }
  const rows = Array.from({ length: count }, (_, row) => row)
  return { training: rowsOf(all, rows.slice(0, trained)), validation: rowsOf(all, rows.slice(trained)) }
}

/** The given rows of every array. */
export function rowsOf({ inputs, labels, weights }: Batch, rows: ArrayLike<number>): Batch {
  const taken = (array: NdArray) => takeRows(array, rows)
  return { inputs: inputs.map(taken), labels: labels.map(taken), weights: weights && taken(weights) }
}

/** The same as a batch: sequences of a ragged array, then all of one length, are cut to it. */
export function batchOf({ inputs, labels, weights }: Batch, rows: ArrayLike<number>): Batch {
  const taken = (array: NdArray) => takeBatch(array, rows)
  return { inputs: inputs.map(taken), labels: labels.map(taken), weights: weights && taken(weights) }
}

/** Shape of one example; the length of sequences is open in a ragged array. */
export function exampleShapeOf({ shape, lengths }: NdArray): Shape {
  return lengths === undefined ? shape.slice(1) : [openSize, ...shape.slice(2)]
}

/** Numbers [n] for inputs of shape [1] are taken as [n, 1], as in Keras. */
function withLastAxis(array: NdArray, shape: Shape | null | undefined): NdArray {
  const given: Partial<NdArray> | undefined = array
  const isOneLess = shape?.at(-1) === 1 && given.shape?.length === shape.length
  return isOneLess ? { ...array, shape: [...array.shape, 1] } : array
}

function classOf(values: ArrayLike<number>, row: number, width: number): number {
  // Fractions are left out, as in Keras.
  if (width === 1) return Math.trunc(at(values, row))
  let best = 0
  for (let column = 1; column < width; column++) {
    if (at(values, row * width + column) > at(values, row * width + best)) best = column
  }
  return best
}

function inOrder(where: string, name: string, given: Arrays | null, places: readonly Place[]): NdArray[] {
  if (Array.isArray(given)) {
    const list = given as readonly ArrayData[]
    // A list for the one array that is wanted may be its examples.
    if (places.length === 1 && !isArray(list[0])) return [toArrayOf(list as ArrayData)]
    if (list.length === places.length) return list.map(toArrayOf)
    throw new ArgumentError(
      `${where}: expected ${places.length} arrays for ${name}, got ${given.length}. Give one for each ${placeName(name)}.`,
    )
  }
  if (isByName(given)) {
    return places.map((place) => {
      const array = given[place.name]
      if (array !== undefined) return toArrayOf(array)
      throw new ArgumentError(
        `${where}: expected ${name} with '${place.name}', got ${Object.keys(given).join(', ')}. Use the names of the ${placeName(name)}s.`,
      )
    })
  }
  if (places.length === 1)
    return [isArray(given) || ArrayBuffer.isView(given) ? toArrayOf(given) : (given as unknown as NdArray)]
  throw new ArgumentError(
    `${where}: expected ${places.length} arrays for ${name}, got one. Give a list with one for each ${placeName(name)}.`,
  )
}

function placeName(name: string): string {
  return name === 'x' ? 'input' : 'output'
}

/** Whether it is an array with a shape. */
function isArray(given: unknown): given is NdArray {
  return isObject(given) && 'values' in given && 'shape' in given
}

function isByName(given: Arrays | null): given is Readonly<Record<string, ArrayData>> {
  return isObject(given) && !('values' in given) && !('shape' in given)
}

/** What a program passes may be anything. */
function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null
}

function nameOf(name: string, places: readonly Place[], index: number): string {
  return places.length > 1 ? `${name} of '${places[index]?.name ?? ''}'` : name
}

function assertShape(where: string, name: string, x: NdArray, shape: Shape | null): void {
  if (!shape || fitsShape(exampleShapeOf(x), shape)) return
  if (x.lengths !== undefined && fitsShape(x.shape.slice(1), shape)) {
    throw new ShapeError(
      `${where}: expected ${name} of sequences of one length, got a ragged array. ` +
        `Write Input({ shape: ${printShape([openSize, ...shape.slice(1)])} }), or ask the dataset for padded: true.`,
    )
  }
  throw new ShapeError(
    `${where}: expected ${name} of shape ${printShape([at(x.shape, 0), ...shape])}, got ${printShape(x.shape)}. ` +
      "Change Input's shape or the data.",
  )
}

function labelsFor(where: string, y: NdArray, loss: Loss, outputShape: Shape): NdArray {
  const shape = matchLabelShape(where, loss, y.shape, outputShape)
  if (!loss.takesClassNumbers) return { values: Float32Array.from(y.values), shape, dtype: 'float32' }
  assertClasses(where, y, last(outputShape))
  return { values: Int32Array.from(y.values), shape, dtype: 'int32' }
}

function assertArray(where: string, name: string, given: NdArray | undefined): asserts given is NdArray {
  const array: Partial<NdArray> | undefined = given
  const size = array?.shape ? sizeOf(array.shape) : -1
  if (array?.values?.length === size && size > 0) return
  const got = array?.shape ? `shape ${printShape(array.shape)}` : describeValue(given, 60)
  throw new ArgumentError(
    `${where}: expected ${name} to be an array with examples, got ${got}. Pass ${name} of a dataset from 'tandem/data'.`,
  )
}

function assertClasses(where: string, y: NdArray, classes: number): void {
  const wrong = y.values.find((value) => !Number.isInteger(value) || value < 0 || value >= classes)
  if (wrong === undefined) return
  throw new ArgumentError(
    `${where}: expected class numbers from 0 to ${classes - 1}, got ${wrong}. Give the last layer one unit per class.`,
  )
}
