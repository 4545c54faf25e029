/** What weights, checkpoints and what a meter compares look like when they come from a lane. */
import type { RandomCounters } from '../core/nn/randomState'
import type { RecurrentPart, Weight } from '../core/nn/weights'
import type { OptimizerState } from '../core/optim/optimizer'
import { limits } from '../core/util/laneLimits'
import {
  anyNumber,
  count,
  fields,
  finiteNumber,
  lengthOf,
  list,
  numbers,
  oneOf,
  optional,
  orNull,
  record,
  text,
  truth,
  type Problem,
} from './checks'
import type { Checkpoint, ModelWeights } from './protocol'

/** The name of a weight. */
export const name = text(limits.name)

const mostAxes = 16

/** A shape. */
export const shape = list(count, mostAxes)

/** How many numbers a shape holds. */
export function sizeOf(axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * axis, 1)
}

const weight = fields<Weight>(
  {
    name,
    shape,
    values: numbers(Float32Array),
    flattenedFrom: optional(list(count, 3)),
    isEmbedding: optional(truth),
    recurrent: optional(
      fields<RecurrentPart>({
        cell: oneOf('simpleRnn', 'lstm', 'gru', 'gruResetBefore'),
        part: oneOf('kernel', 'bias'),
      }),
    ),
  },
  (one) => lengthOf('.values', one.values.length, sizeOf(one.shape)),
)

/** The weights of a model. */
export const modelWeights = fields<ModelWeights>({
  layout: oneOf('keras', 'torch'),
  weights: list(weight, limits.weights),
})

const mostCalls = 1_000_000

const random = fields<RandomCounters>({
  seed: finiteNumber,
  initialisers: count,
  dropouts: count,
  dropoutCalls: list(count, mostCalls),
  draws: optional(count),
})

/** Slots of a variable: an optimizer has at most a few. */
const mostSlots = 8 * limits.weights

const optimizer = fields<OptimizerState>({
  iterations: count,
  steps: list(count, limits.weights),
  slots: list(orNull(numbers(Float32Array)), mostSlots),
  schedule: optional(
    fields<NonNullable<OptimizerState['schedule']>>({
      learningRates: list(anyNumber, limits.weights),
      schedulers: list(record(anyNumber, 100), 1000),
    }),
  ),
})

/** Where a run stands. */
export const checkpoint = fields<Checkpoint>({
  step: count,
  // A program's own figure.
  epoch: anyNumber,
  batches: count,
  trainedMs: finiteNumber,
  weights: modelWeights,
  trainable: list(name, limits.weights),
  optimizer: orNull(optimizer),
  random,
})

/** Says in one sentence what is wrong; `where` is who reads. */
export function printProblem(where: string, { at, expected, got }: Problem): string {
  return `${where}: expected ${expected}${at === '' ? '' : ` at ${at.slice(1, 1 + limits.name)}`}, got ${got}.`
}
