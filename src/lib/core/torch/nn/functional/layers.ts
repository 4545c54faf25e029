/** Layers as functions of their weights. Source: torch.nn.functional. */
import { at } from '../../../util/at'
import { assertIndices, safeIndices } from '../../../eager/indexRange'
import { withOwnGradient } from '../../../eager/ownGradient'
import { tf } from '../../../eager/tfjs'
import { hostTensor } from '../../../eager/tracing'
import { assertDropoutRate, dropoutMask } from '../../../nn/dropout'
import { normalise } from '../../../nn/normalization'
import { passedWhere } from '../../../nn/piecewise'
import { randomState } from '../../../nn/randomState'
import type { ImageShape } from '../../../nn/weights'
import { ArgumentError, ShapeError } from '../../../util/errors'
import { flag, integer, number, only } from '../../../util/kinds'
import type { RandomSource } from '../../../util/random'
import { isSameShape, printShape, type Shape } from '../../../util/shapes'
import { axisOf } from '../../axes'
import { hostValues } from '../../../eager/hostValues'
import { tensor } from '../../kinds'
import { inplace, out, sizes } from '../kinds'
import { result, Tensor } from '../../tensor'
import { functional } from './functional'

/** x Wᵀ + b for W [out, in] and x [..., in]. */
export const linear = functional(
  'linear',
  { input: tensor, weight: tensor, bias: tensor.or(null) },
  ({ input, weight, bias }): Tensor => {
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
  },
)

/** [n, in] to [n, out] */
function rowsTimes(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  return result(bias ? [x, weight, bias] : [x, weight], () => {
    // Not the fused kernel: with a transposed input, tfjs' wasm backend adds the bias wrongly.
    const product = tf.matMul(x.value, weight.value, false, true)
    return bias ? tf.add(product, bias.value) : product
  })
}

/** What a lookup takes beside its table. */
export const lookup = {
  /** The row that no gradient goes to. */
  paddingIdx: integer.or(null),
  maxNorm: only(null as number | null, 'Leave it out: vectors keep their length here.'),
  normType: number.or(2).unused('it belongs to maxNorm'),
  scaleGradByFreq: only(false, 'Leave it out: each use of a row counts alike here.'),
  sparse: flag.or(false).unused('gradients are dense'),
}

/** Row i of the weight [entries, features] for every integer i. */
export const embedding = functional(
  'embedding',
  { input: tensor, weight: tensor, ...lookup },
  ({ input, weight, paddingIdx }): Tensor => {
    const [entries = 0] = weight.shape
    const fix = (value: number) =>
      `Set numEmbeddings to ${Math.max(entries, value + 1)}, or correct the data.`
    return result([weight], () => {
      const indices = safeIndices(input.value, { where: 'Embedding', size: entries, what: 'entries', fix })
      const table = paddingIdx === null ? weight.value : withFrozenRow(weight.value, paddingIdx)
      return tf.gather(table, indices)
    })
  },
)

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

/** Drops values with probability `p` and scales the rest by 1/(1−p). */
export const dropout = functional(
  'dropout',
  {
    input: tensor,
    /** Share of the values to drop. */
    p: number.or(0.5),
    /** Nothing is dropped otherwise. */
    training: flag.or(true),
    inplace,
  },
  ({ input, p, training }): Tensor => {
    assertDropoutRate('F.dropout', p)
    return training ? dropped(input, p, () => randomState.nextDraw()) : input
  },
)

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
  return toChannelsFirst(dropoutMask([at(shape, 0), height, width, channels], rate, random), image)
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
    return at(mask, index - within + source)
  })
}

/** (x − mean) / √(variance + ε) · weight + bias over the last axes, which have the normalised shape. */
export const layerNorm = functional(
  'layerNorm',
  {
    input: tensor,
    /** Sizes of the last axes, over which each example is normalised. */
    normalizedShape: sizes,
    weight: tensor.or(null),
    bias: tensor.or(null),
    /** Added to the variance. */
    eps: number.or(1e-5),
  },
  ({ input, normalizedShape, weight, bias, eps }): Tensor => {
    const shape = [normalizedShape].flat()
    const first = input.shape.length - shape.length
    if (first < 0 || !isSameShape(input.shape.slice(first), shape)) {
      throw new ShapeError(
        `LayerNorm: expected input [..., ${shape.join(', ')}], got ${printShape(input.shape)}. ` +
          'Change normalizedShape, or the layer before it.',
      )
    }
    const axes = shape.map((_, axis) => first + axis)
    const inputs = [input, weight, bias].filter((each) => each !== null)
    const output = result(inputs, () => {
      const affine = { gamma: weight?.value ?? null, beta: bias?.value ?? null }
      return normalise(input.value, axes, eps, affine).output
    })
    output.flattenedFrom = input.flattenedFrom
    return output
  },
)

/** x / max(‖x‖, ε) along `dim`. */
export const normalize = functional(
  'normalize',
  {
    input: tensor,
    /** The norm's power. */
    p: number.or(2),
    /** Along which dim. */
    dim: integer.or(1),
    /** The least that a norm counts as. */
    eps: number.or(1e-12),
    out,
  },
  ({ input, p, dim, eps }): Tensor => input.div(input.norm(p, { dim, keepdim: true }).clamp({ min: eps })),
)

/** int32 [...] to [..., classes], 1 at the class and 0 elsewhere. */
export const oneHot = functional(
  'oneHot',
  {
    input: tensor,
    /** How many classes there are; −1 for one more than the largest, where the host knows it. */
    numClasses: integer.or(-1),
  },
  ({ input, numClasses }): Tensor => {
    const classes = numClasses === -1 ? largestOf(input) + 1 : numClasses
    if (classes < 1) {
      throw new ArgumentError(
        `F.oneHot: expected numClasses of at least 1, got ${classes}. Pass a number such as 8.`,
      )
    }
    const fix = (value: number) => `Set numClasses to ${Math.max(classes, value + 1)}, or correct the data.`
    assertIndices(input.value, { where: 'oneHot', size: classes, what: 'classes', fix })
    return new Tensor(tf.tidy(() => tf.cast(tf.oneHot(tf.cast(input.value, 'int32'), classes), 'int32')))
  },
)

function largestOf({ value }: Tensor): number {
  const numbers = hostValues(value)
  if (numbers) return Math.max(...numbers)
  throw new ArgumentError(
    'F.oneHot: expected numClasses for a computed tensor, got −1. Pass the number of classes.',
  )
}
