/** The sequences that a spec describes, as its programs generate them. */
import { at } from '../util/at'
import { isSequences, type KindsOf } from '../catalogue/data'
import type { Spec } from '../spec/schema'
import { labelEncoding } from '../spec/targets'
import { batchRows, givenOrder, takeRows } from './batches'
import { parity, recall } from './index'
import type { SequenceOptions } from './sequences'
import type { Dataset, Split } from './types'

/** Functions of the module that programs import; a kind without one does not compile. */
const generators: { readonly [K in KindsOf<'sequences'>]: (options: SequenceOptions) => Dataset } = {
  parity,
  recall,
}

/** Train and test sequences of a spec's data with labels as `labels` says; null for data of another kind. */
export function generateSequences(
  spec: Pick<Spec, 'data' | 'loss' | 'seed'>,
  labels = labelEncoding(spec) ?? undefined,
): Dataset | null {
  const { data, seed } = spec
  if (!isSequences(data)) return null
  const { kind, ...options } = data
  const seeded = { ...options, seed }
  return generators[kind](labels === undefined ? seeded : { ...seeded, labels })
}

/** Training batches of an epoch: more than examples over batch size where sequences of each length have their own. */
export function batchesPerEpoch(
  spec: Pick<Spec, 'data' | 'loss' | 'seed' | 'training'>,
  examples: number,
): number {
  const { batchSize } = spec.training
  const { lengths } = generateSequences(spec)?.train.x ?? {}
  if (lengths === undefined) return Math.ceil(examples / batchSize)
  return batchRows(givenOrder(examples), batchSize, lengths).length
}

/** How many test sequences a model is asked about while it trains. */
const probedCount = 10

/** The first test sequences, with class numbers; `length` picks those of one length where they differ. Null for other data. */
export function probedSequences(spec: Pick<Spec, 'data' | 'loss' | 'seed'>, length?: number): Split | null {
  const test = generateSequences(spec, 'index')?.test
  if (!test) return null
  const { x, y } = test
  const { lengths } = x
  const rows = givenOrder(at(x.shape, 0))
  const fitting = length === undefined || !lengths ? rows : rows.filter((row) => lengths[row] === length)
  const probed = fitting.subarray(0, probedCount)
  return { x: takeRows(x, probed), y: takeRows(y, probed) }
}
