/** The code of layers, in both styles. */
import { describe, expect, it } from 'vitest'
import { flat, linesWith, program, withLayers } from '../../../../tests/support/programText'
import type { Style } from '../spec/schema'

describe('layers', () => {
  const spec = withLayers(
    [
      { type: 'conv2d', filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d' },
      { type: 'conv2d', filters: 4, kernelSize: 2, strides: 2 },
      { type: 'maxPooling2d', poolSize: 3, strides: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 6, activation: 'gelu', useBias: false },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10 },
      { type: 'activation', activation: 'softmax' },
    ],
    { data: { kind: 'digits' }, loss: 'categoricalCrossentropy' },
  )

  it('keras', () => {
    expect(linesWith(program(spec, 'keras'), 'Input(', 'layers.', 'loss')).toEqual([
      'Input({ shape: [28, 28, 1] }),',
      "new layers.Conv2D(8, { kernelSize: 3, padding: 'same', activation: 'relu' }),",
      'new layers.MaxPooling2D({ poolSize: 2 }),',
      'new layers.Conv2D(4, { kernelSize: 2, strides: 2 }),',
      'new layers.MaxPooling2D({ poolSize: 3, strides: 2 }),',
      'new layers.Flatten(),',
      "new layers.Dense(6, { activation: 'gelu', useBias: false }),",
      'new layers.Dropout(0.2),',
      'new layers.Dense(10),',
      "new layers.Activation('softmax'),",
      "loss: 'categoricalCrossentropy',",
    ])
  })

  it('torch: sizes written out, the last softmax left to the loss', () => {
    expect(linesWith(program(spec, 'torch'), 'nn.', 'correct +=', 'channelsFirst')).toEqual([
      'channelsFirst: true,',
      'export const model = new nn.Sequential(',
      "new nn.Conv2d(1, 8, 3, { padding: 'same' }),",
      'new nn.ReLU(),',
      'new nn.MaxPool2d(2),',
      'new nn.Conv2d(8, 4, 2, { stride: 2 }),',
      'new nn.MaxPool2d(3, { stride: 2 }),',
      'new nn.Flatten(),',
      'new nn.Linear(36, 6, { bias: false }),',
      'new nn.GELU(),',
      'new nn.Dropout(0.2),',
      'new nn.Linear(6, 10),',
      'const criterion = new nn.CrossEntropyLoss()',
      'correct += await logits.argmax(1).eq(y.argmax(1)).sum().item()',
    ])
  })

  it('torch: hidden activations, softmax over the channels among them', () => {
    const hidden = ['relu', 'leakyRelu', 'tanh', 'sigmoid', 'gelu', 'softmax', 'linear'].map(
      (activation) => ({
        type: 'activation',
        activation,
      }),
    )
    const text = program(withLayers([...hidden, { type: 'dense', units: 1 }]), 'torch')
    const modules = /Sequential\(([^]*?)\n\)/.exec(text)?.[1]
    expect(
      modules
        ?.replaceAll(/ *new nn\.|,|\n/g, ' ')
        .trim()
        .split(/ +/),
    ).toEqual(['ReLU()', 'LeakyReLU()', 'Tanh()', 'Sigmoid()', 'GELU()', 'Softmax(1)', 'Linear(2', '1)'])
  })
})

describe('normalisation and average pooling', () => {
  const spec = withLayers(
    [
      { type: 'averagePooling2d', poolSize: 4 },
      { type: 'averagePooling2d', poolSize: 3, strides: 2 },
      { type: 'batchNormalization' },
      { type: 'flatten' },
      { type: 'dense', units: 6 },
      { type: 'batchNormalization', momentum: 0.95, epsilon: 0.01 },
      { type: 'layerNormalization' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
    { data: { kind: 'digits' }, loss: 'categoricalCrossentropy' },
  )
  const layerLines = (style: Style, alignedTo?: Style) =>
    linesWith(program(spec, style, alignedTo), 'Norm', 'Average', 'Avg')

  it('keras', () => {
    expect(layerLines('keras')).toEqual([
      'new layers.AveragePooling2D({ poolSize: 4 }),',
      'new layers.AveragePooling2D({ poolSize: 3, strides: 2 }),',
      'new layers.BatchNormalization(),',
      'new layers.BatchNormalization({ momentum: 0.95, epsilon: 0.01 }),',
      'new layers.LayerNormalization(),',
    ])
    const aligned = flat(program(spec, 'keras', 'torch'))
    expect(aligned).toContain(
      "BatchNormalization({ momentum: 0.9, epsilon: 0.00001, formulation: 'torch' }),",
    )
    expect(aligned).toContain("BatchNormalization({ momentum: 0.95, epsilon: 0.01, formulation: 'torch' }),")
    expect(aligned).toContain('LayerNormalization({ epsilon: 0.00001 }),')
  })

  it('torch: momentum is the share that is replaced', () => {
    expect(layerLines('torch')).toEqual([
      'new nn.AvgPool2d(4),',
      'new nn.AvgPool2d(3, { stride: 2 }),',
      'new nn.BatchNorm2d(1),',
      'new nn.BatchNorm1d(6, { eps: 0.01, momentum: 0.05 }),',
      'new nn.LayerNorm(6),',
    ])
    expect(layerLines('torch', 'keras').slice(2)).toEqual([
      "new nn.BatchNorm2d(1, { eps: 0.001, momentum: 0.01, formulation: 'keras' }),",
      "new nn.BatchNorm1d(6, { eps: 0.01, momentum: 0.05, formulation: 'keras' }),",
      'new nn.LayerNorm(6, { eps: 0.001 }),',
    ])
  })
})
