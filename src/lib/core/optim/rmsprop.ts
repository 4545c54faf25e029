/** RMSprop (Tieleman and Hinton, 2012) with momentum, in both frameworks' formulation. */
import { kerasRmsprop } from '../catalogue/optimizers/rmsprop'
import { tf } from '../eager/tfjs'
import { hostScalar } from '../eager/tracing'
import { Optimizer, type Formulation, type Step, type UpdateRule } from './optimizer'

/** The constants of RMSprop. */
export interface RmspropOptions {
  readonly learningRate: number
  /** Share of the old average of squares that is kept; PyTorch calls it alpha. */
  readonly rho: number
  /** 0 for none. */
  readonly momentum?: number
  /** Divide by the root of the variance, v − (average of g)², instead of by that of v. */
  readonly centered?: boolean
  /** Inside the root in Keras, outside in PyTorch. */
  readonly epsilon: number
  /** Keras: decoupled, w −= lr·weightDecay·w before the update. PyTorch: L2, g += weightDecay·w. */
  readonly weightDecay?: number
  readonly formulation: Formulation
}

/**
 * Keras: `kerasRmsprop`.
 * PyTorch:  v = ρv + (1−ρ)g²;  b = momentum·b + g/(√v + ε);  w −= lr·b
 * centered: a = ρa + (1−ρ)g and v − a² in the place of v.
 *
 * Source: torch.optim.RMSprop.
 */
export class Rmsprop extends Optimizer {
  protected readonly slotNames: readonly string[]

  constructor(
    variables: readonly tf.Variable[],
    private readonly options: RmspropOptions,
  ) {
    super(variables, options.learningRate)
    this.slotNames = ['squares', ...(options.centered ? ['average'] : []), 'momentum']
  }

  protected rule(): UpdateRule {
    const { formulation, weightDecay = 0, rho, momentum = 0, centered = false, epsilon } = this.options
    if (formulation === 'keras')
      return this.kerasRule(kerasRmsprop, { rho, momentum, centered, epsilon }, weightDecay)
    const step = this.torchStep(hostScalar('learningRate', () => this.learningRate))
    return this.descend(step, { rate: weightDecay, isDecoupled: false })
  }

  private torchStep(rate: tf.Tensor | number): Step {
    return (variable, gradient) => {
      const root = tf.add(tf.sqrt(this.squares(variable, gradient)), this.options.epsilon)
      return tf.mul(this.withMomentum(variable, tf.div(gradient, root)), rate)
    }
  }

  /** The average of squared gradients, moved on by one; centered less the square of their average. */
  private squares(variable: tf.Variable, gradient: tf.Tensor): tf.Tensor {
    const { rho } = this.options
    const slot = this.slot(variable, 'squares')
    const squares = tf.add(tf.mul(slot, rho), tf.mul(tf.square(gradient), 1 - rho))
    slot.assign(squares)
    if (!this.options.centered) return squares
    const averageSlot = this.slot(variable, 'average')
    const average = tf.add(tf.mul(averageSlot, rho), tf.mul(gradient, 1 - rho))
    averageSlot.assign(average)
    return tf.sub(squares, tf.square(average))
  }

  private withMomentum(variable: tf.Variable, increment: tf.Tensor): tf.Tensor {
    const { momentum = 0 } = this.options
    if (momentum === 0) return increment
    const slot = this.slot(variable, 'momentum')
    const velocity = tf.add(tf.mul(slot, momentum), increment)
    slot.assign(velocity)
    return velocity
  }
}
