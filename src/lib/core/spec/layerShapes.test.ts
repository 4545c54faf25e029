import { describe, expect, it } from 'vitest'
import { SpecError } from '../util/errors'
import { openSize, type Shape } from '../util/shapes'
import { defaultSpec } from './defaults'
import { layerShape, layerShapes } from './layerShapes'
import { parseSpec } from './parse'
import type { LayerSpec } from './schema'

const circle = defaultSpec()
const output = { type: 'dense', units: 10, activation: 'softmax' }

function digits(...layers: unknown[]) {
  return parseSpec({
    ...circle,
    data: { kind: 'digits' },
    loss: 'sparseCategoricalCrossentropy',
    model: { layers: [...layers, output] },
  })
}

describe('layerShapes', () => {
  it('follows a dense net', () => {
    expect(layerShapes(circle)).toEqual([
      { input: [2], output: [8], parameters: 24 },
      { input: [8], output: [8], parameters: 72 },
      { input: [8], output: [1], parameters: 9 },
    ])
  })

  it('follows a conv net', () => {
    const spec = digits(
      { type: 'conv2d', filters: 8, kernelSize: 3 },
      { type: 'maxPooling2d' },
      { type: 'conv2d', filters: 4, kernelSize: 5, padding: 'same' },
      { type: 'activation', activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 3, strides: 2 },
      { type: 'conv2d', filters: 2, kernelSize: 2, strides: 3 },
      { type: 'flatten' },
      { type: 'dropout', rate: 0.5 },
    )
    expect(layerShapes(spec).map((shape) => [...shape.output, `${shape.parameters}`])).toEqual([
      [26, 26, 8, '80'],
      [13, 13, 8, '0'],
      [13, 13, 4, '804'],
      [13, 13, 4, '0'],
      [6, 6, 4, '0'],
      [2, 2, 2, '34'],
      [8, '0'],
      [8, '0'],
      [10, '90'],
    ])
  })

  it('follows average pooling and normalisations, which train two weights per feature', () => {
    const spec = digits(
      { type: 'averagePooling2d', poolSize: 4, strides: 3 },
      { type: 'conv2d', filters: 2, kernelSize: 3 },
      { type: 'batchNormalization' },
      { type: 'flatten' },
      { type: 'batchNormalization' },
      { type: 'layerNormalization' },
    )
    expect(layerShapes(spec).map((shape) => [...shape.output, `${shape.parameters}`])).toEqual([
      [9, 9, 1, '0'],
      [7, 7, 2, '20'],
      [7, 7, 2, '4'],
      [98, '0'],
      [98, '196'],
      [98, '196'],
      [10, '990'],
    ])
  })

  it('leaves the bias out of the count where there is none', () => {
    const layers = [{ type: 'dense', units: 1, activation: 'sigmoid', useBias: false }]
    expect(layerShapes(parseSpec({ ...circle, model: { layers } }))[0]?.parameters).toBe(2)
  })

  const tokens = { kind: 'csv', features: ['t0', 't1', 't2'], label: 'y', task: 'classification' }
  const embedding = { type: 'embedding', inputDim: 9, outputDim: 4 }
  const probability = { type: 'dense', units: 1, activation: 'sigmoid' }
  const sequence = (layers: unknown[], data: object = tokens) =>
    parseSpec({ ...circle, data, model: { layers: [...layers, probability] } })

  it('follows sequences of tokens through recurrent layers and layers of each step', () => {
    const spec = sequence([
      embedding,
      { type: 'lstm', units: 5, returnSequences: true },
      { type: 'dropout', rate: 0.1 },
      { type: 'dense', units: 6, activation: 'relu' },
      { type: 'layerNormalization' },
      { type: 'gru', units: 3, returnSequences: true },
      { type: 'simpleRnn', units: 2 },
    ])
    expect(layerShapes(spec).map((shape) => [...shape.output, `${shape.parameters}`])).toEqual([
      [3, 4, '36'],
      [3, 5, '200'],
      [3, 5, '0'],
      [3, 6, '36'],
      [3, 6, '12'],
      [3, 3, '99'],
      [2, '12'],
      [1, '3'],
    ])
    const flat = sequence([embedding, { type: 'flatten' }])
    expect(layerShapes(flat)[1]).toEqual({ input: [3, 4], output: [12], parameters: 0 })
  })

  it('leaves the length of a sequence open', () => {
    const shapeOf = (layer: LayerSpec, input: Shape, tokens: number | null = null) =>
      layerShape(layer, input, 'layer', tokens).output
    const lstm = { type: 'lstm', units: 5, returnSequences: true } as const
    expect(shapeOf({ type: 'embedding', inputDim: 9, outputDim: 4 }, [openSize], 9)).toEqual([openSize, 4])
    expect(shapeOf(lstm, [openSize, 4])).toEqual([openSize, 5])
    expect(shapeOf({ ...lstm, returnSequences: false }, [openSize, 4])).toEqual([5])
    expect(() => shapeOf({ type: 'flatten' }, [openSize, 4])).toThrow(
      'layer: expected examples of one length for flatten, got [null, 4]. Give the recurrent layer before it returnSequences: false.',
    )
    expect(() =>
      shapeOf({ type: 'dense', units: 1, activation: 'linear', useBias: true }, [openSize]),
    ).toThrow('layer: expected as many features in all examples for dense, got [null].')
    expect(() => shapeOf({ type: 'embedding', inputDim: 8, outputDim: 4 }, [3], 9)).toThrow(
      'layer.inputDim: expected at least 9, as many as the dataset has integers, got 8. Set it to 9.',
    )
  })

  const rejected: readonly (readonly [what: string, build: () => unknown, message: string])[] = [
    [
      'dense on an image',
      () => digits(),
      'model.layers[0]: expected a flat input for dense, got [28, 28, 1]. Put a flatten layer before it.',
    ],
    [
      'conv2d on a flat input',
      () => digits({ type: 'flatten' }, { type: 'conv2d', filters: 1, kernelSize: 3 }),
      'model.layers[1]: expected an image input [height, width, channels] for conv2d, got [784]. Remove the layer',
    ],
    [
      'pooling more than there is',
      () => digits({ type: 'maxPooling2d', poolSize: 14 }, { type: 'maxPooling2d', poolSize: 3 }),
      "model.layers[1].poolSize: expected at most the input's 2 pixels for maxPooling2d, got 3. Make it smaller",
    ],
    [
      'average pooling of a flat input',
      () => digits({ type: 'flatten' }, { type: 'averagePooling2d' }),
      'model.layers[1]: expected an image input [height, width, channels] for averagePooling2d, got [784].',
    ],
    [
      'layer normalisation of an image',
      () => digits({ type: 'layerNormalization' }),
      'model.layers[0]: expected a flat input for layerNormalization (on images the frameworks take different axes), got [28, 28, 1]. Put a flatten layer before it.',
    ],
    [
      'an embedding of real numbers',
      () => sequence([embedding], { kind: 'circle' }),
      'model.layers[0]: expected integers for embedding, got real numbers [2]. Make it the first layer, on a dataset of integers.',
    ],
    [
      'an embedding of standardised columns',
      () => sequence([embedding], { ...tokens, standardise: true }),
      'model.layers[0]: expected integers for embedding, got real numbers [3].',
    ],
    [
      'an embedding of an image',
      () => digits(embedding),
      'model.layers[0]: expected integers for embedding, got real numbers [28, 28, 1].',
    ],
    [
      'an embedding behind another layer',
      () => sequence([{ type: 'dropout', rate: 0.1 }, embedding]),
      'model.layers[1]: expected integers for embedding, got real numbers [3]. Make it the first layer',
    ],
    [
      'a recurrent layer on a row',
      () => sequence([{ type: 'lstm', units: 2 }]),
      'model.layers[0]: expected a sequence [steps, features] for lstm, got [3]. Put an embedding layer before it, or give the recurrent layer before it returnSequences: true.',
    ],
    [
      'a recurrent layer on an image',
      () => digits({ type: 'gru', units: 2 }),
      'model.layers[0]: expected a sequence [steps, features] for gru, got [28, 28, 1]. Remove it, or choose a dataset of sequences.',
    ],
    [
      'batch normalisation of a sequence',
      () => sequence([embedding, { type: 'batchNormalization' }, { type: 'flatten' }]),
      'model.layers[1]: expected a row or an image for batchNormalization (the frameworks lay sequences out differently), got [3, 4]. Use layerNormalization.',
    ],
    [
      'a sequence at the end',
      () => sequence([embedding]),
      'model.layers[1].units: expected 1 for binaryCrossentropy on this dataset, got [3, 1].',
    ],
    [
      'strides with padding same',
      () => digits({ type: 'conv2d', filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
      'model.layers[0].strides: expected 1 with padding same (PyTorch has no other), got 2. Use padding valid.',
    ],
  ]
  it.each(rejected)('rejects %s', (_what, build, message) => {
    expect(build).toThrow(SpecError)
    expect(build).toThrow(message)
  })
})
