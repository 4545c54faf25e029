/**
 * Nets that nobody chose train in the lab as PyTorch and Keras trained them, in both styles and executions, from given weights
 * and a CSV file. The losses were recorded by recordRandomNets.mjs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { randomNet, type Reference } from './randomNets'
import { difference, fingerprint, labLosses, runsOf, writeNet, type ReferenceLosses } from './randomNetRuns'

interface Recorded extends ReferenceLosses {
  readonly seed: number
  readonly net: string
  /** How far the framework's losses in float32 are from these, which are in float64. */
  readonly rounding: Readonly<Record<Reference, number>>
  /** Of safetensors files, in base64. */
  readonly weights: Readonly<Record<Reference, string>>
}

const { nets: recorded } = JSON.parse(readFileSync('tests/golden/randomNets.json', 'utf8')) as {
  readonly nets: readonly Recorded[]
}

const tolerance = 1e-5
/**
 * A net of which the framework's own rounding makes more than this has no losses to follow. It has a weight whose true
 * gradient is zero, such as a bias before batch normalisation, and Adam or RMSprop divide its rounding errors by themselves.
 * Keras' Adam rounds most: it computes 1 − β₂ᵗ in float32.
 */
const mostRounding: Readonly<Record<Reference, number>> = { torch: 3e-6, keras: 3e-5 }

/** Whose losses are not followed for that reason, by the net's seed: a new one has to be looked at. */
const leftOut: Readonly<Record<number, readonly Reference[]>> = { 1: ['torch'] }
const isLeftOut = (seed: number, reference: Reference) => leftOut[seed]?.includes(reference) ?? false

const root = mkdtempSync(join(tmpdir(), 'nets-'))
afterAll(() => rmSync(root, { recursive: true }))

describe.each(recorded)('net $seed', ({ seed, net, rounding, weights, ...losses }) => {
  const drawn = randomNet(seed)
  const folder = join(root, String(seed))

  it('was recorded from this spec and file', () => {
    expect(fingerprint(drawn), 'The nets changed: run node tests/golden/recordRandomNets.mjs.').toBe(net)
  })

  // Of the twelve ways each net goes four, other ones than its neighbours.
  const runs = runsOf(drawn)
    .filter((_, index) => (index + seed) % 3 === 0)
    .filter(({ follows }) => !isLeftOut(seed, follows))

  it('is left out only where it rounds too much, and is trained otherwise', () => {
    const references: readonly Reference[] = ['torch', 'keras']
    const rounds = references.filter((reference) => rounding[reference] > mostRounding[reference])
    expect(rounds).toEqual(leftOut[seed] ?? [])
    if (rounds.length < references.length) expect(runs.length).toBeGreaterThan(0)
  })

  if (runs.length > 0) {
    it.each(runs)('$arguments gives the losses of $follows', async (run) => {
      const bytes = (naming: Reference) => Buffer.from(weights[naming], 'base64')
      writeNet(folder, drawn, { torch: bytes('torch'), keras: bytes('keras') })
      const ours = await labLosses(folder, run)
      expect(ours.length).toBeGreaterThanOrEqual(30)
      expect(difference(ours, losses[run.follows])).toBeLessThan(tolerance)
    })
  }
})

it('every net that is left out was recorded', () => {
  const seeds = recorded.map(({ seed }) => seed)
  expect(seeds).toEqual(expect.arrayContaining(Object.keys(leftOut).map(Number)))
})
