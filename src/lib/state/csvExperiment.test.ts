import { adaptToData } from '$lib/core/spec/adaptToData'
import { defaultExperiment } from '$lib/core/spec/defaults'
import { encodeHash } from '$lib/core/spec/hash'
import { exportSpec } from '$lib/core/spec/file'
import { parseExperiment } from '$lib/core/spec/parse'
import type { CsvFile } from '$lib/workers/csvProtocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CsvShelf } from './csvStore'
import { ExperimentState } from './experiment.svelte'

const file: CsvFile = {
  name: 'flowers.csv',
  hash: '0123456789abcdef',
  blob: new Blob(['length,kind\n1,a\n2,b\n3,c']),
  rows: 3,
  columns: [],
  leftOut: { blank: 0, comments: 0 },
  head: [],
}
const columns = {
  features: ['length', 'width', 'height'],
  label: 'kind',
  task: 'classification',
  classes: 3,
  standardise: true,
  trainFraction: 0.8,
} as const

/** A shelf with these files, and those that were put on it. */
function shelfOf(...files: CsvFile[]): CsvShelf & { readonly kept: CsvFile[] } {
  return {
    kept: files,
    find: (hash) => Promise.resolve(files.find((one) => one.hash === hash) ?? null),
    keep: (one) => Promise.resolve(files.push(one) > 0),
  }
}

const link = (() => {
  const experiment = new ExperimentState(shelfOf())
  experiment.useCsv(file, columns)
  return `#${experiment.fragment}`
})()

const stored = new Map<string, string>()

beforeEach(() => {
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  stored.clear()
})

describe('an experiment on a CSV file', () => {
  it('gets a loss and an output layer that fit, and the name of its file', async () => {
    const shelf = shelfOf()
    const experiment = new ExperimentState(shelf)
    experiment.useCsv(file, columns)
    const { data, loss, model, name } = experiment.spec
    expect(data).toMatchObject({ kind: 'csv', classes: 3, file: { name: 'flowers.csv', rows: 3 } })
    expect([name, loss]).toEqual(['flowers', 'sparseCategoricalCrossentropy'])
    expect(model.layers.at(-1)).toMatchObject({ units: 3, activation: 'softmax' })
    expect(experiment.shapes[0]?.input).toEqual([3])
    expect(experiment.csvSource).toEqual({ hash: file.hash, blob: file.blob })
    expect(experiment.program(0)).toContain('await csv({')
    await vi.waitFor(() => {
      expect(experiment.isCsvKept).toBe(true)
    })
    expect(shelf.kept).toEqual([file])
  })

  it('gets the usual loss of another task, and leaves out layers that images need', () => {
    const experiment = new ExperimentState(shelfOf())
    experiment.loadPreset('digits-conv')
    const { classes: _, ...others } = columns
    experiment.useCsv(file, { ...others, task: 'regression' })
    expect(experiment.issue).toBeNull()
    expect(experiment.spec.loss).toBe('meanSquaredError')
    expect(experiment.spec.model.layers.map(({ type }) => type)).not.toContain('conv2d')
    expect(experiment.spec.model.layers.at(-1)).toMatchObject({ units: 1, activation: 'linear' })
  })

  it('looks nothing up in numbers that are no integers', () => {
    const experiment = new ExperimentState(shelfOf())
    const use = { distinct: 3, values: null, numberProblem: null, textProblem: null, labelProblem: null }
    const column = { ...use, kind: 'number', min: 0, max: 5, gaps: [], filled: use } as const
    const sequences = {
      ...experiment.spec,
      data: { kind: 'csv', ...columns, standardise: false, file: { name: 'a', hash: file.hash, rows: 3 } },
      model: {
        layers: [
          { type: 'embedding', inputDim: 10, outputDim: 4 },
          { type: 'gru', units: 4 },
          { type: 'dense', units: 3, activation: 'softmax' },
        ],
      },
      loss: 'sparseCategoricalCrossentropy',
    }
    const useWith = (isWhole: boolean) => {
      experiment.importText(JSON.stringify(sequences))
      experiment.openWaiting(file)
      const described = columns.features.map((name) => ({ ...column, name, isWhole }))
      experiment.useCsv({ ...file, columns: described }, { ...columns, standardise: false })
      return experiment.spec.model.layers.map(({ type }) => type)
    }
    expect(useWith(true)).toEqual(['embedding', 'gru', 'dense'])
    expect(useWith(false)).toEqual(['dense'])
    expect(experiment.issue).toBeNull()
  })

  it('stays as it was where the columns give no valid spec', () => {
    const experiment = new ExperimentState(shelfOf())
    const before = experiment.spec
    experiment.useCsv(file, { ...columns, features: ['length', 'kind'] })
    expect(experiment.issue?.message).toContain('expected columns other than the label')
    expect([experiment.spec, experiment.csvFile]).toEqual([before, null])
  })

  it('has no file for programs while its data are others', () => {
    const experiment = new ExperimentState(shelfOf())
    experiment.useCsv(file, columns)
    experiment.openLink(`#${encodeHash(defaultExperiment())}`)
    expect(experiment.csvSource).toBeUndefined()
    experiment.openLink(link)
    expect(experiment.csvSource?.hash).toBe(file.hash)
  })

  it('is named after its file, unless it got a name since', () => {
    const experiment = new ExperimentState(shelfOf())
    experiment.useCsv(file, columns)
    experiment.update((spec) => ({ ...spec, name: 'Lesson 3' }))
    experiment.useCsv(file, { ...columns, standardise: false })
    expect(experiment.spec.name).toBe('Lesson 3')
    experiment.useCsv({ ...file, name: 'houses.csv', hash: 'fedcba9876543210' }, columns)
    expect(experiment.spec.name).toBe('houses')
    experiment.update((spec) => adaptToData(spec, 'moons'))
    expect(experiment.spec.name).toBe('Moons')
  })

  it('says that a file is not kept', async () => {
    const experiment = new ExperimentState({ ...shelfOf(), keep: () => Promise.reject(new Error('full')) })
    experiment.useCsv(file, columns)
    await vi.waitFor(() => {
      expect(experiment.isCsvKept).toBe(false)
    })
  })
})

describe('opening an experiment on a CSV file', () => {
  it('finds the file of the last visit again', async () => {
    const first = new ExperimentState(shelfOf())
    first.useCsv(file, columns)
    const second = new ExperimentState(shelfOf(file))
    second.restore('')
    expect(second.isRestoring).toBe(true)
    await vi.waitFor(() => {
      expect(second.isRestoring).toBe(false)
    })
    expect(second.spec).toEqual(first.spec)
    expect(second.csvFile).toEqual(file)
    expect(second.waiting).toBeNull()
  })

  it('keeps the current experiment until the file is there', async () => {
    const experiment = new ExperimentState(shelfOf())
    const before = experiment.spec
    experiment.openLink(link)
    await vi.waitFor(() => {
      expect(experiment.waiting).toMatchObject({ isLooking: false, data: { label: 'kind' } })
    })
    expect(experiment.spec).toBe(before)
    experiment.openWaiting({ ...file, name: 'other.csv', hash: 'fedcba9876543210', rows: 5 })
    expect(experiment.waiting).toBeNull()
    expect(experiment.spec.data).toMatchObject({
      file: { name: 'other.csv', hash: 'fedcba9876543210', rows: 5 },
    })
    expect(experiment.spec.name).toBe('other')
  })

  it('can be given up, and is when something else is opened', async () => {
    const experiment = new ExperimentState(shelfOf(file))
    const before = experiment.spec
    experiment.openLink(link)
    experiment.forgetWaiting()
    expect(experiment.waiting).toBeNull()
    experiment.openLink(link)
    experiment.openLink(`#${encodeHash(defaultExperiment())}`)
    await Promise.resolve()
    expect(experiment.waiting).toBeNull()
    expect(experiment.spec).toEqual(before)
  })

  it('asks for the file of a spec that names none', async () => {
    const experiment = new ExperimentState(shelfOf())
    const { spec } = parseExperiment({
      ...defaultExperiment(),
      spec: {
        ...defaultExperiment().spec,
        data: { kind: 'csv', features: ['a'], label: 'y', task: 'classification' },
      },
    })
    experiment.importText(exportSpec(spec))
    await vi.waitFor(() => {
      expect(experiment.waiting).toMatchObject({ isLooking: false, data: { features: ['a'], classes: 2 } })
    })
    expect(experiment.notice).toBeNull()
  })

  it('knows an edited program of the last visit as read', async () => {
    const first = new ExperimentState(shelfOf())
    first.useCsv(file, columns)
    first.setLane(0, { program: '// edited here' })
    const second = new ExperimentState(shelfOf(file))
    second.restore(`#${first.fragment}`)
    await vi.waitFor(() => {
      expect(second.program(0)).toBe('// edited here')
    })
    expect(second.programSource(0)).toBeUndefined()
  })
})
