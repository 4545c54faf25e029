/** The modules of a PyTorch-style `Sequential`: sizes written out, activations as modules of their own. */
import { layerShapes, type LayerShape } from '../spec/layerShapes'
import type { Activation, AnySpec, LayerSpec } from '../spec/schema'
import { isCrossentropy } from '../spec/targets'
import {
  batchNormMomentum,
  explicit,
  formulation,
  negativeSlope,
  normalizationEpsilon,
  option,
  unless,
  type Dialect,
} from './constants'
import { printCall, quote, type Options } from './printCall'

/** One line per module; without the last sigmoid or softmax where the loss reads logits. */
export function torchLayers(spec: AnySpec, dialect: Dialect): readonly string[] {
  const shapes = layerShapes(spec)
  const last = spec.model.layers.length - 1
  return spec.model.layers.flatMap((layer, index) => {
    const shape = shapes[index]
    const dropsActivation = index === last && isCrossentropy(spec.loss)
    return shape ? moduleLines(dropsActivation ? withoutActivation(layer) : layer, shape, dialect) : []
  })
}

function withoutActivation(layer: LayerSpec): LayerSpec {
  return 'activation' in layer ? { ...layer, activation: 'linear' } : layer
}

function moduleLine(
  name: string,
  positional: readonly (string | number)[] = [],
  options: Options = [],
): string {
  return printCall({
    callee: `new nn.${name}`,
    positional: positional.map(String),
    options,
    end: ',',
    indent: '  ',
  })
}

function moduleLines(layer: LayerSpec, { input }: LayerShape, dialect: Dialect): readonly string[] {
  switch (layer.type) {
    case 'dense': {
      const options: Options = layer.useBias ? [] : [['bias', 'false']]
      const linear = moduleLine('Linear', [input[0] ?? 0, layer.units], options)
      return [linear, ...activationLines(layer.activation, dialect)]
    }
    case 'conv2d': {
      const channels = input[2] ?? 0
      const options: Options = [
        ...(layer.strides === 1 ? [] : [['stride', String(layer.strides)] as const]),
        ...(layer.padding === 'valid' ? [] : [['padding', quote(layer.padding)] as const]),
      ]
      const convolution = moduleLine('Conv2d', [channels, layer.filters, layer.kernelSize], options)
      return [convolution, ...activationLines(layer.activation, dialect)]
    }
    case 'maxPooling2d':
      return [poolingLine('MaxPool2d', layer)]
    case 'averagePooling2d':
      return [poolingLine('AvgPool2d', layer)]
    case 'batchNormalization': {
      const name = input.length === 1 ? 'BatchNorm1d' : 'BatchNorm2d'
      return [moduleLine(name, [input.at(-1) ?? 0], batchNormOptions(layer, dialect))]
    }
    case 'layerNormalization':
      return [moduleLine('LayerNorm', [input.at(-1) ?? 0], epsOption(layer, dialect))]
    case 'flatten':
      return [moduleLine('Flatten')]
    case 'dropout':
      return [moduleLine('Dropout', [layer.rate])]
    case 'activation':
      return activationLines(layer.activation, dialect)
  }
}

function poolingLine(name: string, layer: Extract<LayerSpec, { poolSize: number }>): string {
  const { poolSize, strides = poolSize } = layer
  return moduleLine(name, [poolSize], unless('stride', strides, poolSize))
}

function batchNormOptions(
  layer: Extract<LayerSpec, { type: 'batchNormalization' }>,
  dialect: Dialect,
): Options {
  const kept = explicit(layer.momentum, batchNormMomentum, dialect)
  // PyTorch's momentum is the share that is replaced: 1 − 0.99 without the rounding of binary fractions.
  const momentum = kept === undefined ? undefined : Number((1 - kept).toPrecision(12))
  return [...epsOption(layer, dialect), ...option('momentum', momentum), ...formulation(dialect)]
}

function epsOption({ epsilon }: { readonly epsilon?: number | undefined }, dialect: Dialect): Options {
  return option('eps', explicit(epsilon, normalizationEpsilon, dialect))
}

function activationLines(activation: Activation, dialect: Dialect): readonly string[] {
  switch (activation) {
    case 'linear':
      return []
    case 'relu':
      return [moduleLine('ReLU')]
    case 'leakyRelu':
      return [
        moduleLine('LeakyReLU', [], option('negativeSlope', explicit(undefined, negativeSlope, dialect))),
      ]
    case 'tanh':
      return [moduleLine('Tanh')]
    case 'sigmoid':
      return [moduleLine('Sigmoid')]
    case 'gelu':
      return [moduleLine('GELU')]
    case 'softmax':
      // Axis 1 holds the channels in PyTorch's layout, as the last axis does in Keras'.
      return [moduleLine('Softmax', [1])]
  }
}
