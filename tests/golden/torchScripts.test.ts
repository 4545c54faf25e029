/** Our programs train as the real PyTorch did from the same weights and batches: see recordTorchLosses.mjs. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { pythonCases, useCaseData } from './pythonCases'
import { fingerprint, runBoth, scriptOf, type Figures } from './pythonRuns'

interface Recorded extends Figures {
  readonly script: string
}

const { cases } = JSON.parse(readFileSync('tests/golden/torchLosses.json', 'utf8')) as {
  readonly cases: Readonly<Record<string, Recorded>>
}

/** Relative; float32 rounds at 6e-8, and 16 steps add up. */
const tolerance = 1e-4

/** The largest relative error; Infinity where the numbers do not even correspond. */
function difference(actual: readonly number[], expected: readonly number[] = []): number {
  if (actual.length !== expected.length) return Infinity
  const errors = expected.map((value, index) => {
    const error = Math.abs((actual[index] ?? NaN) - value)
    return error === 0 ? 0 : error / Math.abs(value)
  })
  return Math.max(0, ...errors)
}

beforeAll(useCaseData)

describe.each(pythonCases)('$name', ({ name, spec }) => {
  const recorded = cases[name]

  it('was recorded from this script', () => {
    const hint = 'The script changed: run node tests/golden/recordTorchLosses.mjs.'
    expect(recorded?.script, hint).toBe(fingerprint(scriptOf(spec)))
  })

  it('trains alike in both styles', async () => {
    const { keras, torch } = await runBoth(spec)
    expect(recorded?.losses.length).toBeGreaterThan(0)
    expect(recorded?.valLosses.length).toBe(spec.data.trainFraction < 1 ? spec.training.epochs : 0)
    for (const ours of [keras, torch]) {
      expect(difference(ours.losses, recorded?.losses)).toBeLessThanOrEqual(tolerance)
      expect(difference(ours.valLosses, recorded?.valLosses)).toBeLessThanOrEqual(tolerance)
      expect(difference(ours.valMetrics, recorded?.valMetrics)).toBeLessThanOrEqual(tolerance)
    }
  })
})
