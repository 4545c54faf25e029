/** Activations that fewer programs use, as functions. Source: torch.nn.functional. */
import { tf } from '../../../eager/tfjs'
import { passedWhere, saturated, withGradient } from '../../../nn/piecewise'
import { where } from '../../functions'
import { argumentsOf, type Arguments } from '../../options'
import { result, type Tensor } from '../../tensor'

const mapped = (compute: (x: tf.Tensor) => tf.Tensor) => (input: Tensor) =>
  result([input], () => compute(input.value))

/** min(max(x, 0), 6) */
export const relu6 = mapped((x) => saturated(x, 0, 6))

/** scale·(max(x, 0) + min(alpha·(eˣ − 1), 0)) with the constants of Klambauer et al., 2017. */
export const selu = mapped((x) => tf.selu(x))

/** x / (1 + |x|) */
export const softsign = mapped((x) => tf.div(x, tf.add(tf.abs(x), 1)))

/** log σ(x) */
export const logsigmoid = mapped((x) => tf.neg(tf.softplus(tf.neg(x))))

/** x·tanh(softplus(x)). Source: Misra, 2019. */
export const mish = mapped((x) => tf.mul(x, tf.tanh(tf.softplus(x))))

/** min(max(x + 3, 0), 6) / 6 */
export const hardsigmoid = mapped((x) => tf.div(saturated(tf.add(x, 3), 0, 6), 6))

/** x·hardsigmoid(x), whose slope is 0 at −3 and 1 at 3. Source: Howard et al., 2019. */
export const hardswish = mapped((x) =>
  withGradient(x, {
    value: (input) => tf.mul(input, tf.div(tf.clipByValue(tf.add(input, 3), 0, 6), 6)),
    gradient: (dy, input) => {
      const slope = tf.where(tf.less(input, 3), tf.add(tf.div(input, 3), 0.5), tf.onesLike(input))
      return passedWhere(tf.greater(input, -3), tf.mul(dy, slope))
    },
  }),
)

export interface HardtanhArguments {
  /** −1 when left out. */
  readonly minVal?: number
  /** 1 when left out. */
  readonly maxVal?: number
}

/** x, held within minVal and maxVal. */
export function hardtanh(input: Tensor, ...given: Arguments<HardtanhArguments>): Tensor {
  const { minVal = -1, maxVal = 1 } = argumentsOf('hardtanh', given, ['minVal', 'maxVal'])
  return result([input], () => saturated(input.value, minVal, maxVal))
}

/** x where positive, else weight·x: one weight for all, or for each channel. */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  const perChannel = weight.numel() > 1 && input.ndim > 2
  const slope = perChannel ? weight.reshape(-1, ...new Array<number>(input.ndim - 2).fill(1)) : weight
  // At 0 the gradient is the slope, as in PyTorch.
  return where(input.gt(0), input, input.mul(slope))
}

export interface CosineSimilarityArguments {
  /** 1 when left out. */
  readonly dim?: number
  /** The least that either norm counts as; 1e-8 when left out. */
  readonly eps?: number
}

/** x·y / (max(‖x‖, eps)·max(‖y‖, eps)) along `dim`. */
export function cosineSimilarity(
  a: Tensor,
  b: Tensor,
  ...given: Arguments<CosineSimilarityArguments>
): Tensor {
  const { dim = 1, eps = 1e-8 } = argumentsOf('cosineSimilarity', given, ['dim', 'eps'])
  const [normOfA, normOfB] = [a, b].map((each) => each.norm(2, { dim }).clamp({ min: eps })) as [
    Tensor,
    Tensor,
  ]
  return a.mul(b).sum(dim).div(normOfA.mul(normOfB))
}
