/** Shape inference over a spec's layers, channels last and without the batch axis. */
import { SpecError } from '../util/errors'
import { isClosed, openSize, printShape, sizeOf, type Shape } from '../util/shapes'
import { inputShapeOf, tokensOf } from './datasets'
import type { LayerSpec, RecurrentSpec, Spec } from './schema'

/** What one layer reads and gives for one example, and how many weights it trains in Keras' style. */
export interface LayerShape {
  readonly input: Shape
  readonly output: Shape
  readonly parameters: number
}

/** What a layer may read beside the shape: how many different integers there are, null for real numbers. */
type Tokens = number | null

type Infer<L extends LayerSpec> = (
  layer: L,
  input: Shape,
  path: string,
  tokens: Tokens,
) => Omit<LayerShape, 'input'>

const rules: { readonly [T in LayerSpec['type']]: Infer<Extract<LayerSpec, { type: T }>> } = {
  dense({ units, useBias }, input, path) {
    const features = lastAxis('dense', input, path)
    return {
      output: [...input.slice(0, -1), units],
      parameters: features * units + (useBias ? units : 0),
    }
  },
  conv2d({ filters, kernelSize, strides, padding }, input, path) {
    const [height, width, channels] = imageShape('conv2d', input, path)
    if (padding === 'same' && strides > 1) {
      throw new SpecError(
        `${path}.strides`,
        `expected 1 with padding same (PyTorch has no other), got ${strides}. Use padding valid.`,
      )
    }
    const slide = (size: number) =>
      padding === 'same' ? size : windowCount('conv2d', size, kernelSize, strides, `${path}.kernelSize`)
    return {
      output: [slide(height), slide(width), filters],
      parameters: kernelSize * kernelSize * channels * filters + filters,
    }
  },
  maxPooling2d: pooled,
  averagePooling2d: pooled,
  batchNormalization(_layer, input, path) {
    if (input.length === 2) {
      throw new SpecError(
        path,
        `expected a row or an image for batchNormalization (the frameworks lay sequences out differently), ` +
          `got ${printShape(input)}. Use layerNormalization.`,
      )
    }
    return { output: input, parameters: 2 * (input.at(-1) ?? 0) }
  },
  layerNormalization(_layer, input, path) {
    return { output: input, parameters: 2 * lastAxis('layerNormalization', input, path) }
  },
  embedding({ inputDim, outputDim }, input, path, tokens) {
    if (tokens === null || input.length !== 1) {
      throw new SpecError(
        path,
        `expected integers for embedding, got ${tokens === null ? 'real numbers ' : ''}${printShape(input)}. ` +
          'Make it the first layer, on a dataset of integers.',
      )
    }
    if (Number.isFinite(tokens) && inputDim < tokens) {
      throw new SpecError(
        `${path}.inputDim`,
        `expected at least ${tokens}, as many as the dataset has integers, got ${inputDim}. Set it to ${tokens}.`,
      )
    }
    return { output: [...input, outputDim], parameters: inputDim * outputDim }
  },
  simpleRnn: (layer, input, path) => recurrent(layer, input, path, (features, units) => features + units + 1),
  lstm: (layer, input, path) =>
    recurrent(layer, input, path, (features, units) => 4 * (features + units + 1)),
  gru: (layer, input, path) => recurrent(layer, input, path, (features, units) => 3 * (features + units + 2)),
  flatten(_layer, input, path) {
    if (isClosed(input)) return { output: [sizeOf(input)], parameters: 0 }
    throw new SpecError(
      path,
      `expected examples of one length for flatten, got ${printShape(input)}. ` +
        'Give the recurrent layer before it returnSequences: false.',
    )
  },
  dropout: (_layer, input) => ({ output: input, parameters: 0 }),
  activation: (_layer, input) => ({ output: input, parameters: 0 }),
}

/** [steps, features] to [steps, units], or to [units] of the last step; each unit has that many weights. */
function recurrent(
  { type, units, returnSequences }: RecurrentSpec,
  input: Shape,
  path: string,
  weightsPerUnit: (features: number, units: number) => number,
): Omit<LayerShape, 'input'> {
  const [steps = 0, features = 0] = input
  if (input.length !== 2) {
    throw new SpecError(
      path,
      `expected a sequence [steps, features] for ${type}, got ${printShape(input)}. ${fixes[input.length] ?? ''}`,
    )
  }
  return {
    output: returnSequences ? [steps, units] : [units],
    parameters: units * weightsPerUnit(features, units),
  }
}

/** What helps a recurrent layer that reads an example of so many axes. */
const fixes: Readonly<Record<number, string>> = {
  1: 'Put an embedding layer before it, or give the recurrent layer before it returnSequences: true.',
  3: 'Remove it, or choose a dataset of sequences.',
}

/** Features of a row, or of each step of a sequence. */
function lastAxis(type: string, input: Shape, path: string): number {
  const features = input.at(-1) ?? 0
  if (features === openSize) {
    throw new SpecError(
      path,
      `expected as many features in all examples for ${type}, got ${printShape(input)}. ` +
        'Put an embedding and a recurrent layer before it.',
    )
  }
  if (input.length <= 2) return features
  const why = type === 'layerNormalization' ? ' (on images the frameworks take different axes)' : ''
  throw new SpecError(
    path,
    `expected a flat input for ${type}${why}, got ${printShape(input)}. Put a flatten layer before it.`,
  )
}

function pooled(
  { type, poolSize, strides = poolSize }: Extract<LayerSpec, { poolSize: number }>,
  input: Shape,
  path: string,
): Omit<LayerShape, 'input'> {
  const [height, width, channels] = imageShape(type, input, path)
  const slide = (size: number) => windowCount(type, size, poolSize, strides, `${path}.poolSize`)
  return { output: [slide(height), slide(width), channels], parameters: 0 }
}

function imageShape(type: string, input: Shape, path: string): readonly [number, number, number] {
  const [height, width, channels] = input
  if (height === undefined || width === undefined || channels === undefined) {
    throw new SpecError(
      path,
      `expected an image input [height, width, channels] for ${type}, got ${printShape(input)}. ` +
        'Remove the layer, or move it before flatten and choose an image dataset.',
    )
  }
  return [height, width, channels]
}

function windowCount(type: string, size: number, window: number, strides: number, path: string): number {
  if (window > size) {
    throw new SpecError(
      path,
      `expected at most the input's ${size} pixels for ${type}, got ${window}. Make it smaller or remove the layer.`,
    )
  }
  return Math.floor((size - window) / strides) + 1
}

/**
 * Shapes of one layer; throws `SpecError` under `path` where the input does not fit. `tokens` is as `tokensOf` gives it
 * for the first layer of a model, and null for any other.
 */
export function layerShape(layer: LayerSpec, input: Shape, path: string, tokens: Tokens): LayerShape {
  // The table's key is the layer's own type, which TypeScript cannot follow through the union.
  const infer = rules[layer.type] as Infer<LayerSpec>
  return { input, ...infer(layer, input, path, tokens) }
}

/** Input, output and parameter count of every layer; throws `SpecError` at the first that does not fit. */
export function layerShapes(spec: Pick<Spec, 'data' | 'model'>): readonly LayerShape[] {
  let input: Shape = inputShapeOf(spec.data)
  return spec.model.layers.map((layer, index) => {
    const tokens = index === 0 ? tokensOf(spec.data) : null
    const shape = layerShape(layer, input, `model.layers[${index}]`, tokens)
    input = shape.output
    return shape
  })
}
