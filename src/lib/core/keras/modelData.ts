/** What a model makes of the arrays that it is given: checked batches of all examples. */
import type { NdArray } from '../data/types'
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { toArrayOf, type ArrayData } from './arrays'
import {
  classWeights,
  exampleShapeOf,
  inputArrays,
  labelArrays,
  splitLast,
  type Arrays,
  type ClassWeight,
  type LabelledOutput,
} from './examples'
import type { Network } from './layerGraph'
import type { Objective, OutputInfo } from './objective'
import type { Batch } from './stepRunner'

/** Arrays as a program gives them. */
export interface GivenData {
  readonly x: Arrays
  readonly y: Arrays | null
  readonly sampleWeight?: ArrayData | null
  readonly classWeight?: ClassWeight | null
}

/** A model's outputs under the names of their layers. */
export function outputInfos({ outputs }: Network): OutputInfo[] {
  return outputs.map(({ name, producer, exampleShape }) => {
    return { name: producer?.layer.name ?? name, shape: exampleShape }
  })
}

/** The arrays of the inputs, checked; the first ones settle shapes that are open. */
export function inputsOf(network: Network, where: string, x: Arrays): NdArray[] {
  const open = [{ name: '', shape: null }]
  const places = network.inputs.map(({ name, exampleShape }) => ({ name, shape: exampleShape }))
  const arrays = inputArrays(where, x, places.length > 0 ? places : open)
  network.build(where, arrays.map(exampleShapeOf))
  return arrays
}

/** Inputs and labels, checked, with a weight for each example where there are any; `objective` is asked after the inputs. */
export function labelled(
  network: Network,
  objective: () => Objective,
  where: string,
  { x, y, sampleWeight = null, classWeight = null }: GivenData,
): Batch {
  const inputs = inputsOf(network, where, x)
  const { losses } = objective()
  const outputs = outputInfos(network).map((info, index): LabelledOutput => ({
    ...info,
    loss: losses[index] ?? null,
  }))
  const labels = labelArrays(where, y, outputs, inputs[0]?.shape[0] ?? 0)
  if (sampleWeight !== null && classWeight !== null) {
    throw new ArgumentError(
      `${where}: expected classWeight or sampleWeight, got both. Multiply them into sampleWeight.`,
    )
  }
  const weights = classWeight ? classWeights(labels, classWeight) : weightArray(where, sampleWeight, inputs)
  return { inputs, labels, weights }
}

function weightArray(
  where: string,
  sampleWeight: ArrayData | null,
  inputs: readonly NdArray[],
): NdArray | null {
  if (sampleWeight === null) return null
  const weights = toArrayOf(sampleWeight)
  const examples = inputs[0]?.shape[0] ?? 0
  if (weights.values.length === examples) return { ...weights, shape: [examples] }
  throw new ArgumentError(
    `${where}: expected sampleWeight with one number for each of ${examples} examples, got ${weights.values.length}. ` +
      'Pass an array [n].',
  )
}

/** What `fit` trains and validates on. */
export interface Prepared {
  readonly training: Batch
  readonly validation: Batch | null
}

/** Data of `fit`, as `batch` checks them. Weights of classes are for training; those of examples are theirs. */
export function prepared(
  batch: (where: string, data: GivenData) => Batch,
  given: GivenData & {
    readonly validationData: readonly [x: Arrays, y: Arrays, sampleWeight?: ArrayData] | null
    readonly validationSplit: number
  },
): Prepared {
  const all = batch('fit', given)
  const { validationData, validationSplit } = given
  if (validationData) {
    const [x, y, sampleWeight = null] = validationDataOf(validationData)
    return { training: all, validation: batch('fit validationData', { x, y, sampleWeight }) }
  }
  if (validationSplit === 0) return { training: all, validation: null }
  const { training, validation } = splitLast(all, validationSplit)
  return { training, validation: given.classWeight ? { ...validation, weights: null } : validation }
}

function validationDataOf(
  given: readonly unknown[],
): readonly [x: Arrays, y: Arrays, sampleWeight?: ArrayData] {
  if (Array.isArray(given) && (given.length === 2 || given.length === 3))
    return given as unknown as readonly [x: Arrays, y: Arrays, sampleWeight?: ArrayData]
  throw new ArgumentError(
    `fit: expected validationData as [x, y] or [x, y, sampleWeight], got ${describeValue(given, 60)}. Write validationData: [test.x, test.y].`,
  )
}
