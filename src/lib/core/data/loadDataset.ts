/** All examples of a spec, as its programs load or generate them. */
import type { DataOf, DataKind, KindsOf } from '../catalogue/data'
import type { Spec, Style } from '../spec/schema'
import { labelEncoding, lookedUpTokens } from '../spec/targets'
import { generatePoints } from './generate'
import { generateSequences } from './generateSequences'
import { csv, digits } from './index'
import type { Dataset, LabelEncoding } from './types'

type LoadedKind = Exclude<DataKind, KindsOf<'plane' | 'sequences'>>

/** What is asked for beside the data. */
interface Request {
  readonly spec: Spec
  readonly style: Style
  readonly labels: LabelEncoding | undefined
}

/** Kinds whose examples come from a file, by the functions that programs import. */
const loaders: { readonly [K in LoadedKind]: (data: DataOf<K>, request: Request) => Promise<Dataset> } = {
  csv: (data, { spec, labels }) =>
    csv({ ...data, seed: spec.seed, labels, tokens: lookedUpTokens(spec.model) }),
  digits({ samples, trainFraction }, { spec, style, labels }) {
    const channelsFirst = style === 'torch'
    return digits({ samples, trainFraction, seed: spec.seed, channelsFirst, ...(labels && { labels }) })
  },
}

/** Images have the axes of `style`. Throws ArgumentError for a CSV file that is not as the spec says. */
export async function loadDataset(spec: Spec, style: Style): Promise<Dataset> {
  const dataset = generateSequences(spec) ?? generatePoints(spec)
  if (dataset) return dataset
  const data = spec.data as DataOf<LoadedKind>
  const load = loaders[data.kind] as (data: DataOf<LoadedKind>, request: Request) => Promise<Dataset>
  return load(data, { spec, style, labels: labelEncoding(spec) ?? undefined })
}
