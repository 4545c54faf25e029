/** What a model is asked about while it trains: points all over the plane, test digits, test rows of a file, or test sequences. */
import { outputActivation } from '$lib/core/codegen'
import { probedSequences } from '$lib/core/data/generateSequences'
import { extent } from '$lib/core/spec/datasets'
import type { CsvSelection } from '$lib/core/data/csv'
import { dataFacts, type DataOf, type KindsOf } from '$lib/core/catalogue/data'
import { csvViewOf, type CsvData } from '$lib/core/catalogue/data/csv'
import type { DataView } from '$lib/core/catalogue/data/record'
import type { DataSpec, Spec, Style } from '$lib/core/spec/schema'
import { lookedUpTokens } from '$lib/core/spec/targets'
import type { Probe } from '$lib/workers/protocol'

const gridResolution = 40
const probedDigits = 48

/** What is asked for beside the data. */
interface Request {
  readonly spec: Spec
  readonly style: Style
  /** Picks sequences of one length. */
  readonly length: number | undefined
}

const probes: { readonly [V in DataView]: (data: DataOf<KindsOf<V>>, request: Request) => Probe } = {
  plane: (_data, { spec, style }) => ({
    kind: 'grid',
    extent,
    resolution: gridResolution,
    activation: outputActivation(spec, style),
  }),
  images: ({ samples, trainFraction }, { spec, style }) => ({
    kind: 'digits',
    count: probedDigits,
    seed: spec.seed,
    samples,
    trainFraction,
    channelsFirst: style === 'torch',
    activation: outputActivation(spec, style),
  }),
  sequences(_data, { spec, style, length }) {
    const sequences = probedSequences(spec, length)
    if (sequences === null) throw new Error(`internal: ${spec.data.kind} has no sequences`)
    return { kind: 'examples', x: sequences.x, activation: outputActivation(spec, style) }
  },
  rows(data, { spec, style }) {
    const tokens = lookedUpTokens(spec.model)
    const isPlane = csvViewOf(data, tokens === undefined) === 'plane'
    const plane = isPlane ? { extent, resolution: gridResolution } : null
    const selection = { ...csvSelection(data, spec.seed), tokens }
    return { kind: 'csv', selection, plane, activation: outputActivation(spec, style) }
  },
}

/**
 * The probe for a model of that spec; a style says where images have their channels and what models give out. Of sequences
 * those of one length can be picked, for a file that reads no others.
 */
export function probeFor(spec: Spec, style: Style, length?: number): Probe {
  const { data } = spec
  // The table's key is the data's own view, which TypeScript cannot follow through the union.
  const write = probes[dataFacts(data).view] as (data: DataSpec, request: Request) => Probe
  return write(data, { spec, style, length })
}

/** The rows and columns that a spec's programs take from its file. */
export function csvSelection({ kind: _, file: __, ...columns }: CsvData, seed: number): CsvSelection {
  return { ...columns, seed }
}
