/** Activations as functions. Source: torch.nn.functional. */
import { tf } from '../../../eager/tfjs'
import { gelu as exactGelu } from '../../../nn/activations'
import { passedWhere, saturated, withGradient } from '../../../nn/piecewise'
import { integer, number, oneOf } from '../../../util/kinds'
import type { ParameterTable, Values } from '../../../util/parameters'
import { where } from '../../functions'
import { tensor } from '../../kinds'
import { mappedFloats } from '../../result'
import type { Tensor } from '../../tensor'
import { inplace } from '../kinds'
import { functional } from './functional'

const dim = {
  /** Along which dim; null takes 0 of tensors with 1 or 3 dims, else 1. */
  dim: integer.or(null),
}

/** What each activation takes beside its input, as a function and as a module. */
export const settings = {
  plain: {},
  inPlace: { inplace },
  leakyRelu: {
    /** Slope where the input is negative. */
    negativeSlope: number.or(0.01),
    inplace,
  },
  elu: {
    /** What it comes near to where the input is very negative, times −1. */
    alpha: number.or(1),
    inplace,
  },
  softplus: {
    /** How sharp the bend at 0 is. */
    beta: number.or(1),
    /** Where beta·x is above it, the input itself is the result. */
    threshold: number.or(20),
  },
  gelu: {
    /** 'tanh' approximates the normal distribution, 'none' is exact. */
    approximate: oneOf('none', 'tanh').or('none'),
  },
  softmax: dim,
  hardtanh: {
    /** Least value of the result. */
    minVal: number.or(-1).also('minValue'),
    /** Largest value of the result. */
    maxVal: number.or(1).also('maxValue'),
    inplace,
  },
}

/** An activation by its kernels; its results are float32. */
function activation<Table extends ParameterTable>(
  name: string,
  table: Table,
  compute: (x: tf.Tensor, values: Values<Table>) => tf.Tensor,
) {
  return functional(name, { input: tensor, ...table }, (values): Tensor =>
    mappedFloats(values.input, (x) => compute(x, values)),
  )
}

/** max(x, 0) */
export const relu = functional('relu', { input: tensor, inplace }, ({ input }): Tensor => input.relu())

/** x where positive, else negativeSlope·x. */
export const leakyRelu = activation('leakyRelu', settings.leakyRelu, (x, { negativeSlope }) =>
  tf.leakyRelu(x, negativeSlope),
)

/** x where positive, else alpha·(eˣ − 1). */
export const elu = activation('elu', settings.elu, (x, { alpha }) => {
  if (alpha === 1) return tf.elu(x)
  return tf.where(tf.greater(x, 0), x, tf.mul(tf.elu(x), alpha))
})

/** x·σ(x) */
export const silu = activation('silu', settings.inPlace, (x) => tf.mul(x, tf.sigmoid(x)))

/** log(1 + e^(beta·x)) / beta; x where beta·x is above the threshold. */
export const softplus = activation('softplus', settings.softplus, (x, { beta, threshold }) => {
  // There log(1 + eˣ) is x in float32 anyway.
  if (beta === 1 && threshold === 20) return tf.softplus(x)
  const scaled = tf.mul(x, beta)
  return tf.where(tf.greater(scaled, threshold), x, tf.div(tf.softplus(scaled), beta))
})

/** x·Φ(x) with the normal distribution Φ. */
export const gelu = activation('gelu', settings.gelu, (x, { approximate }) => {
  if (approximate === 'none') return exactGelu(x)
  // x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI))
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
})

/** tanh x */
export const tanh = functional('tanh', { input: tensor }, ({ input }): Tensor => input.tanh())

/** 1 / (1 + e⁻ˣ) */
export const sigmoid = functional('sigmoid', { input: tensor }, ({ input }): Tensor => input.sigmoid())

const softmaxTable = { input: tensor, ...dim, dtype: oneOf('float32').named.or(null) }

/** eˣ / Σ eˣ along `dim`. */
export const softmax = functional('softmax', softmaxTable, ({ input, dim: given }): Tensor =>
  input.softmax(given ?? implicitDim(input)),
)

/** log softmax(x) along `dim`. */
export const logSoftmax = functional('logSoftmax', softmaxTable, ({ input, dim: given }): Tensor =>
  input.logSoftmax(given ?? implicitDim(input)),
)

/** Source: torch.nn.functional._get_softmax_dim. */
function implicitDim({ ndim }: Tensor): number {
  return ndim === 0 || ndim === 1 || ndim === 3 ? 0 : 1
}

/** min(max(x, 0), 6) */
export const relu6 = activation('relu6', settings.inPlace, (x) => saturated(x, 0, 6))

/** scale·(max(x, 0) + min(alpha·(eˣ − 1), 0)) with the constants of Klambauer et al., 2017. */
export const selu = activation('selu', settings.inPlace, (x) => tf.selu(x))

/** x / (1 + |x|) */
export const softsign = activation('softsign', settings.plain, (x) => tf.div(x, tf.add(tf.abs(x), 1)))

/** log σ(x) */
export const logsigmoid = activation('logsigmoid', settings.plain, (x) => tf.neg(tf.softplus(tf.neg(x))))

/** x·tanh(softplus(x)). Source: Misra, 2019. */
export const mish = activation('mish', settings.inPlace, (x) => tf.mul(x, tf.tanh(tf.softplus(x))))

/** min(max(x + 3, 0), 6) / 6 */
export const hardsigmoid = activation('hardsigmoid', settings.inPlace, (x) =>
  tf.div(saturated(tf.add(x, 3), 0, 6), 6),
)

/** x·hardsigmoid(x), whose slope is 0 at −3 and 1 at 3. Source: Howard et al., 2019. */
export const hardswish = activation('hardswish', settings.inPlace, (x) =>
  withGradient(x, {
    value: (input) => tf.mul(input, tf.div(tf.clipByValue(tf.add(input, 3), 0, 6), 6)),
    gradient: (dy, input) => {
      const slope = tf.where(tf.less(input, 3), tf.add(tf.div(input, 3), 0.5), tf.onesLike(input))
      return passedWhere(tf.greater(input, -3), tf.mul(dy, slope))
    },
  }),
)

/** x, held within minVal and maxVal. */
export const hardtanh = activation('hardtanh', settings.hardtanh, (x, { minVal, maxVal }) =>
  saturated(x, minVal, maxVal),
)

/** x where positive, else weight·x: one weight for all, or for each channel. */
export const prelu = functional('prelu', { input: tensor, weight: tensor }, ({ input, weight }): Tensor => {
  const perChannel = weight.numel() > 1 && input.ndim > 2
  const slope = perChannel ? weight.reshape(-1, ...new Array<number>(input.ndim - 2).fill(1)) : weight
  // At 0 the gradient is the slope, as in PyTorch.
  return where(input.gt(0), input, input.mul(slope))
})

/** x1·x2 / (max(‖x1‖, eps)·max(‖x2‖, eps)) along `dim`. */
export const cosineSimilarity = functional(
  'cosineSimilarity',
  {
    x1: tensor,
    x2: tensor,
    /** Along which dim; it goes away. */
    dim: integer.or(1),
    /** The least that either norm counts as. */
    eps: number.or(1e-8),
  },
  ({ x1, x2, dim: along, eps }): Tensor => {
    const normOf = (x: Tensor) => x.norm(2, { dim: along }).clamp({ min: eps })
    return x1
      .mul(x2)
      .sum(along)
      .div(normOf(x1).mul(normOf(x2)))
  },
)
