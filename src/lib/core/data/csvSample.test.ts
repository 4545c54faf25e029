import { beforeAll, describe, expect, it } from 'vitest'
import { csv, setCsvSource, type CsvSelection } from './csv'
import { csvAsked, csvPlane, csvSample } from './csvSample'

const rows = Array.from({ length: 20 }, (_, row) => [row, 100 - 3 * row, row * row, row % 2 ? 'odd' : 'even'])
const classes: CsvSelection = {
  features: ['a', 'b'],
  label: 'kind',
  task: 'classification',
  classes: 2,
  standardise: true,
  trainFraction: 0.5,
  seed: 7,
}
const numbers: CsvSelection = { ...classes, label: 'square', task: 'regression', classes: undefined }

beforeAll(() => {
  const text = ['a,b,square,kind', ...rows.map((row) => row.join())].join('\n')
  setCsvSource(() => Promise.resolve(new TextEncoder().encode(text)))
})

describe('csvSample', () => {
  it('has the points of two features in the plotted square, with the names of their classes', async () => {
    const sample = await csvSample(classes)
    expect(sample).toMatchObject({ trainCount: 10, testCount: 10, classNames: ['even', 'odd'] })
    expect(sample.horizontal).toEqual({ name: 'a', min: 0 - 0.06 * 19, max: 19 + 0.06 * 19 })
    expect(sample.vertical.name).toBe('b')
    const { x, y } = sample.train
    for (let row = 0; row < 10; row++) {
      // b falls as a rises, over the same share of their ranges
      expect(x.values[2 * row]).toBeCloseTo(-(x.values[2 * row + 1] ?? NaN), 5)
      const a = Math.round((((x.values[2 * row] ?? NaN) / 1.25 + 1) / 2) * 1.12 * 19 - 0.06 * 19)
      expect(y.values[row]).toBe(Math.abs(a % 2))
    }
  })

  it('has the first feature and the target of a regression', async () => {
    const sample = await csvSample(numbers)
    expect([sample.horizontal.name, sample.vertical.name]).toEqual(['a', 'square'])
    expect(sample.classNames).toEqual([])
  })

  it('asks about test rows: their numbers in the file, targets and inputs belong together', async () => {
    const { asked } = await csvSample(numbers)
    const inputs = await csvAsked(numbers)
    const { test } = await csv(numbers)
    expect(asked.areTest).toBe(true)
    expect(inputs).toEqual(test.x)
    expect(Float32Array.from(asked.targets)).toEqual(test.y.values)
    expect([...asked.rows].map((row) => (row - 2) ** 2)).toEqual([...asked.targets])
  })

  it('says how the answers of a standardised label become numbers of the file', async () => {
    const scaled: CsvSelection = { ...numbers, standardiseLabel: true }
    const { asked } = await csvSample(scaled)
    const { train, test } = await csv(scaled)
    const mean = [...train.y.values].reduce((sum, value) => sum + value, 0) / 10
    const variance = [...train.y.values].reduce((sum, value) => sum + value ** 2, 0) / 10
    expect([mean, variance]).toEqual([expect.closeTo(0, 5), expect.closeTo(1, 5)])
    for (const [row, value] of test.y.values.entries()) {
      expect(value * asked.scale.deviation + asked.scale.mean).toBeCloseTo(asked.targets[row] ?? NaN, 3)
    }
  })

  it('asks about training rows where none are for testing', async () => {
    const { asked } = await csvSample({ ...numbers, trainFraction: 1 })
    expect(asked.areTest).toBe(false)
    expect(asked.rows).toEqual(Uint32Array.from(rows, (_, row) => row + 2))
  })

  it('gives the plane to a model as it reads its rows', async () => {
    const { train } = await csv(classes)
    const sample = await csvSample(classes)
    const inputs = await csvPlane(classes, sample.train.x)
    for (const [at, value] of train.x.values.entries()) expect(inputs.values[at]).toBeCloseTo(value, 4)
  })
})
