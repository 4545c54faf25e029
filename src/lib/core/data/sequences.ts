/** What the generators of sequences share: options, lengths, padding, split. */
import { dataRecords, type KindsOf } from '../catalogue/data'
import { maxSequenceLength, paddingToken, sequenceDefaults } from '../catalogue/data/sequences'
import { maxSamples } from '../catalogue/data/sizes'
import { ArgumentError } from '../util/errors'
import { randomStream, type RandomSource } from '../util/random'
import { encodeLabels, splitSamples } from './split'
import type { Dataset, LabelEncoding, NdArray } from './types'

/** How sequences are drawn and given. */
export interface SequenceOptions {
  /** Number of sequences, train and test together. */
  readonly samples?: number
  /** Tokens of the shortest sequences. */
  readonly minLength?: number
  /** Tokens of the longest ones, at most 24. */
  readonly maxLength?: number
  /**
   * Zeros in front bring all sequences to `maxLength`, so that each ends with a token. Left out, x is ragged, and each batch
   * holds sequences of one length.
   */
  readonly padded?: boolean
  /** Share of the sequences that train, strictly between 0 and 1. */
  readonly trainFraction?: number
  /** Draws the tokens and the split. */
  readonly seed?: number
  /** Layout of the labels; `binary` for two classes and `index` for more where not given. */
  readonly labels?: LabelEncoding
}

/** Draws the `length` tokens, from 1 on, of a sequence of class `label`. */
export type DrawTokens = (label: number, length: number, random: RandomSource) => readonly number[]

/**
 * Sequences of int32 tokens with their classes. Classes take turns, and so do lengths, so that their counts differ by one at
 * most. Throws ArgumentError for options that no sequences can have.
 */
export function sequences(
  kind: KindsOf<'sequences'>,
  classes: number,
  options: SequenceOptions,
  draw: DrawTokens,
): Dataset {
  const { samples, minLength, maxLength, padded, trainFraction, seed } = completeOptions(kind, options)
  const random = randomStream(seed, 'data', kind)
  const values = new Int32Array(samples * maxLength).fill(paddingToken)
  const lengths = new Int32Array(samples)
  const labels = new Int32Array(samples)
  for (let row = 0; row < samples; row++) {
    const label = row % classes
    const length = minLength + (Math.floor(row / classes) % (maxLength - minLength + 1))
    const start = row * maxLength + (padded ? maxLength - length : 0)
    values.set(draw(label, length, random), start)
    lengths[row] = length
    labels[row] = label
  }
  const tokens = { values, shape: [samples, maxLength], dtype: 'int32' } as const
  const x: NdArray = padded ? tokens : { ...tokens, lengths }
  const encoding = options.labels ?? (classes === 2 ? 'binary' : 'index')
  return splitSamples({ x, y: encodeLabels(labels, classes, encoding, kind) }, trainFraction, seed)
}

function completeOptions(kind: KindsOf<'sequences'>, options: SequenceOptions) {
  const complete = { seed: 0, ...sequenceDefaults, ...options }
  const { samples, minLength, maxLength, trainFraction } = complete
  const fewest = dataRecords[kind].words.fewest
  if (!Number.isInteger(samples) || samples < 2 || samples > maxSamples) {
    throw new ArgumentError(
      `${kind}: expected samples from 2 to ${maxSamples}, got ${samples}. Pass samples: ${sequenceDefaults.samples}.`,
    )
  }
  if (!Number.isInteger(maxLength) || maxLength < fewest || maxLength > maxSequenceLength) {
    throw new ArgumentError(
      `${kind}: expected a maxLength from ${fewest} to ${maxSequenceLength}, got ${maxLength}. Pass maxLength: ${sequenceDefaults.maxLength}.`,
    )
  }
  if (!Number.isInteger(minLength) || minLength < fewest || minLength > maxLength) {
    throw new ArgumentError(
      `${kind}: expected a minLength from ${fewest} to maxLength (${maxLength}), got ${minLength}. Pass minLength: ${fewest}.`,
    )
  }
  if (!(trainFraction > 0 && trainFraction < 1)) {
    throw new ArgumentError(
      `${kind}: expected a trainFraction between 0 and 1, got ${trainFraction}. Pass trainFraction: ${sequenceDefaults.trainFraction}.`,
    )
  }
  return complete
}
