/** What is shown of the experiment's CSV file, following the experiment. */
import type { CsvSample } from '$lib/core/data/csvSample'
import { sampleOf } from './csvReader'
import type { ExperimentState } from './experiment.svelte'
import { csvSelection } from './probe'

/** The rows of a CSV file that a view shows. */
export class CsvSampleView {
  #sample = $state.raw<CsvSample | null>(null)
  #problem = $state<string | null>(null)

  /** To be made where effects can be. */
  constructor(experiment: ExperimentState) {
    const wanted = $derived.by(() => {
      const { spec, csvSource } = experiment
      return spec.data.kind === 'csv' && csvSource
        ? JSON.stringify([csvSource.hash, csvSelection(spec.data, spec.seed)])
        : null
    })
    $effect(() => {
      const { spec, csvSource } = experiment
      const asked = wanted
      this.#problem = null
      if (asked === null || spec.data.kind !== 'csv' || !csvSource) return
      sampleOf(csvSource, csvSelection(spec.data, spec.seed)).then(
        (sample) => {
          if (asked === wanted) this.#sample = sample
        },
        (error: unknown) => {
          if (asked === wanted) this.#problem = error instanceof Error ? error.message : String(error)
        },
      )
    })
  }

  /** Null before the first one is there; the earlier one while another is taken. */
  get sample(): CsvSample | null {
    return this.#sample
  }

  /** Why the file does not have what the experiment asks for. */
  get problem(): string | null {
    return this.#problem
  }
}
