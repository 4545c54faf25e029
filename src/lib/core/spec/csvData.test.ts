import { describe, expect, it } from 'vitest'
import { csvViewOf, type CsvData } from '../catalogue/data/csv'
import { exampleCount } from './datasets'
import { defaultSpec } from './defaults'
import { layerShapes } from './layerShapes'
import { parseExperiment, parseSpec } from './parse'
import { labelEncoding } from './targets'

const data = { kind: 'csv', features: ['length', 'width'], label: 'species', task: 'classification' }

function withData(change: object, loss = 'sparseCategoricalCrossentropy', units = 3): unknown {
  const layers = [{ type: 'dense', units, activation: 'linear' }]
  return { ...defaultSpec(), data: { ...data, ...change }, loss, model: { layers } }
}

/** So many columns of so many texts, each as long. */
function manyTexts(columns: number, count: number, length: number) {
  const features = Array.from({ length: columns }, (_, index) => `c${index}`)
  const values = Array.from({ length: count }, (_, index) =>
    String.fromCodePoint(0x4e00 + index).padEnd(length, 'x'),
  )
  return { features, oneHot: features.map((column) => ({ column, values })) }
}

describe('a spec of a CSV file', () => {
  it('has its defaults, and as many classes as the model tells apart', () => {
    const spec = parseSpec(withData({}))
    expect(spec.data).toEqual({ ...data, standardise: false, trainFraction: 0.8, classes: 3 })
    expect(layerShapes(spec).map(({ input }) => input)).toEqual([[2]])
  })

  it('has two classes where one output tells them apart', () => {
    const binary = parseSpec(withData({}, 'binaryCrossentropy', 1))
    expect(binary.data).toMatchObject({ classes: 2 })
    expect(labelEncoding(binary)).toBe('binary')
    expect(parseSpec(withData({}, 'meanSquaredError', 1)).data).toMatchObject({ classes: 2 })
  })

  it('reads a number for each value of a text', () => {
    const spec = parseSpec(
      withData({ oneHot: [{ column: 'width', values: ['s', 'm', 'l'] }], skipGaps: true }),
    )
    expect(layerShapes(spec).map(({ input }) => input)).toEqual([[4]])
    expect(csvViewOf({ ...spec.data, kind: 'csv' } as CsvData, true)).toBe('confusion')
    expect(csvViewOf(parseSpec(withData({})).data as CsvData, true)).toBe('plane')
  })

  it('may be a regression, and may train on all rows', () => {
    const spec = parseSpec(withData({ task: 'regression', trainFraction: 1 }, 'meanSquaredError', 1))
    expect(spec.data).toMatchObject({ trainFraction: 1 })
    expect(labelEncoding(spec)).toBeNull()
  })

  it.each([
    [
      withData({ features: ['a', 'b', 'a'] }),
      'data.features[2]: expected each column once, got "a" again. Remove one of the two.',
    ],
    [
      withData({ features: ['Gro\u0308ße', 'Gr\u00f6ße'] }),
      'data.features[1]: expected each column once, got "Gr\u00f6ße" again. Remove one of the two.',
    ],
    [
      withData({ oneHot: [{ column: 'sex', values: ['f', 'm'] }] }),
      'data.oneHot[0].column: expected a column of the features, got "sex". Correct the name, or remove the entry.',
    ],
    [
      withData({
        oneHot: [
          { column: 'width', values: ['f'] },
          { column: 'width', values: ['m'] },
        ],
      }),
      'data.oneHot[1].column: expected each column once, got "width" again. Correct the name, or remove the entry.',
    ],
    [
      withData({ oneHot: [{ column: 'width', values: ['f', 'm', 'f'] }] }),
      'data.oneHot[0].values[2]: expected each value once, got "f" again. Remove one of the two.',
    ],
    [
      withData({ oneHot: [{ column: 'width', values: Array.from({ length: 101 }, (_, at) => String(at)) }] }),
      'data.oneHot[0].values: expected a list of 1 to 100 entries, got 101.',
    ],
    [
      withData(manyTexts(50, 100, 1)),
      'data.oneHot: expected at most 4096 numbers for an example, got 5000. Choose fewer columns of texts.',
    ],
    [
      withData(manyTexts(40, 100, 20)),
      'data.oneHot: expected values of at most 50000 characters together, got 80000. Choose fewer columns of texts.',
    ],
    [
      withData({ features: ['a', 'species'] }),
      'data.features[1]: expected columns other than the label, got "species". Remove it from the features.',
    ],
    [withData({ features: [] }), 'data.features: expected a list of 1 to 4096 entries, got 0.'],
    [withData({ trainFraction: 0 }), 'data.trainFraction: expected a number from 0.1 to 1, got 0.'],
    [withData({ classes: 4 }), 'model.layers[0].units: expected 4 for sparseCategoricalCrossentropy'],
    [
      withData({ task: 'regression', classes: 2 }, 'meanSquaredError', 1),
      'data.classes: expected none for a regression, got 2. Remove the entry.',
    ],
    [
      withData({ standardiseLabel: true }),
      'data.standardiseLabel: expected none for a classification, got true. Remove the entry.',
    ],
    [
      withData({ task: 'regression' }),
      'loss: expected one of meanSquaredError, meanAbsoluteError, huber for the CSV dataset',
    ],
  ])('refuses what contradicts itself', (value, message) => {
    expect(() => parseSpec(value)).toThrow(message)
  })

  it('may name its file, and stands in an experiment as alone', () => {
    const file = { name: 'flowers.csv', hash: '0123456789abcdef', rows: 150 }
    const spec = parseSpec(withData({ file }))
    expect(exampleCount(spec.data)).toBe(150)
    expect(exampleCount(parseSpec(withData({})).data)).toBe(0)
    const lanes = [{ style: 'keras' }, { style: 'torch' }]
    expect(parseExperiment({ version: 1, spec: withData({ file }), lanes }).spec).toEqual(spec)
    const message = 'spec.data.features: expected a list of 1 to 4096 entries, got 0.'
    expect(() => parseExperiment({ version: 1, spec: withData({ features: [] }), lanes })).toThrow(message)
  })
})
