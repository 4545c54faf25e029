import { describe, expect, it } from 'vitest'
import type { LedgerReport } from '$lib/workers/protocol'
import { breakEven, totalsAt } from './breakEven'

const eager: LedgerReport = {
  kernelsPerStep: 120,
  hostReadsPerStep: 1,
  liveTensors: 20,
  liveBytes: 1000,
  peakTensors: 80,
  msPerStep: 2,
  instrumentMsPerStep: 0,
  steps: 100,
}
const compiled: LedgerReport = {
  ...eager,
  msPerStep: 0.5,
  static: {
    traceMs: 100,
    passesMs: 40,
    compileMs: 10,
    traces: 3,
    stepsPerBlock: 1,
    dispatchMsPerStep: 0.1,
    computeMsPerStep: 0.3,
    restMsPerStep: 0.1,
  },
}
const eagerLane = { execution: 'eager', ledger: eager } as const
const staticLane = { execution: 'static', ledger: compiled } as const

describe('breakEven', () => {
  it('divides what building cost by what a step saves, in either order of the lanes', () => {
    const expected = { kind: 'overtakes', step: 100, buildMs: 150, staticMs: 0.5, eagerMs: 2 }
    expect(breakEven(eagerLane, staticLane)).toEqual(expected)
    expect(breakEven(staticLane, eagerLane)).toEqual(expected)
  })

  it('rounds up to the first step that is ahead', () => {
    const slower = { execution: 'static', ledger: { ...compiled, msPerStep: 0.6 } } as const
    const found = breakEven(eagerLane, slower)
    expect(found).toMatchObject({ kind: 'overtakes', step: 108 })
    if (!found) return
    expect(totalsAt(found, 108).static).toBeLessThan(totalsAt(found, 108).eager)
    expect(totalsAt(found, 107).static).toBeGreaterThan(totalsAt(found, 107).eager)
  })

  it('says that static stays behind where its steps take longer', () => {
    const slow = { execution: 'static', ledger: { ...compiled, msPerStep: 2 } } as const
    expect(breakEven(eagerLane, slow)).toMatchObject({ kind: 'behind' })
  })

  it('says nothing before both were measured, or of two lanes that execute alike', () => {
    expect(breakEven(eagerLane, { execution: 'static', ledger: null })).toBeNull()
    expect(breakEven({ execution: 'eager', ledger: null }, staticLane)).toBeNull()
    expect(breakEven(eagerLane, eagerLane)).toBeNull()
    expect(breakEven(staticLane, staticLane)).toBeNull()
  })
})
