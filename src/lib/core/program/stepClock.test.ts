import { expect, it } from 'vitest'
import { StepClock } from './stepClock'

function fakeClock() {
  const at = { ms: 0, kernels: 0, hostReads: 0 }
  return {
    at,
    clock: new StepClock(
      () => at.ms,
      () => ({ kernels: at.kernels, hostReads: at.hostReads }),
    ),
  }
}

it('averages only the sections in which an update happened', () => {
  const { at, clock } = fakeClock()
  clock.resume()
  Object.assign(at, { ms: 10, kernels: 100, hostReads: 1 })
  clock.pause(1)
  at.ms = 500 // waiting
  clock.resume()
  Object.assign(at, { ms: 507, kernels: 130, hostReads: 3 }) // a validation batch
  clock.pause(0)
  expect(clock.trainedMs).toBe(17)
  expect(clock.take()).toEqual({ trainMs: 10, instrumentMs: 0, kernels: 100, hostReads: 1, steps: 1 })
  expect(clock.take().steps).toBe(0)
})

it('keeps instruments out of the training time', () => {
  const { at, clock } = fakeClock()
  clock.resume()
  at.ms = 4
  clock.instrument(() => (at.ms = 9))
  at.ms = 10
  clock.pause(1)
  clock.instrument(() => (at.ms = 12))
  expect(clock.trainedMs).toBe(5)
  expect(clock.take()).toMatchObject({ trainMs: 5, instrumentMs: 7 })
})

it('books instruments between batches without moving the training time', async () => {
  const { at, clock } = fakeClock()
  clock.resume()
  at.ms = 3
  clock.pause(1)
  const answer = await clock.instrumentBetween(() => {
    at.ms = 8
    return Promise.resolve('read')
  })
  expect(answer).toBe('read')
  expect(clock.trainedMs).toBe(3)
  expect(clock.take()).toMatchObject({ trainMs: 3, instrumentMs: 5 })
})
