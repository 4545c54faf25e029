import { adaptToData } from '$lib/core/spec/adaptToData'
import { defaultSpec } from '$lib/core/spec/defaults'
import { expect, it } from 'vitest'
import { batchOfEpoch, epochBatches } from './epochProgress'

it('epochBatches: counts the last batch too, and no batches that depend on lengths', () => {
  const circle = defaultSpec()
  expect(epochBatches({ ...circle, training: { ...circle.training, batchSize: 32 } })).toBe(8)
  expect(epochBatches(adaptToData(circle, 'parity'))).toBeNull()
})

it('batchOfEpoch: says the batch of a long epoch that is under way', () => {
  const long = { step: 2360, epoch: 0, epochs: 50, batches: 5422 }
  expect(batchOfEpoch(long)).toBe('batch 2,360 of 5,422')
  expect(batchOfEpoch({ ...long, epoch: 2, step: 2 * 5422 + 7 })).toBe('batch 7 of 5,422')
  expect(batchOfEpoch({ ...long, epoch: 50, step: 50 * 5422 })).toBeNull()
})

it('batchOfEpoch: says nothing of short epochs, or where the count is unknown or does not fit', () => {
  const progress = { step: 60, epoch: 0, epochs: 50, batches: 50 }
  expect(batchOfEpoch(progress)).toBeNull()
  expect(batchOfEpoch({ ...progress, batches: null })).toBeNull()
  expect(batchOfEpoch({ ...progress, batches: 51 })).toBeNull()
  expect(batchOfEpoch({ ...progress, batches: 51, epoch: 2 })).toBeNull()
})
