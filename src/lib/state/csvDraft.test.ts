import { csvSample } from '$lib/core/data/csvSample'
import { setCsvSource } from '$lib/core/data/csv'
import { describeColumn } from '$lib/core/data/csvColumns'
import { readTable } from '$lib/core/data/csvTable'
import type { CsvFile, ReadProgress } from '$lib/workers/csvClient'
import { describe, expect, it } from 'vitest'
import { CsvDraft } from './csvDraft.svelte'

/** Reads here what the page has a worker for. */
const reader = {
  async read(blob: Blob, name: string): Promise<CsvFile> {
    const bytes = new Uint8Array(await blob.arrayBuffer())
    const table = readTable(bytes)
    setCsvSource(() => Promise.resolve(bytes))
    const columns = table.header.map((_, index) => describeColumn(table, index))
    const { rows, leftOut } = table
    return { name, hash: name, blob, rows: rows.length, columns, leftOut, head: [] }
  },
  sample: (_: unknown, selection: Parameters<typeof csvSample>[0]) => csvSample(selection),
}

const flowers = ['length,width,same,kind,note']
for (let row = 0; row < 20; row++) flowers.push(`${row / 2},${row * 90},7,${row % 2 ? 'b' : 'a'},n${row}`)

async function draftOf(text = flowers.join('\n')): Promise<CsvDraft> {
  const draft = new CsvDraft(reader, null, null)
  await draft.read(new Blob([text]), 'some.csv')
  return draft
}

describe('CsvDraft', () => {
  it('begins with what somebody likely wants', async () => {
    const draft = await draftOf()
    expect(draft.columns).toEqual({
      features: ['length', 'width'],
      label: 'kind',
      task: 'classification',
      classes: 2,
      standardise: true,
      trainFraction: 0.8,
    })
    expect([draft.problem, draft.warnings]).toEqual([null, []])
    expect(await draft.check(1)).toBeNull()
  })

  it('keeps the file that it has when another one cannot be read', async () => {
    const draft = await draftOf()
    await draft.read(new Blob(['a,b\n1,2\n3']), 'ragged.csv')
    expect(draft.error).toContain('csv: row 3: expected 2 fields as in the header, got 1.')
    expect(draft.file?.name).toBe('some.csv')
    expect(draft.progress).toBeNull()
    await draft.read(new Blob(['a,b\n1,x\n3,y']), 'good.csv')
    expect([draft.error, draft.file?.name]).toEqual([null, 'good.csv'])
  })

  it('ends the reading of a file that is cancelled, or that another one follows', async () => {
    const signals: (AbortSignal | undefined)[] = []
    const never = {
      ...reader,
      read: (_: Blob, __: string, onProgress: (progress: ReadProgress) => void, signal?: AbortSignal) => {
        signals.push(signal)
        return new Promise<CsvFile>((_, reject) => {
          signal?.addEventListener('abort', () => {
            reject(new Error('ended'))
            onProgress({ label: 'late', loaded: 1, total: 2 })
          })
        })
      },
    }
    const draft = new CsvDraft(never, null, null)
    const first = draft.read(new Blob(), 'a.csv')
    const second = draft.read(new Blob(), 'b.csv')
    await first
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false])
    expect(draft.progress).toEqual({ label: 'Reading the file', loaded: 0, total: 1 })
    draft.cancel()
    await second
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true])
    expect([draft.progress, draft.error, draft.file]).toEqual([null, null, null])
  })

  it('makes the old label a feature when another column becomes the label', async () => {
    const draft = await draftOf()
    draft.chooseLabel('width')
    expect(draft.columns).toMatchObject({
      features: ['length'],
      label: 'width',
      task: 'regression',
      standardiseLabel: true,
    })
    draft.chooseLabel('length')
    expect(draft.columns).toMatchObject({ features: ['width'], label: 'length' })
  })

  it('says what keeps a choice from being used', async () => {
    const draft = await draftOf()
    draft.chooseFeatures(false)
    expect(draft.problem).toBe('csv: expected features, got none. Choose one column or more.')
    draft.chooseFeatures(true)
    draft.chooseLabel('same')
    draft.chooseTask('classification')
    expect(draft.problem).toContain('csv: column "same": expected 2 or more classes, got 1.')
    draft.chooseTask('regression')
    draft.chooseLabel('kind')
    draft.chooseTask('regression')
    expect(draft.problem).toContain('csv: row 2, column "kind": expected a number, got "a".')
    const texts = Array.from({ length: 101 }, (_, row) => `text ${row},${row % 2 ? 'y' : 'w'}`)
    const text = await draftOf(`a,b\n${texts.join('\n')}`)
    expect(text.problem).toContain(
      'csv: expected a column of numbers, or of few texts, beside "b", got none.',
    )
    const slip = await draftOf('a,b,y\n1,2,u\n2,oops,v\n3,4,u')
    expect(slip.problem).toContain('csv: row 3, column "b": expected a number, got "oops".')
    slip.chooseFeature('b', false)
    expect(slip.problem).toBeNull()
  })

  const people = [
    'id,age,sex,name,kind',
    ...Array.from(
      { length: 120 },
      (_, row) =>
        `${row},${row % 10 === 3 ? '' : row % 7},${row % 40 === 5 ? 'NA' : row % 2 ? 'm' : 'f'},name ${row},${row % 3 ? 'x' : 'y'}`,
    ),
  ].join('\n')

  it('offers to skip rows with gaps, and says what it takes', async () => {
    const draft = await draftOf(people)
    expect(draft.features).toEqual(['age'])
    expect(draft.problem).toContain(
      'csv: row 5, column "age": expected a number, got nothing. Fill it in, skip rows with gaps',
    )
    expect([draft.gaps, draft.skipGaps, draft.rows]).toEqual([12, false, 120])
    draft.chooseSkipGaps(true)
    expect([draft.problem, draft.rows]).toEqual([null, 108])
    expect(draft.columns).toMatchObject({ features: ['age'], skipGaps: true })
    expect(await draft.check(1)).toBeNull()
    draft.chooseFeature('sex', true)
    expect(draft.gaps).toBe(15)
    draft.chooseFeature('sex', false)
    draft.chooseFeature('age', false)
    draft.chooseFeature('id', true)
    expect([draft.gaps, draft.columns.skipGaps]).toEqual([0, undefined])
  })

  it('takes a text as feature, a column for each value, NA among them unless rows with gaps are skipped', async () => {
    const draft = await draftOf(people)
    draft.chooseFeatures(false)
    draft.chooseFeature('sex', true)
    expect(draft.problem).toBeNull()
    expect(draft.columns.oneHot).toEqual([{ column: 'sex', values: ['NA', 'f', 'm'] }])
    draft.chooseSkipGaps(true)
    expect(draft.columns).toMatchObject({ oneHot: [{ column: 'sex', values: ['f', 'm'] }], skipGaps: true })
    expect([draft.inputs, draft.rows]).toEqual([2, 117])
    expect(await draft.check(1)).toBeNull()
    draft.chooseFeature('name', true)
    expect(draft.problem).toBe(
      'csv: column "name": expected 1 to 100 different texts, which become a column each, got 120. Leave the column out.',
    )
  })

  it('has all rows looked at before they are used', async () => {
    const draft = await draftOf('a,y\n1,u\n2,v')
    draft.trainFraction = 0.9
    expect(await draft.check(1)).toContain('csv: expected rows to train and rows to test, got 2 and 0 of 2.')
  })

  it('warns of constant features and of classes with few rows', async () => {
    const draft = await draftOf()
    draft.chooseFeature('same', true)
    draft.chooseLabel('note')
    expect(draft.warnings).toEqual([
      'Column "same" has the same value in every row: a model learns nothing from it.',
      '"note" tells 20 classes apart, with about 1 rows each: is it a number to predict, or the wrong label?',
    ])
  })

  it('begins with an earlier choice where the file has its columns', async () => {
    const { file, columns } = await draftOf()
    const chosen = { ...columns, features: ['width'], standardise: false, trainFraction: 0.5 }
    expect(new CsvDraft(reader, file, chosen).columns).toEqual(chosen)
    expect(new CsvDraft(reader, file, { ...chosen, features: ['other'] }).columns).toEqual(columns)
  })
})
