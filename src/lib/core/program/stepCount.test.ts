import { describe, expect, it } from 'vitest'
import { StepCount } from './stepCount'

describe('the steps of a run', () => {
  it('counts the steps since the boundary, without those that an instrument ran', () => {
    const steps = new StepCount(10, () => 0)
    steps.add(4, 'static')
    steps.leaveOut(1)
    expect([steps.step, steps.timed]).toEqual([14, 3])
    steps.beginBatch()
    expect([steps.step, steps.timed]).toEqual([14, 0])
  })

  it('tells the queued step of a batch only if the batch has queued one', () => {
    let queued = 0
    const steps = new StepCount(0, () => queued)
    expect(steps.queuedOfBatch).toBeNull()
    queued = 1
    expect([steps.called, steps.queuedOfBatch]).toEqual([1, 1])
    steps.beginWithinBlock()
    expect(steps.queuedOfBatch).toBeNull()
    queued = 2
    expect(steps.queuedOfBatch).toBe(2)
  })

  it('gives a figure to the step that was made in the batch, or else to the next one', () => {
    const steps = new StepCount(0, () => 0)
    steps.beginBatch()
    expect(steps.inProgress).toBe(1)
    steps.add(1, 'static')
    expect(steps.inProgress).toBe(1)
  })

  it('takes batches without an update for a validation, after an update of its own and for a while', () => {
    const steps = new StepCount(5, () => 0)
    steps.beginBatch()
    expect(steps.isValidating).toBe(false)
    steps.add(1, 'static')
    expect(steps.isValidating).toBe(false)
    steps.beginBatch()
    expect(steps.isValidating).toBe(true)
    for (let batch = 0; batch < 999; batch++) steps.beginBatch()
    expect(steps.isValidating).toBe(false)
  })

  it('returns to the step of the earlier part', () => {
    const steps = new StepCount(7, () => 0)
    steps.add(3, 'static')
    steps.restore()
    expect(steps.step).toBe(7)
  })
})
