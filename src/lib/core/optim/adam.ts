/** Adam (Kingma and Ba, 2015) and AdamW, in both frameworks' formulation. */
import { kerasAdam } from '../catalogue/optimizers/adam'
import { tf } from '../eager/tfjs'
import { hostScalar } from '../eager/tracing'
import { Optimizer, type Formulation, type Step, type UpdateRule, type WeightDecay } from './optimizer'

/** The constants of Adam. */
export interface AdamOptions {
  readonly learningRate: number
  readonly beta1?: number
  readonly beta2?: number
  /** Keras' default is 1e-7, PyTorch's 1e-8, and they stand in different places of the formula. */
  readonly epsilon: number
  /** Keras: decoupled, w −= lr·weightDecay·w before the update. PyTorch: L2, g += weightDecay·w. */
  readonly weightDecay?: number
  /** Decoupled decay in either formulation: AdamW (Loshchilov and Hutter, 2019). */
  readonly decoupled?: boolean
  /** Divide by the largest v so far instead of by v: AMSGrad (Reddi, Kale and Kumar, 2018). */
  readonly amsgrad?: boolean
  readonly formulation: Formulation
}

/**
 * Keras: `kerasAdam`.
 * PyTorch:  m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²;  w −= lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
 * t counts the updates of the optimizer in Keras, in PyTorch those in which the variable had a gradient.
 *
 * Source: torch.optim.Adam.
 */
export class Adam extends Optimizer {
  protected readonly slotNames: readonly string[]
  private readonly beta1: number
  private readonly beta2: number
  private readonly epsilon: number
  private readonly weightDecay: WeightDecay
  private readonly amsgrad: boolean
  private readonly formulation: Formulation

  constructor(variables: readonly tf.Variable[], options: AdamOptions) {
    const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon, weightDecay = 0 } = options
    const { amsgrad = false, formulation, decoupled = formulation === 'keras' } = options
    super(variables, learningRate)
    this.slotNames = amsgrad ? ['m', 'v', 'vMax'] : ['m', 'v']
    this.amsgrad = amsgrad
    this.beta1 = beta1
    this.beta2 = beta2
    this.epsilon = epsilon
    this.weightDecay = { rate: weightDecay, isDecoupled: decoupled }
    this.formulation = formulation
  }

  protected rule(): UpdateRule {
    const { beta1, beta2, epsilon, amsgrad, weightDecay } = this
    if (this.formulation === 'keras')
      return this.kerasRule(kerasAdam, { beta1, beta2, epsilon, amsgrad }, weightDecay.rate)
    return this.descend(this.torchStep(), weightDecay)
  }

  private torchStep(): Step {
    const scalars = this.steps.shared((count) => ({
      rate: hostScalar('learningRate', () => this.learningRate / (1 - this.beta1 ** count())),
      correction: hostScalar('biasCorrection', () => Math.sqrt(1 - this.beta2 ** count())),
    }))
    return (variable, gradient) => {
      const { rate, correction } = scalars(variable)
      const [m, v] = this.moments(variable, gradient)
      return tf.div(tf.mul(m, rate), tf.add(tf.div(tf.sqrt(v), correction), this.epsilon))
    }
  }

  /** Both moments, moved on by one gradient; with amsgrad the second is the largest so far. */
  private moments(variable: tf.Variable, gradient: tf.Tensor): readonly [m: tf.Tensor, v: tf.Tensor] {
    const { beta1, beta2 } = this
    const mSlot = this.slot(variable, 'm')
    const vSlot = this.slot(variable, 'v')
    const m = tf.add(tf.mul(mSlot, beta1), tf.mul(gradient, 1 - beta1))
    const v = tf.add(tf.mul(vSlot, beta2), tf.mul(tf.square(gradient), 1 - beta2))
    mSlot.assign(m)
    vSlot.assign(v)
    return [m, this.amsgrad ? this.largest(variable, v) : v]
  }

  private largest(variable: tf.Variable, v: tf.Tensor): tf.Tensor {
    const slot = this.slot(variable, 'vMax')
    const largest = tf.maximum(slot, v)
    slot.assign(largest)
    return largest
  }
}
