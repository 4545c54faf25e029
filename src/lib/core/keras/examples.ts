/** Checks and layout of the arrays that `fit`, `evaluate` and `predict` are called with. */
import { takeRows } from '../data/batches'
import type { NdArray, Split } from '../data/types'
import { ArgumentError, ShapeError } from '../util/errors'
import { isSameShape, printShape, sizeOf, type Shape } from '../util/shapes'
import { matchLabelShape, type Loss } from './losses'

/** Throws unless `x` is an array of examples, of `inputShape` where that is settled. */
export function assertInputs(where: string, x: NdArray, inputShape: Shape | null): void {
  assertArray(where, 'x', x)
  if (!inputShape || isSameShape(x.shape.slice(1), inputShape)) return
  throw new ShapeError(
    `${where}: expected x of shape ${printShape([x.shape[0] ?? 0, ...inputShape])}, got ${printShape(x.shape)}. ` +
      "Change Input's shape or the data.",
  )
}

/**
 * Examples with labels as the loss takes them: checked, shaped like the output, float32, or int32 where
 * labels are class numbers.
 */
export function labelled(where: string, { x, y }: Split, loss: Loss, outputShape: Shape): Split {
  assertArray(where, 'y', y)
  if (x.shape[0] !== y.shape[0]) {
    throw new ShapeError(
      `${where}: expected as many labels as examples, got ${x.shape[0]} examples and ${y.shape[0]} labels. ` +
        'Pass x and y of the same split.',
    )
  }
  const shape = matchLabelShape(where, loss, y.shape, outputShape)
  if (loss.accuracy !== 'sparse')
    return { x, y: { values: Float32Array.from(y.values), shape, dtype: 'float32' } }
  assertClasses(where, y, outputShape.at(-1) ?? 0)
  return { x, y: { values: Int32Array.from(y.values), shape, dtype: 'int32' } }
}

/** The first examples to train on and the last `fraction` to validate on, before any shuffling, as in Keras. */
export function splitLast({ x, y }: Split, fraction: number): { training: Split; validation: Split } {
  const count = x.shape[0] ?? 0
  const trained = Math.floor(count * (1 - fraction))
  if (!(fraction > 0 && fraction < 1) || trained < 1 || trained >= count) {
    throw new ArgumentError(
      `fit: expected validationSplit to leave examples on both sides of ${count}, got ${fraction}. Use a share such as 0.2.`,
    )
  }
  const rows = Array.from({ length: count }, (_, row) => row)
  const part = (some: readonly number[]) => ({ x: takeRows(x, some), y: takeRows(y, some) })
  return { training: part(rows.slice(0, trained)), validation: part(rows.slice(trained)) }
}

function assertArray(where: string, name: string, array: Partial<NdArray> | undefined): void {
  const size = array?.shape ? sizeOf(array.shape) : -1
  if (array?.values?.length === size && size > 0) return
  const got = array?.shape ? `shape ${printShape(array.shape)}` : typeof array
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
