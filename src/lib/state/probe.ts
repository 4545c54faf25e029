/** What a model is asked about while it trains: points all over the plane, test digits, test rows of a file, or test sequences. */
import { outputActivation } from '$lib/core/codegen'
import { probedSequences } from '$lib/core/data/generateSequences'
import { extent } from '$lib/core/spec/datasets'
import type { CsvSelection } from '$lib/core/data/csv'
import { csvViewOf, type CsvData } from '$lib/core/spec/csvData'
import type { Spec, Style } from '$lib/core/spec/schema'
import { lookedUpTokens } from '$lib/core/spec/targets'
import type { Probe } from '$lib/workers/protocol'

const gridResolution = 40
const probedDigits = 48

/**
 * The probe for a model of that spec; a style says where images have their channels and what models give out. Of sequences
 * those of one length can be picked, for a file that reads no others.
 */
export function probeFor(spec: Spec, style: Style, length?: number): Probe {
  const activation = outputActivation(spec, style)
  if (spec.data.kind === 'csv') {
    const tokens = lookedUpTokens(spec.model)
    const isPlane = csvViewOf(spec.data, tokens === undefined) === 'plane'
    const plane = isPlane ? { extent, resolution: gridResolution } : null
    return { kind: 'csv', selection: { ...csvSelection(spec.data, spec.seed), tokens }, plane, activation }
  }
  const sequences = probedSequences(spec, length)
  if (sequences !== null) return { kind: 'examples', x: sequences.x, activation }
  if (spec.data.kind !== 'digits') return { kind: 'grid', extent, resolution: gridResolution, activation }
  const { samples, trainFraction } = spec.data
  const channelsFirst = style === 'torch'
  return {
    kind: 'digits',
    count: probedDigits,
    seed: spec.seed,
    samples,
    trainFraction,
    channelsFirst,
    activation,
  }
}

/** The rows and columns that a spec's programs take from its file. */
export function csvSelection({ kind: _, file: __, ...columns }: CsvData, seed: number): CsvSelection {
  return { ...columns, seed }
}
