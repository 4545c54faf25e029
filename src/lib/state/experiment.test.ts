import { exportSpec } from '$lib/core/spec/file'
import { defaultExperiment } from '$lib/core/spec/defaults'
import { describe, expect, it } from 'vitest'
import { ExperimentState } from './experiment.svelte'

describe('a file that cannot be opened', () => {
  it('is spoken of until the experiment changes', () => {
    const experiment = new ExperimentState()
    experiment.importText('{')
    expect(experiment.notice).toMatchObject({ kind: 'error', title: 'This file cannot be opened' })
    experiment.update((spec) => ({ ...spec, seed: -1 }))
    expect(experiment.notice).not.toBeNull()
    experiment.update((spec) => ({ ...spec, seed: 2 }))
    expect(experiment.notice).toBeNull()
  })

  it('leaves what is told of the runs', () => {
    const experiment = new ExperimentState()
    experiment.inform('A run ended', 'Its tab was asleep.')
    experiment.setSchedule('turns')
    expect(experiment.notice?.title).toBe('A run ended')
  })

  it('is known as a table by its name', () => {
    const experiment = new ExperimentState()
    experiment.importText('rooms,price\n3,200', 'houses.csv')
    expect(experiment.notice?.detail).toContain(
      'expected the JSON of an experiment, got the table houses.csv. To train on its rows, choose the dataset “CSV file …”.',
    )
    experiment.importText(exportSpec(defaultExperiment()), 'renamed.csv')
    expect(experiment.notice).toBeNull()
  })
})
