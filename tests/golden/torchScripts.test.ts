/** Our programs train as the real PyTorch did from the same weights and batches: see recordLosses.mjs. */
import { beforeAll, describe, expect, it } from 'vitest'
import { pythonCases, useCaseData } from './pythonCases'
import { differenceOf, fingerprint, readLosses, runBoth, scriptOf } from './pythonRuns'

const { cases } = readLosses('torch')

beforeAll(useCaseData)

describe.each(pythonCases)('$name', ({ name, spec }) => {
  const recorded = cases[name]

  it('was recorded from this script', () => {
    const hint = 'The script changed: run node tests/golden/recordLosses.mjs.'
    expect(recorded?.script, hint).toBe(fingerprint(scriptOf(spec, 'torch')))
  })

  it('trains alike in both styles', async () => {
    const { keras, torch } = await runBoth(spec)
    expect(recorded?.losses.length).toBeGreaterThan(0)
    expect(recorded?.valLosses.length).toBe(spec.data.trainFraction < 1 ? spec.training.epochs : 0)
    // Float32 rounds at 6e-8, and 16 steps add up.
    for (const ours of [keras, torch]) expect(differenceOf(ours, recorded)).toBeLessThanOrEqual(1e-4)
  })
})
