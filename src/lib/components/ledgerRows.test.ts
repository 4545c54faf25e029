import { expect, it } from 'vitest'
import type { LedgerReport } from '$lib/workers/protocol'
import { ledgerGroups } from './ledgerRows'

const ledger: LedgerReport = {
  kernelsPerStep: 0,
  hostReadsPerStep: 0,
  liveTensors: 20,
  liveBytes: 2048,
  peakTensors: 31,
  msPerStep: 0.5,
  instrumentMsPerStep: 0,
  steps: 100,
  static: {
    traceMs: 100,
    passesMs: 40,
    compileMs: 10,
    traces: 3,
    stepsPerBlock: 7.8,
    dispatchMsPerStep: 0.1,
    computeMsPerStep: 0.3,
    restMsPerStep: 0.1,
  },
}

const rows = (groups: ReturnType<typeof ledgerGroups>) =>
  Object.fromEntries(groups.flatMap((group) => group.rows.map((row) => [row.name, row.value])))

it('tells of a static lane what was built once and what every step costs', () => {
  const groups = ledgerGroups(ledger, 'static')
  expect(groups.map(({ title }) => title)).toEqual(['Build, once', 'Run, every step', 'Memory'])
  expect(rows(groups)).toMatchObject({
    Trace: '100 ms',
    Passes: '40.0 ms',
    Compile: '10.0 ms',
    Traces: '3',
    'of it, dispatch': '100 µs',
    'of it, compute': '300 µs',
    'of it, the rest': '100 µs',
    'Steps per call': '7.8',
    'Kernels per step': '0',
    'Peak live values': '31',
  })
})

it('tells nothing of graphs where steps run eagerly', () => {
  const groups = ledgerGroups(ledger, 'eager')
  expect(groups.map(({ title }) => title)).toEqual(['Every step', 'Memory'])
  expect(rows(groups)).toMatchObject({ 'Time per step': '500 µs', 'Peak live tensors': '31' })
})

it('shows no number that was not measured', () => {
  expect(Object.values(rows(ledgerGroups(null, 'static'))).every((value) => value === undefined)).toBe(true)
  expect(rows(ledgerGroups({ ...ledger, peakTensors: 0 }, 'eager'))['Peak live tensors']).toBeUndefined()
})
