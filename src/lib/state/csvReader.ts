/** The one reader of CSV files of a visit, with the samples that were taken last. */
import type { CsvSelection } from '$lib/core/data/csv'
import type { CsvSample } from '$lib/core/data/csvSample'
import { CsvClient, type CsvSource } from '$lib/workers/csvClient'

/** Reads CSV files in a worker. */
export const csvReader = new CsvClient()

/** As many as the views of a page can ask for at a time. */
const keptSamples = 4
const samples = new Map<string, Promise<CsvSample>>()

/** What is shown of the selected rows; taken once for all who ask for the same. */
export function sampleOf(source: CsvSource, selection: CsvSelection): Promise<CsvSample> {
  const key = JSON.stringify([source.hash, selection])
  const known = samples.get(key)
  if (known) return known
  const sample = csvReader.sample(source, selection)
  samples.set(key, sample)
  const oldest = samples.keys().next()
  if (samples.size > keptSamples && !oldest.done) samples.delete(oldest.value)
  // A worker that failed is started anew by the next request.
  sample.catch(() => samples.delete(key))
  return sample
}
