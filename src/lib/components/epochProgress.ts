/** How far a lane is within an epoch, in words. */
import { exampleCount } from '$lib/core/spec/datasets'
import type { Spec } from '$lib/core/spec/schema'
import { isSequences } from '$lib/core/catalogue/data'
import { formatCount } from '$lib/core/util/figures'

/** Shorter epochs pass too fast for their batches to be read. */
const fewestBatches = 50

interface Progress {
  readonly step: number
  /** Finished epochs, and those of the whole run. */
  readonly epoch: number
  readonly epochs: number
  /** Batches of one epoch; null where that is not known. */
  readonly batches: number | null
}

/** Batches of an epoch; null for sequences of different length, which are batched by length. */
export function epochBatches({ data, training }: Pick<Spec, 'data' | 'training'>): number | null {
  if (isSequences(data) && !data.padded) return null
  return Math.ceil(Math.round(exampleCount(data) * data.trainFraction) / training.batchSize)
}

/** `batch 2,360 of 5,422`; null for short epochs, after the last one, and where the step lies outside the epoch. */
export function batchOfEpoch({ step, epoch, epochs, batches }: Progress): string | null {
  if (batches === null || batches <= fewestBatches || epoch >= epochs) return null
  const batch = step - epoch * batches
  return batch < 0 || batch > batches ? null : `batch ${formatCount(batch)} of ${formatCount(batches)}`
}
