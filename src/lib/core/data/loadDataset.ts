/** All examples of a spec, as its programs load or generate them. */
import type { Spec, Style } from '../spec/schema'
import { labelEncoding, lookedUpTokens } from '../spec/targets'
import { csv } from './csv'
import { digits } from './digits'
import { generatePoints } from './generate'
import { generateSequences } from './generateSequences'
import type { Dataset } from './types'

/** Images have the axes of `style`. Throws ArgumentError for a CSV file that is not as the spec says. */
export async function loadDataset(spec: Spec, style: Style): Promise<Dataset> {
  const { data, seed } = spec
  const labels = labelEncoding(spec) ?? undefined
  if (data.kind === 'csv') return csv({ ...data, seed, labels, tokens: lookedUpTokens(spec.model) })
  if (data.kind === 'digits') {
    const { samples, trainFraction } = data
    const channelsFirst = style === 'torch'
    return digits({ samples, trainFraction, seed, channelsFirst, ...(labels && { labels }) })
  }
  const dataset = generateSequences(spec) ?? generatePoints({ ...spec, data })
  if (dataset) return dataset
  throw new Error(`internal: there is no dataset ${data.kind}`)
}
