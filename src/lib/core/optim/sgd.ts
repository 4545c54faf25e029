/** Stochastic gradient descent with momentum, in both frameworks' formulation. */
import { kerasSgd } from '../catalogue/optimizers/sgd'
import { tf } from '../eager/tfjs'
import { hostScalar } from '../eager/tracing'
import { Optimizer, type Formulation, type UpdateRule } from './optimizer'

/** The constants of stochastic gradient descent. */
export interface SgdOptions {
  readonly learningRate: number
  /** 0 for none. */
  readonly momentum?: number
  readonly nesterov?: boolean
  /** PyTorch only: share of the gradient that the momentum leaves out, but for its first; 0 for none. */
  readonly dampening?: number
  /** Keras: decoupled, w −= lr·weightDecay·w before the update. PyTorch: L2, g += weightDecay·w. */
  readonly weightDecay?: number
  readonly formulation: Formulation
}

/**
 * Keras: `kerasSgd`.
 * PyTorch:  b = momentum·b + g;     w −= lr·b        (Nesterov: w −= lr·(g + momentum·b))
 *          with dampening d: b = momentum·b + (1 − d)·g from the second update on
 *
 * They agree while the learning rate does not change; the momentum of Keras carries the old rate on.
 * Source: torch.optim.SGD.
 */
export class Sgd extends Optimizer {
  protected readonly slotNames = ['momentum']
  private readonly momentum: number
  private readonly nesterov: boolean
  private readonly dampening: number
  private readonly weightDecay: number
  private readonly formulation: Formulation

  constructor(
    variables: readonly tf.Variable[],
    { learningRate, momentum = 0, nesterov = false, dampening = 0, weightDecay = 0, formulation }: SgdOptions,
  ) {
    super(variables, learningRate)
    this.dampening = dampening
    this.momentum = momentum
    this.nesterov = nesterov
    this.weightDecay = weightDecay
    this.formulation = formulation
  }

  protected rule(): UpdateRule {
    const { momentum, nesterov, weightDecay } = this
    if (this.formulation === 'keras') return this.kerasRule(kerasSgd, { momentum, nesterov }, weightDecay)
    return this.torchRule(hostScalar('learningRate', () => this.learningRate))
  }

  private torchRule(rate: tf.Tensor | number): UpdateRule {
    const { momentum, weightDecay } = this
    const damped = this.damping()
    return (variable, gradient) => {
      let direction = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay))
      if (momentum !== 0) {
        const slot = this.slot(variable, 'momentum')
        const buffer = tf.add(tf.mul(slot, momentum), damped(variable, direction))
        slot.assign(buffer)
        direction = this.nesterov ? tf.add(direction, tf.mul(buffer, momentum)) : buffer
      }
      variable.assign(tf.sub(variable, tf.mul(direction, rate)))
    }
  }

  /** What of a gradient goes into the momentum. */
  private damping(): (variable: tf.Variable, gradient: tf.Tensor) => tf.Tensor {
    const { dampening } = this
    if (dampening === 0) return (_, gradient) => gradient
    const shareOf = this.steps.shared((count) =>
      hostScalar('undamped', () => (count() === 1 ? 1 : 1 - dampening)),
    )
    return (variable, gradient) => tf.mul(gradient, shareOf(variable))
  }
}
