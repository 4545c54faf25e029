/** Adagrad (Duchi, Hazan and Singer, 2011), in both frameworks' formulation. */
import { kerasAdagrad } from '../catalogue/optimizers/adagrad'
import { tf } from '../eager/tfjs'
import { hostScalar } from '../eager/tracing'
import { Optimizer, type Formulation, type RateOf, type UpdateRule } from './optimizer'

/** The constants of Adagrad. */
export interface AdagradOptions {
  readonly learningRate: number
  /** What the sum of squares starts from: 0.1 in Keras, 0 in PyTorch. */
  readonly initialAccumulator: number
  /** Inside the root in Keras, outside in PyTorch. */
  readonly epsilon: number
  /** Keras: decoupled, w −= lr·weightDecay·w before the update. PyTorch: L2, g += weightDecay·w. */
  readonly weightDecay?: number
  /** PyTorch only: the learning rate in update t is lr / (1 + (t − 1)·learningRateDecay); 0 for none. */
  readonly learningRateDecay?: number
  readonly formulation: Formulation
}

/**
 * Keras: `kerasAdagrad`.
 * PyTorch:  s = s + g²;  w −= lr·g / (√s + ε)
 *
 * Source: torch.optim.Adagrad.
 */
export class Adagrad extends Optimizer {
  protected readonly slotNames = ['accumulator']

  constructor(
    variables: readonly tf.Variable[],
    private readonly options: AdagradOptions,
  ) {
    super(variables, options.learningRate)
  }

  protected rule(): UpdateRule {
    const { epsilon, weightDecay = 0, formulation } = this.options
    const rateOf = this.rateOf()
    if (formulation === 'keras') return this.kerasRule(kerasAdagrad, { epsilon }, weightDecay, rateOf)
    const step = (variable: tf.Variable, gradient: tf.Tensor) => {
      const slot = this.slot(variable, 'accumulator')
      const sum = tf.add(slot, tf.square(gradient))
      slot.assign(sum)
      return tf.div(tf.mul(gradient, rateOf(variable)), tf.add(tf.sqrt(sum), epsilon))
    }
    return this.descend(step, { rate: weightDecay, isDecoupled: false })
  }

  private rateOf(): RateOf {
    const { learningRateDecay = 0 } = this.options
    if (learningRateDecay === 0) {
      const rate = hostScalar('learningRate', () => this.learningRate)
      return () => rate
    }
    return this.steps.shared((count) =>
      hostScalar('learningRate', () => this.learningRate / (1 + (count() - 1) * learningRateDecay)),
    )
  }

  protected override initialSlotValue(): number {
    return this.options.initialAccumulator
  }
}
