/** What `fit` can be told, checked. */
import type { ArrayData } from './arrays'
import type { Callback } from './callbacks'
import type { Arrays, ClassWeight } from './examples'
import { assertPositiveInteger } from './layers/layer'
import { assertOptions } from './names'

export interface BatchOptions {
  readonly batchSize?: number
}

export interface EvaluateOptions extends BatchOptions {
  /** Batches to stop after; all when left out. */
  readonly steps?: number
}

export interface FitOptions extends BatchOptions {
  readonly epochs?: number
  readonly shuffle?: boolean
  /** Examples and labels that are evaluated after every epoch. */
  readonly validationData?: readonly [x: Arrays, y: Arrays]
  /** Share of the last examples to validate on instead of training on them. */
  readonly validationSplit?: number
  /** Batch size of the validation; `batchSize` when left out. */
  readonly validationBatchSize?: number
  /** Batches of the validation data to stop after; all when left out. */
  readonly validationSteps?: number
  /** Epochs from one validation to the next; 1 when left out. */
  readonly validationFreq?: number
  /** Factor of the loss of each class's examples, 1 where there is none: `{ 0: 1, 1: 5 }`. */
  readonly classWeight?: ClassWeight
  /** A factor of the loss of each example, [n]. */
  readonly sampleWeight?: ArrayData
  /** Batches of an epoch at most; epochs then go on where the last one ended. One pass through the data when left out. */
  readonly stepsPerEpoch?: number
  readonly callbacks?: readonly Callback[]
  /** Makes no difference: the page shows progress, and `history` has the figures. */
  readonly verbose?: unknown
  /** Epoch to go on from, counted from 0. */
  readonly initialEpoch?: number
}

const known: readonly (keyof FitOptions)[] = [
  'batchSize',
  'epochs',
  'shuffle',
  'validationData',
  'validationSplit',
  'validationBatchSize',
  'validationSteps',
  'validationFreq',
  'classWeight',
  'sampleWeight',
  'stepsPerEpoch',
  'callbacks',
  'verbose',
  'initialEpoch',
]

/** Throws ArgumentError for an option that `fit` does not have, and for counts that are none. */
export function assertFitOptions(options: FitOptions): void {
  assertOptions('fit', options, known)
  for (const name of ['stepsPerEpoch', 'validationBatchSize', 'validationSteps', 'validationFreq'] as const) {
    const value = options[name]
    if (value !== undefined) assertPositiveInteger('fit', name, value)
  }
}
