/** Shape inference over a spec's layers, channels last and without the batch axis. */
import { SpecError } from '../util/errors'
import { printShape, sizeOf, type Shape } from '../util/shapes'
import { inputShapeOf } from './datasets'
import type { LayerSpec, Spec } from './schema'

/** What one layer reads and gives for one example, and how many weights it trains. */
export interface LayerShape {
  readonly input: Shape
  readonly output: Shape
  readonly parameters: number
}

type Infer<L extends LayerSpec> = (layer: L, input: Shape, path: string) => Omit<LayerShape, 'input'>

const rules: { readonly [T in LayerSpec['type']]: Infer<Extract<LayerSpec, { type: T }>> } = {
  dense({ units, useBias }, input, path) {
    const [features = 0, ...rest] = input
    if (rest.length > 0) {
      throw new SpecError(
        path,
        `expected a flat input for dense, got ${printShape(input)}. Put a flatten layer before it.`,
      )
    }
    return { output: [units], parameters: features * units + (useBias ? units : 0) }
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
  batchNormalization: (_layer, input) => ({ output: input, parameters: 2 * (input.at(-1) ?? 0) }),
  layerNormalization(_layer, input, path) {
    const [features = 0, ...rest] = input
    if (rest.length > 0) {
      throw new SpecError(
        path,
        `expected a flat input for layerNormalization (on images the frameworks take different axes), ` +
          `got ${printShape(input)}. Put a flatten layer before it.`,
      )
    }
    return { output: input, parameters: 2 * features }
  },
  flatten: (_layer, input) => ({ output: [sizeOf(input)], parameters: 0 }),
  dropout: (_layer, input) => ({ output: input, parameters: 0 }),
  activation: (_layer, input) => ({ output: input, parameters: 0 }),
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

/** Shapes of one layer; throws `SpecError` under `path` where the input does not fit. */
export function layerShape(layer: LayerSpec, input: Shape, path: string): LayerShape {
  // The table's key is the layer's own type, which TypeScript cannot follow through the union.
  const infer = rules[layer.type] as Infer<LayerSpec>
  return { input, ...infer(layer, input, path) }
}

/** Input, output and parameter count of every layer; throws `SpecError` at the first that does not fit. */
export function layerShapes(spec: Pick<Spec, 'data' | 'model'>): readonly LayerShape[] {
  let input = inputShapeOf(spec.data)
  return spec.model.layers.map((layer, index) => {
    const shape = layerShape(layer, input, `model.layers[${index}]`)
    input = shape.output
    return shape
  })
}
