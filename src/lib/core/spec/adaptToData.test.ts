import { describe, expect, it } from 'vitest'
import { adaptToData, adaptToLoss, adaptToOutput } from './adaptToData'
import { dataKinds, dataRecords } from '../catalogue/data'
import { defaultSpec } from './defaults'
import { layerShapes } from './layerShapes'
import { openSize } from '../util/shapes'
import { parseSpec } from './parse'

const circle = defaultSpec()
const conv = parseSpec({
  ...circle,
  data: { kind: 'digits' },
  loss: 'sparseCategoricalCrossentropy',
  model: {
    layers: [
      { type: 'conv2d', filters: 8, kernelSize: 3, activation: 'relu' },
      { type: 'maxPooling2d' },
      { type: 'flatten' },
      { type: 'dense', units: 16, activation: 'relu' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
})
const layerNames = (spec: typeof circle) =>
  spec.model.layers.map((layer) => (layer.type === 'dense' ? `dense ${layer.units}` : layer.type))

describe('adaptToData', () => {
  it('gives a regression an output that can reach its targets', () => {
    for (const kind of ['plane', 'waves'] as const) {
      expect(adaptToData(circle, kind).model.layers.at(-1)).toMatchObject({ units: 1, activation: 'linear' })
    }
  })

  it('gives a valid spec from every dataset to every other', () => {
    const kinds = dataKinds.filter((kind) => dataRecords[kind].source !== 'file')
    for (const from of kinds) {
      for (const to of kinds) {
        const adapted = adaptToData(adaptToData(conv, from), to)
        expect(parseSpec(adapted)).toEqual(adapted)
        expect(adapted.data.kind).toBe(to)
      }
    }
  })

  it('keeps the model where it still fits', () => {
    expect(adaptToData(circle, 'moons').model).toEqual(circle.model)
  })

  it('names the experiment after other data, and keeps a name while the data stay', () => {
    const named = { ...circle, name: 'Lesson 3' }
    expect(adaptToData(named, 'circle').name).toBe('Lesson 3')
    expect(adaptToData(named, 'digits').name).toBe('Digits')
  })

  it('keeps hidden layers and flattens images', () => {
    const digits = adaptToData(circle, 'digits')
    expect(layerNames(digits)).toEqual(['flatten', 'dense 8', 'dense 8', 'dense 10'])
    expect(digits.loss).toBe('sparseCategoricalCrossentropy')
    expect(digits.data).toEqual({ kind: 'digits', samples: 10_000, trainFraction: 0.8 })
  })

  it('leaves out what needs an image', () => {
    const plane = adaptToData(conv, 'plane')
    expect(layerNames(plane)).toEqual(['dense 16', 'dropout', 'dense 1'])
    expect(plane.loss).toBe('meanSquaredError')
    expect(plane.model.layers.at(-1)).toMatchObject({ activation: 'linear' })
    expect(layerShapes(plane).at(-1)?.output).toEqual([1])
  })
})

describe('adaptToOutput', () => {
  it('follows the number of classes', () => {
    const spiral = adaptToData(circle, 'spiral')
    const data = { kind: 'spiral', samples: 500, noise: 0, trainFraction: 0.5, classes: 3 } as const
    const three = adaptToOutput({ ...spiral, data })
    expect(three.loss).toBe('sparseCategoricalCrossentropy')
    expect(three.model.layers.at(-1)).toMatchObject({ units: 3, activation: 'softmax' })
  })
})

describe('adaptToLoss', () => {
  it('changes the output layer only where the loss needs it', () => {
    expect(adaptToLoss(circle, 'meanSquaredError').model).toEqual(circle.model)
    expect(adaptToLoss(circle, 'sparseCategoricalCrossentropy').model.layers.at(-1)).toMatchObject({
      units: 2,
      activation: 'softmax',
    })
  })

  it('rejects a loss for another task', () => {
    expect(() => adaptToLoss(adaptToData(circle, 'waves'), 'binaryCrossentropy')).toThrow(
      'loss: expected one of meanSquaredError, meanAbsoluteError, huber for the Waves dataset, got binaryCrossentropy.',
    )
  })
})

describe('adaptToData for sequences', () => {
  const recall = adaptToData(circle, 'recall')

  it('replaces a model that cannot look up tokens by one that reads them', () => {
    expect(layerNames(recall)).toEqual(['embedding', 'gru', 'dense 3'])
    expect(recall.model.layers[0]).toMatchObject({ inputDim: 4 })
    expect(layerShapes(recall).map(({ output }) => output)).toEqual([[openSize, 8], [16], [3]])
  })

  it('keeps a model that reads tokens, with a row of the embedding for each of them', () => {
    const parity = adaptToData(recall, 'parity')
    expect(layerNames(parity)).toEqual(['embedding', 'gru', 'dense 2'])
    const more = adaptToOutput({ ...recall, data: { ...recall.data, kind: 'recall', classes: 8 } as never })
    expect(more.model.layers[0]).toMatchObject({ type: 'embedding', inputDim: 9 })
    expect(layerNames(more)).toEqual(['embedding', 'gru', 'dense 8'])
  })

  it('replaces it by dense layers for points and images', () => {
    expect(layerNames(adaptToData(recall, 'circle'))).toEqual(['dense 8', 'dense 8', 'dense 2'])
    expect(layerNames(adaptToData(recall, 'digits'))).toEqual(['flatten', 'dense 8', 'dense 8', 'dense 10'])
  })
})
