/** Adagrad (Duchi, Hazan and Singer, 2011), in both frameworks' formulation. */
import { tf } from '../eager/tfjs'
import { hostScalar } from '../eager/tracing'
import { Optimizer, type Formulation, type UpdateRule } from './optimizer'

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
 * s = s + g²
 * Keras:    w −= lr·g / √(s + ε)
 * PyTorch:  w −= lr·g / (√s + ε)
 *
 * Source: keras/src/optimizers/adagrad.py; torch.optim.Adagrad.
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
    const { epsilon, weightDecay = 0, learningRateDecay = 0, formulation } = this.options
    const isKeras = formulation === 'keras'
    const rateOf =
      learningRateDecay === 0
        ? sameForAll(hostScalar('learningRate', () => this.learningRate))
        : this.steps.shared((count) =>
            hostScalar('learningRate', () => this.learningRate / (1 + (count() - 1) * learningRateDecay)),
          )
    const step = (variable: tf.Variable, gradient: tf.Tensor) => {
      const slot = this.slot(variable, 'accumulator')
      const sum = tf.add(slot, tf.square(gradient))
      slot.assign(sum)
      const root = isKeras ? tf.sqrt(tf.add(sum, epsilon)) : tf.add(tf.sqrt(sum), epsilon)
      return tf.div(tf.mul(gradient, rateOf(variable)), root)
    }
    return this.descend(step, { rate: weightDecay, isDecoupled: isKeras })
  }

  protected override initialSlotValue(): number {
    return this.options.initialAccumulator
  }
}

function sameForAll<T>(value: T): (variable: tf.Variable) => T {
  return () => value
}
