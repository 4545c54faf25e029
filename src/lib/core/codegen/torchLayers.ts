/** The modules of a PyTorch-style `Sequential`: sizes written out, activations as modules of their own. */
import { layerShapes, type LayerShape } from '../spec/layerShapes'
import type { Activation, LayerSpec, Spec } from '../spec/schema'
import { explicitSlope, type Dialect } from './constants'
import { printCall, quote, type Options } from './printCall'

/** One line per module; without the last sigmoid or softmax where the loss reads logits. */
export function torchLayers(spec: Spec, dialect: Dialect): readonly string[] {
  const shapes = layerShapes(spec)
  const last = spec.model.layers.length - 1
  return spec.model.layers.flatMap((layer, index) => {
    const shape = shapes[index]
    const dropsActivation = index === last && spec.loss !== 'meanSquaredError'
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
    case 'maxPooling2d': {
      const { poolSize, strides = poolSize } = layer
      return [moduleLine('MaxPool2d', [poolSize], strides === poolSize ? [] : [['stride', String(strides)]])]
    }
    case 'flatten':
      return [moduleLine('Flatten')]
    case 'dropout':
      return [moduleLine('Dropout', [layer.rate])]
    case 'activation':
      return activationLines(layer.activation, dialect)
  }
}

function activationLines(activation: Activation, dialect: Dialect): readonly string[] {
  switch (activation) {
    case 'linear':
      return []
    case 'relu':
      return [moduleLine('ReLU')]
    case 'leakyRelu': {
      const slope = explicitSlope(dialect)
      return [moduleLine('LeakyReLU', [], slope === undefined ? [] : [['negativeSlope', String(slope)]])]
    }
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
