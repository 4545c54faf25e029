/** Tables as people download them, through what the page and the lab do with a file: choose columns, write the spec, train. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TestLab } from './support/testLab'
import { setCsvSource, type CsvSelection } from '../src/lib/core/data/csv'
import { checkHeader, describeColumn } from '../src/lib/core/data/csvColumns'
import { csvSample } from '../src/lib/core/data/csvSample'
import { readTable } from '../src/lib/core/data/csvTable'
import type { RunEvent } from '../src/lib/core/events/types'
import { defaultSpec } from '../src/lib/core/spec/defaults'
import { parseSpec } from '../src/lib/core/spec/parse'
import { contentHash } from '../src/lib/core/data/contentHash'
import { CsvDraft } from '../src/lib/state/csvDraft.svelte'
import { specOnFile } from '../src/lib/state/csvSpec'

const bytesOf = (name: string) => new Uint8Array(readFileSync(`tests/tables/${name}`))

/** Reads here what the page has a worker for. */
const reader = {
  async read(blob: Blob, name: string) {
    const bytes = new Uint8Array(await blob.arrayBuffer())
    const table = readTable(bytes)
    checkHeader(table)
    setCsvSource(() => Promise.resolve(bytes))
    const columns = table.header.map((_, index) => describeColumn(table, index))
    const { rows, leftOut } = table
    return { name, hash: contentHash(bytes), blob, rows: rows.length, columns, leftOut, head: [] }
  },
  sample: (_: unknown, selection: CsvSelection) => csvSample(selection),
}

async function draftOf(name: string): Promise<CsvDraft> {
  const draft = new CsvDraft(reader, null, null)
  await draft.read(new Blob([bytesOf(name)]), name)
  expect(draft.error).toBeNull()
  return draft
}

const testLab = new TestLab()

/** Losses of the first steps in the lab. */
async function losses(file: string, style: string, execution: string): Promise<number[]> {
  const command = `train spec.json --data ${file} --style ${style} --execution ${execution} --steps 4 --out ${style}`
  const code = await testLab.run(command)
  expect([code, testLab.errors]).toEqual([0, []])
  const events = testLab.text(`${style}/events.jsonl`).trimEnd().split('\n')
  return events
    .map((line) => JSON.parse(line) as RunEvent)
    .flatMap(({ tag, value }) => (tag === 'loss' ? [Number(value)] : []))
}

/** What somebody chooses in the dialog, what is then said, and what the model reads. */
interface Choice {
  readonly file: string
  readonly label: string
  /** Beside the numbers that are chosen at first. */
  readonly texts?: readonly string[]
  readonly without?: readonly string[]
  readonly skipped: number
  readonly inputs: number
  readonly rows: number
}

const choices: readonly Choice[] = [
  {
    file: 'penguins.csv',
    label: 'species',
    texts: ['island', 'sex'],
    without: ['year'],
    skipped: 3,
    inputs: 9,
    rows: 18,
  },
  { file: 'penguinsSeaborn.csv', label: 'species', texts: ['island', 'sex'], skipped: 2, inputs: 9, rows: 8 },
  { file: 'titanic.csv', label: 'Survived', texts: ['Sex', 'Embarked'], skipped: 3, inputs: 10, rows: 17 },
  { file: 'winequality-red.csv', label: 'quality', skipped: 0, inputs: 11, rows: 14 },
  {
    file: 'californiaHousing.csv',
    label: 'median_house_value',
    texts: ['ocean_proximity'],
    skipped: 1,
    inputs: 12,
    rows: 11,
  },
  { file: 'boston.csv', label: 'medv', skipped: 0, inputs: 12, rows: 10 },
  { file: 'autosGerman.csv', label: 'Kraftstoff', texts: ['Marke'], skipped: 1, inputs: 7, rows: 5 },
]

describe('a table as it is downloaded', () => {
  it.each(choices)('$file opens, and trains alike in both styles and executions', async (choice) => {
    const { file, label, texts = [], without = [], skipped, inputs, rows } = choice
    const draft = await draftOf(file)
    draft.chooseLabel(label)
    for (const name of texts) draft.chooseFeature(name, true)
    for (const name of without) draft.chooseFeature(name, false)
    if (skipped > 0) {
      expect(draft.problem).toMatch(/Fill it in, skip rows with gaps/)
      draft.chooseSkipGaps(true)
    }
    expect([draft.problem, draft.gaps, draft.inputs, draft.rows]).toEqual([null, skipped, inputs, rows])
    expect(await draft.check(42)).toBeNull()

    const given = draft.file
    if (given === null) throw new Error('no file')
    const spec = parseSpec(specOnFile(defaultSpec(), given, draft.columns))
    expect(spec.data).toMatchObject({ file: { rows } })
    testLab.write('spec.json', { ...spec, training: { ...spec.training, batchSize: 4 } })
    testLab.write(file, bytesOf(file))
    const eager = await losses(file, 'keras', 'eager')
    expect(eager).toHaveLength(4)
    for (const [style, execution] of [
      ['torch', 'eager'],
      ['torch', 'static'],
    ] as const) {
      const others = await losses(file, style, execution)
      for (const [step, loss] of eager.entries())
        expect(Math.abs(loss - (others[step] ?? NaN))).toBeLessThan(1e-4)
    }
  })

  it('has its commas within quotes, and numbers the rows by no feature', async () => {
    const draft = await draftOf('titanic.csv')
    const name = draft.file?.columns.find((column) => column.name === 'Name')
    expect(name?.values).toContain('Braund, Mr. Owen Harris')
    expect(draft.features).not.toContain('PassengerId')
    expect((await draftOf('boston.csv')).features).not.toContain('column 1')
  })

  it('is read in the lab as on the page, by a spec that names the columns', async () => {
    const draft = await draftOf('autosGerman.csv')
    draft.chooseFeatures(false)
    draft.chooseFeature('Verbrauch, l/100 km', true)
    draft.chooseFeature('Leistung', true)
    expect(draft.columns.features).toEqual(['Verbrauch, l/100 km', 'Leistung'])
  })
})
