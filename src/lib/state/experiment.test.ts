import { exportSpec } from '$lib/core/spec/file'
import { defaultExperiment } from '$lib/core/spec/defaults'
import { encodeHash } from '$lib/core/spec/hash'
import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe('a file', () => {
  it('is opened, or refused without being read', async () => {
    const experiment = new ExperimentState()
    const text = exportSpec({ ...defaultExperiment(), schedule: 'turns' })
    await experiment.openFile({ name: 'a.json', size: text.length, text: () => Promise.resolve(text) })
    expect(experiment.schedule).toBe('turns')
    const large = { name: 'a.json', size: 1e9, text: () => Promise.reject(new Error('was read')) }
    await experiment.openFile(large)
    expect(experiment.notice).toMatchObject({
      kind: 'error',
      title: 'This file cannot be opened',
      detail: expect.stringContaining('file: expected the JSON of an experiment, at most 2.0 MB') as string,
    })
  })
})

describe('a program that cannot be taken', () => {
  it('becomes an issue and changes nothing', () => {
    const experiment = new ExperimentState()
    experiment.setLane(0, { program: '\n'.repeat(2000) })
    expect(experiment.issue?.message).toBe(
      'lanes[0].program: expected a program of at most 2,000 lines, got 2,001. Shorten it.',
    )
    expect(experiment.lanes[0].program).toBeUndefined()
    experiment.setLane(0, { program: 'a\r\nb\u2028c' })
    expect(experiment.program(0)).toBe('a\nb\nc')
    expect(experiment.issue).toBeNull()
  })
})

describe('the last visit', () => {
  const stored = new Map<string, string>()
  const visit = (hash = '') => {
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    })
    const experiment = new ExperimentState()
    experiment.restore(hash)
    return experiment
  }
  const turns = encodeHash({ ...defaultExperiment(), schedule: 'turns' })

  afterEach(() => {
    vi.unstubAllGlobals()
    stored.clear()
  })

  it('is set aside in words where it cannot be read, and does not fail twice', () => {
    stored.set('tandem.experiment', '1.abc')
    stored.set('tandem.programSources', 'link,link')
    expect(visit().notice).toEqual({
      kind: 'error',
      title: 'The last visit cannot be restored',
      detail:
        'link: expected a complete link, got 3 characters that cannot be unpacked. Copy all of it. ' +
        'What was kept has been set aside in this browser’s storage, as tandem.experiment.setAside.',
    })
    expect(stored.get('tandem.experiment.setAside')).toBe('1.abc')
    expect(stored.has('tandem.experiment')).toBe(false)
    expect(visit().notice).toBeNull()
  })

  it('is told of beside a link, whether that can be opened or not', () => {
    stored.set('tandem.experiment', '1.abc')
    const opened = visit(`#${turns}`)
    expect(opened.schedule).toBe('turns')
    expect(opened.notice?.detail).toContain('has been set aside')
    stored.set('tandem.experiment', '1.abc')
    expect(visit('#9.x').notice?.detail).toMatch(
      /^This link cannot be opened: link: expected format 1.* has been set aside/,
    )
  })

  it('never is a link that was refused', () => {
    visit(`#${turns}`)
    const before = stored.get('tandem.experiment')
    visit('#1.abc')
    expect(stored.get('tandem.experiment')).toBe(before)
  })
})
