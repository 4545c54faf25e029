import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MeterMessage } from '$lib/workers/meter.worker'
import { Meter } from './meter.svelte'

const worker = Object.assign(new EventTarget(), { postMessage: () => {}, terminate: () => {} })
const say = (data: MeterMessage) => worker.dispatchEvent(new MessageEvent('message', { data }))

beforeEach(() => {
  vi.stubGlobal('location', new URL('http://localhost/'))
  vi.stubGlobal('Worker', function () {
    return worker
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('Meter', () => {
  it('lists each step once, as it was compared last', () => {
    const meter = new Meter(
      () => true,
      () => [],
    )
    meter.clear()
    const { comparison } = meter
    for (const [step, maxDifference] of [
      [8, 0],
      [16, 0.1],
      [16, 0.2],
      [16, 0.3],
    ] as const) {
      say({ comparison, step, maxDifference })
    }
    expect(meter.weightDifferences).toEqual([
      { step: 8, value: 0 },
      { step: 16, value: 0.3 },
    ])
    say({ comparison, step: 10, maxDifference: 0.4 })
    expect(meter.weightDifferences.map(({ step }) => step)).toEqual([8, 10])
  })

  it('tells since when rounding has grown, until it is cleared', () => {
    const meter = new Meter(
      () => true,
      () => [],
    )
    const steps = Float64Array.from({ length: 30 }, (_, index) => index + 1)
    meter.addLosses('A', steps, new Float64Array(30).fill(1))
    expect(meter.grownSince).toBeNull()
    meter.addLosses(
      'B',
      steps,
      steps.map((step) => 1 + 1e-8 * 2 ** step),
    )
    expect(meter.grownSince).toBe(10)
    meter.clear()
    expect(meter.grownSince).toBeNull()
  })
})
