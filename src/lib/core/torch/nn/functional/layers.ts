/** Layers as functions of their weights. Source: torch.nn.functional. */
import { assertIndices, safeIndices } from '../../../eager/indexRange'
import { withOwnGradient } from '../../../eager/ownGradient'
import { tf } from '../../../eager/tfjs'
import { hostTensor } from '../../../eager/tracing'
import { assertDropoutRate, dropoutMask } from '../../../nn/dropout'
import { normalise } from '../../../nn/normalization'
import { passedWhere } from '../../../nn/piecewise'
import { randomState } from '../../../nn/randomState'
import type { ImageShape } from '../../../nn/weights'
import { ShapeError } from '../../../util/errors'
import type { RandomSource } from '../../../util/random'
import { isSameShape, printShape, type Shape } from '../../../util/shapes'
import { axisOf } from '../../axes'
import { argumentsOf, assertOptions, byNameOrPosition, type Arguments } from '../../options'
import { result, Tensor } from '../../tensor'
import { assertCount } from './checks'

/** x Wᵀ + b for W [out, in] and x [..., in]. */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const [outputs = 1, inputs = 1] = weight.shape
  if (input.shape.length === 0 || input.shape.at(-1) !== inputs) {
    throw new ShapeError(
      `Linear: expected input [..., ${inputs}], got ${printShape(input.shape)}. ` +
        `Change inFeatures to ${input.shape.at(-1) ?? 1}, or the layer before it.`,
    )
  }
  if (input.shape.length === 2) return rowsTimes(input, weight, bias)
  const rows = rowsTimes(input.reshape(-1, inputs), weight, bias)
  return rows.reshape(...input.shape.slice(0, -1), outputs)
}

/** [n, in] to [n, out] */
function rowsTimes(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  return result(bias ? [x, weight, bias] : [x, weight], () => {
    // Not the fused kernel: with a transposed input, tfjs' wasm backend adds the bias wrongly.
    const product = tf.matMul(x.value, weight.value, false, true)
    return bias ? tf.add(product, bias.value) : product
  })
}

export interface EmbeddingArguments {
  /** The row that no gradient goes to. */
  readonly paddingIdx?: number | null
}

/** Row i of the weight [entries, features] for every integer i. */
export function embedding(input: Tensor, weight: Tensor, options: EmbeddingArguments = {}): Tensor {
  assertOptions('embedding', options, ['paddingIdx'])
  const { paddingIdx } = options
  const [entries = 0] = weight.shape
  const fix = (value: number) => `Set numEmbeddings to ${Math.max(entries, value + 1)}, or correct the data.`
  return result([weight], () => {
    const indices = safeIndices(input.value, { where: 'Embedding', size: entries, what: 'entries', fix })
    const table = typeof paddingIdx === 'number' ? withFrozenRow(weight.value, paddingIdx) : weight.value
    return tf.gather(table, indices)
  })
}

/** The same table; no gradient goes to its row `frozen`. */
function withFrozenRow(table: tf.Tensor, frozen: number): tf.Tensor {
  const [rows] = table.shape as [number, number]
  const row = axisOf('embedding', frozen, rows)
  return withOwnGradient(
    [table],
    () => ({ value: tf.clone(table), saved: [] }),
    (dy) => {
      const isKept = Array.from({ length: rows }, (_, index) => [index !== row])
      return passedWhere(tf.tensor2d(isKept, [rows, 1], 'bool'), dy)
    },
  )
}

export interface DropoutArguments {
  readonly p?: number
  /** Nothing is dropped otherwise; true when left out. */
  readonly training?: boolean
  /** Makes no difference here. */
  readonly inplace?: boolean
}

/** Drops values with probability `p`, 0.5 when left out, and scales the rest by 1/(1−p). */
export function dropout(input: Tensor, ...given: Arguments<DropoutArguments>): Tensor {
  const { p = 0.5, training = true } = argumentsOf('dropout', given, ['p', 'training', 'inplace'])
  assertDropoutRate('dropout', p)
  return training ? dropped(input, p, () => randomState.nextDraw()) : input
}

/** The input times a mask of the numbers that `random` gives at each step. */
export function dropped(input: Tensor, p: number, random: () => RandomSource): Tensor {
  if (p === 0) return input
  const shape = [...input.shape]
  const image = imageOf(input)
  const draw = () => maskFor(shape, image, p, random())
  const output = result([input], () =>
    tf.mul(
      input.value,
      hostTensor('dropoutMask', shape, draw, (mask) => tf.tensor(mask, shape)),
    ),
  )
  output.flattenedFrom = input.flattenedFrom
  return output
}

/** Drawn in channels-last order, so that the same positions drop in both styles; returned in the order of `shape`. */
function maskFor(
  shape: Shape,
  image: ImageShape | undefined,
  rate: number,
  random: RandomSource,
): Float32Array {
  if (!image) return dropoutMask(shape, rate, random)
  const [height, width, channels] = image
  return toChannelsFirst(dropoutMask([shape[0] ?? 0, height, width, channels], rate, random), image)
}

function imageOf({ shape, flattenedFrom }: Tensor): ImageShape | undefined {
  const [, channels = 1, height = 1, width = 1] = shape
  return shape.length === 4 ? [height, width, channels] : flattenedFrom
}

/** [n, h, w, c] to [n, c, h, w] */
function toChannelsFirst(mask: Float32Array, [height, width, channels]: ImageShape): Float32Array {
  const area = height * width
  const size = area * channels
  return Float32Array.from(mask, (_, index) => {
    const within = index % size
    const source = (within % area) * channels + Math.floor(within / area)
    return mask[index - within + source] ?? 0
  })
}

export interface LayerNormArguments {
  readonly weight?: Tensor | null
  readonly bias?: Tensor | null
  readonly eps?: number
}

/** (x − mean) / √(variance + ε) · weight + bias over the last axes, which have the normalised shape. */
export function layerNorm(input: Tensor, normalizedShape: Shape, options: LayerNormArguments = {}): Tensor {
  assertOptions('layerNorm', options, ['weight', 'bias', 'eps'])
  const { weight = null, bias = null, eps = 1e-5 } = options
  const first = input.shape.length - normalizedShape.length
  if (first < 0 || !isSameShape(input.shape.slice(first), normalizedShape)) {
    throw new ShapeError(
      `LayerNorm: expected input [..., ${normalizedShape.join(', ')}], got ${printShape(input.shape)}. ` +
        'Change normalizedShape, or the layer before it.',
    )
  }
  const axes = normalizedShape.map((_, axis) => first + axis)
  const inputs = [input, weight, bias].filter((each) => each !== null)
  const output = result(inputs, () => {
    const affine = { gamma: weight?.value ?? null, beta: bias?.value ?? null }
    return normalise(input.value, axes, eps, affine).output
  })
  output.flattenedFrom = input.flattenedFrom
  return output
}

export interface NormalizeArguments {
  /** The norm's power; 2 when left out. */
  readonly p?: number
  /** 1 when left out. */
  readonly dim?: number
  readonly eps?: number
}

/** x / max(‖x‖, ε) along `dim`. */
export function normalize(input: Tensor, ...given: Arguments<NormalizeArguments>): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = argumentsOf('normalize', given, ['p', 'dim', 'eps'])
  return input.div(input.norm(p, { dim, keepdim: true }).clamp({ min: eps }))
}

/** int32 [...] to [..., classes], 1 at the class and 0 elsewhere. */
export function oneHot(input: Tensor, classes: number | { readonly numClasses?: number }): Tensor {
  const count = byNameOrPosition<'numClasses', number>(classes, 'numClasses') ?? 0
  assertCount('oneHot', 'numClasses', count)
  const fix = (value: number) => `Set numClasses to ${Math.max(count, value + 1)}, or correct the data.`
  assertIndices(input.value, { where: 'oneHot', size: count, what: 'classes', fix })
  return new Tensor(tf.tidy(() => tf.cast(tf.oneHot(tf.cast(input.value, 'int32'), count), 'int32')))
}
