/** The modules of a PyTorch `Sequential`: sizes written out, activations as modules of their own. */
import { layerShapes, type LayerShape } from '../spec/layerShapes'
import type { Activation, LayerSpec, Spec } from '../spec/schema'
import { isCrossentropy } from '../spec/targets'
import type { Shape } from '../util/shapes'
import {
  batchNormMomentum,
  explicit,
  formulation,
  hasTwoBiases,
  negativeSlope,
  normalizationEpsilon,
  option,
  recurrentClasses,
  unless,
  type Dialect,
} from './constants'
import { printCall, quote, type LayerCall, type Options } from './printCall'

/** One line of program text per module. */
export function torchLayers(spec: Spec, dialect: Dialect): readonly string[] {
  return torchModules(spec, dialect).map(({ name, ...call }) =>
    printCall({ callee: `new nn.${name}`, ...call, end: ',', indent: '  ' }),
  )
}

/** The modules as calls; without the last sigmoid or softmax where the loss reads logits. */
export function torchModules(spec: Spec, dialect: Dialect): readonly LayerCall[] {
  const shapes = layerShapes(spec)
  const last = spec.model.layers.length - 1
  return spec.model.layers.flatMap((layer, index) => {
    const shape = shapes[index]
    const dropsActivation = index === last && isCrossentropy(spec.loss)
    return shape ? modulesOf(dropsActivation ? withoutActivation(layer) : layer, shape, dialect) : []
  })
}

function withoutActivation(layer: LayerSpec): LayerSpec {
  return 'activation' in layer ? { ...layer, activation: 'linear' } : layer
}

function module(
  name: string,
  positional: readonly (string | number)[] = [],
  options: Options = [],
): LayerCall {
  return { name, positional: positional.map(String), options }
}

function modulesOf(layer: LayerSpec, { input }: LayerShape, dialect: Dialect): readonly LayerCall[] {
  switch (layer.type) {
    case 'dense': {
      const options: Options = layer.useBias ? [] : [['bias', 'false']]
      const linear = module('Linear', [input.at(-1) ?? 0, layer.units], options)
      return [linear, ...activationModules(layer.activation, input, dialect)]
    }
    case 'conv2d': {
      const channels = input[2] ?? 0
      const options: Options = [
        ...(layer.strides === 1 ? [] : [['stride', String(layer.strides)] as const]),
        ...(layer.padding === 'valid' ? [] : [['padding', quote(layer.padding)] as const]),
      ]
      const convolution = module('Conv2d', [channels, layer.filters, layer.kernelSize], options)
      return [convolution, ...activationModules(layer.activation, input, dialect)]
    }
    case 'maxPooling2d':
      return [pooling('MaxPool2d', layer)]
    case 'averagePooling2d':
      return [pooling('AvgPool2d', layer)]
    case 'batchNormalization': {
      const name = input.length === 1 ? 'BatchNorm1d' : 'BatchNorm2d'
      return [module(name, [input.at(-1) ?? 0], batchNormOptions(layer, dialect))]
    }
    case 'layerNormalization':
      return [module('LayerNorm', [input.at(-1) ?? 0], epsOption(layer, dialect))]
    case 'embedding':
      return [module('Embedding', [layer.inputDim, layer.outputDim])]
    case 'simpleRnn':
    case 'lstm':
    case 'gru': {
      const following = hasTwoBiases[layer.type] ? [] : formulation(dialect)
      const name = recurrentClasses[layer.type].torch
      return [module(name, [input[1] ?? 0, layer.units], [['batchFirst', 'true'], ...following])]
    }
    case 'flatten':
      return [module('Flatten')]
    case 'dropout':
      return [module('Dropout', [layer.rate])]
    case 'activation':
      return activationModules(layer.activation, input, dialect)
  }
}

function pooling(name: string, layer: Extract<LayerSpec, { poolSize: number }>): LayerCall {
  const { poolSize, strides = poolSize } = layer
  return module(name, [poolSize], unless('stride', strides, poolSize))
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

function activationModules(activation: Activation, input: Shape, dialect: Dialect): readonly LayerCall[] {
  switch (activation) {
    case 'linear':
      return []
    case 'relu':
      return [module('ReLU')]
    case 'leakyRelu':
      return [module('LeakyReLU', [], option('negativeSlope', explicit(undefined, negativeSlope, dialect)))]
    case 'tanh':
      return [module('Tanh')]
    case 'sigmoid':
      return [module('Sigmoid')]
    case 'gelu':
      return [module('GELU')]
    case 'softmax':
      // In PyTorch's layout the channels of an image are on axis 1; Keras has them on the last one.
      return [module('Softmax', [input.length === 2 ? 2 : 1])]
  }
}
