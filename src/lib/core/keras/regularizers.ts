/** keras.regularizers: what large weights add to the loss. */
import { tf } from '../eager/tfjs'
import { absolute } from '../nn/piecewise'
import { parameters, type Given } from '../util/parameters'
import { notNegative, tensor } from './kinds'
import { madeByName } from './names'
import { toTensorOf } from './tensorLike'

/** A penalty on a weight. Source: keras.regularizers.Regularizer. */
export interface Regularizer {
  /** A scalar. */
  penalty(weight: tf.Tensor): tf.Tensor
}

/** A penalty, its name, a function that gives it for a weight, or null for none. */
export type RegularizerLike = Regularizer | ((weight: tf.Tensor) => tf.Tensor) | string | null

const penaltyParameters = parameters('penalty', { x: tensor })
/** Of `new L1L2(…)`. */
export const l1l2Parameters = parameters('L1L2', {
  /** Factor of the sum of absolute values. */
  l1: notNegative.or(0),
  /** Factor of the sum of squares. */
  l2: notNegative.or(0),
})
/** Of `new L1(…)`. */
export const l1Parameters = parameters('L1', { l1: notNegative.or(0.01) })
/** Of `new L2(…)`. */
export const l2Parameters = parameters('L2', { l2: notNegative.or(0.01) })

/** l1·Σ|w| + l2·Σw². Source: keras.regularizers.L1L2. */
export class L1L2 implements Regularizer {
  readonly l1: number
  readonly l2: number

  constructor(...given: Given<typeof l1l2Parameters.table>) {
    const { l1, l2 } = l1l2Parameters.read(given)
    this.l1 = l1
    this.l2 = l2
  }

  /** What the weight adds to the loss, a scalar. */
  penalty(...given: Given<typeof penaltyParameters.table>): tf.Tensor {
    const { x } = penaltyParameters.read(given)
    const weight = toTensorOf(x)
    const parts = [
      ...(this.l1 === 0 ? [] : [tf.mul(tf.sum(absolute(weight)), this.l1)]),
      ...(this.l2 === 0 ? [] : [tf.mul(tf.sum(tf.square(weight)), this.l2)]),
    ]
    return parts.reduce((sum, part) => tf.add(sum, part), tf.scalar(0))
  }
}

/** l1·Σ|w|, 0.01 when left out. */
export class L1 extends L1L2 {
  constructor(...given: Given<typeof l1Parameters.table>) {
    super(l1Parameters.read(given))
  }
}

/** l2·Σw², 0.01 when left out. */
export class L2 extends L1L2 {
  constructor(...given: Given<typeof l2Parameters.table>) {
    super(l2Parameters.read(given))
  }
}

const byName: Readonly<Record<string, () => Regularizer>> = {
  l1: () => new L1(),
  l2: () => new L2(),
  // As in Keras 3, where both factors are 0.
  l1l2: () => new L1L2(),
}

/** The penalties of a layer's weights, by the weights' names. */
export type Regularizers = Readonly<Record<string, Regularizer | null>>

/** The regularizer that was given. Throws ArgumentError for an unknown name. */
export function toRegularizer(where: string, given: RegularizerLike): Regularizer | null {
  if (typeof given === 'string') return madeByName(where, given, byName)
  if (typeof given === 'function') return { penalty: given }
  return given
}

/** A weight, and what it adds to the loss. */
interface Regularised {
  readonly variable: tf.Variable
  readonly regularizer?: Regularizer
}

/** The weights with their penalties. */
export function regularised<W extends Regularised & { readonly name: string }>(
  weights: readonly W[],
  regularizers: Regularizers,
): W[] {
  return weights.map((weight) => {
    const regularizer = regularizers[weight.name]
    return regularizer ? { ...weight, regularizer } : weight
  })
}

/** What all penalties of these weights add to a loss; null where there are none. */
export function penaltyOf(weights: readonly Regularised[]): tf.Tensor | null {
  const penalties = weights.flatMap(({ regularizer, variable }) => regularizer?.penalty(variable) ?? [])
  return penalties.length === 0 ? null : penalties.reduce((sum, penalty) => tf.add(sum, penalty))
}
