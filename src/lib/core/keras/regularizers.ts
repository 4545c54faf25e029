/** keras.regularizers: what large weights add to the loss. */
import { tf } from '../eager/tfjs'
import { absolute } from '../nn/piecewise'
import { ArgumentError } from '../util/errors'
import { argumentsOf, type Arguments } from './arguments'
import type { LayerWeight } from './layers/layer'
import { madeByName } from './names'

/** A penalty on a weight. Source: keras.regularizers.Regularizer. */
export interface Regularizer {
  /** A scalar. */
  penalty(weight: tf.Tensor): tf.Tensor
}

/** A penalty, its name, or null for none. */
export type RegularizerLike = Regularizer | string | null

export interface L1L2Options {
  /** Factor of the sum of absolute values. */
  readonly l1?: number
  /** Factor of the sum of squares. */
  readonly l2?: number
}

/** l1·Σ|w| + l2·Σw². Source: keras.regularizers.L1L2. */
export class L1L2 implements Regularizer {
  readonly l1: number
  readonly l2: number

  constructor(...given: Arguments<L1L2Options>) {
    const { l1 = 0, l2 = 0 } = argumentsOf('L1L2', given, ['l1', 'l2'])
    for (const [name, value] of Object.entries({ l1, l2 })) {
      if (value >= 0) continue
      throw new ArgumentError(`L1L2: expected ${name} of 0 or more, got ${value}. Use a number such as 0.01.`)
    }
    this.l1 = l1
    this.l2 = l2
  }

  penalty(weight: tf.Tensor): tf.Tensor {
    const parts = [
      ...(this.l1 === 0 ? [] : [tf.mul(tf.sum(absolute(weight)), this.l1)]),
      ...(this.l2 === 0 ? [] : [tf.mul(tf.sum(tf.square(weight)), this.l2)]),
    ]
    return parts.reduce((sum, part) => tf.add(sum, part), tf.scalar(0))
  }
}

/** l1·Σ|w|, 0.01 when left out. */
export class L1 extends L1L2 {
  constructor(given: number | { readonly l1?: number } = {}) {
    super({ l1: typeof given === 'number' ? given : (given.l1 ?? 0.01) })
  }
}

/** l2·Σw², 0.01 when left out. */
export class L2 extends L1L2 {
  constructor(given: number | { readonly l2?: number } = {}) {
    super({ l2: typeof given === 'number' ? given : (given.l2 ?? 0.01) })
  }
}

const byName: Readonly<Record<string, () => Regularizer>> = {
  l1: () => new L1(),
  l2: () => new L2(),
  // As in Keras 3, where both factors are 0.
  l1l2: () => new L1L2(),
}

/** The penalties of a layer's kernel and bias. */
export interface Regularizers {
  readonly kernel: Regularizer | null
  readonly bias: Regularizer | null
}

interface RegularizerOptions {
  readonly kernelRegularizer?: RegularizerLike
  readonly biasRegularizer?: RegularizerLike
}

/** What the options say. Throws ArgumentError for an unknown name. */
export function regularizersOf(where: string, options: RegularizerOptions): Regularizers {
  const made = (name: keyof RegularizerOptions) => {
    const given = options[name] ?? null
    return typeof given === 'string' ? madeByName(`${where} ${name}`, given, byName) : given
  }
  return { kernel: made('kernelRegularizer'), bias: made('biasRegularizer') }
}

/** The weights with their penalties. */
export function regularised(weights: readonly LayerWeight[], { kernel, bias }: Regularizers): LayerWeight[] {
  return weights.map((weight) => {
    const regularizer = weight.name === 'kernel' ? kernel : bias
    return regularizer ? { ...weight, regularizer } : weight
  })
}

/** What all penalties of these weights add to a loss; null where there are none. */
export function penaltyOf(weights: readonly LayerWeight[]): tf.Tensor | null {
  const penalties = weights.flatMap(({ regularizer, variable }) => regularizer?.penalty(variable) ?? [])
  return penalties.length === 0 ? null : penalties.reduce((sum, penalty) => tf.add(sum, penalty))
}
