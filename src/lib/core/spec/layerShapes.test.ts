import { describe, expect, it } from 'vitest'
import { SpecError } from '../util/errors'
import { defaultSpec } from './defaults'
import { layerShapes } from './layerShapes'
import { parseSpec } from './parse'

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
