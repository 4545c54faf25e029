/** Adam (Kingma and Ba, 2015), in both frameworks' formulation. */
import { tf } from '../eager/tfjs'
import { Optimizer, type Formulation } from './optimizer'

export interface AdamOptions {
  readonly learningRate: number
  readonly beta1?: number
  readonly beta2?: number
  /** Keras' default is 1e-7, PyTorch's 1e-8, and they stand in different places of the formula. */
  readonly epsilon: number
  /** Keras: decoupled, w −= lr·weightDecay·w before the update. PyTorch: L2, g += weightDecay·w. */
  readonly weightDecay?: number
  readonly formulation: Formulation
}

/**
 * m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²
 * Keras:    w −= lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε)
 * PyTorch:  w −= lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
 *
 * Source: keras/src/optimizers/adam.py; torch.optim.Adam.
 */
export class Adam extends Optimizer {
  protected readonly slotNames = ['m', 'v']
  private readonly beta1: number
  private readonly beta2: number
  private readonly epsilon: number
  private readonly weightDecay: number
  private readonly formulation: Formulation

  constructor(
    variables: readonly tf.Variable[],
    { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon, weightDecay = 0, formulation }: AdamOptions,
  ) {
    super(variables, learningRate)
    this.beta1 = beta1
    this.beta2 = beta2
    this.epsilon = epsilon
    this.weightDecay = weightDecay
    this.formulation = formulation
  }

  protected update(variable: tf.Variable, gradient: tf.Tensor): void {
    const { learningRate, weightDecay } = this
    if (weightDecay === 0) {
      variable.assign(tf.sub(variable, this.step(variable, gradient)))
    } else if (this.formulation === 'keras') {
      const decayed = tf.mul(variable, 1 - learningRate * weightDecay)
      variable.assign(tf.sub(decayed, this.step(variable, gradient)))
    } else {
      const penalised = tf.add(gradient, tf.mul(variable, weightDecay))
      variable.assign(tf.sub(variable, this.step(variable, penalised)))
    }
  }

  /** What is subtracted from the variable; moves both moments on. */
  private step(variable: tf.Variable, gradient: tf.Tensor): tf.Tensor {
    const { beta1, beta2, epsilon, learningRate, iterations } = this
    const mSlot = this.slot(variable, 'm')
    const vSlot = this.slot(variable, 'v')
    const m = tf.add(tf.mul(mSlot, beta1), tf.mul(gradient, 1 - beta1))
    const v = tf.add(tf.mul(vSlot, beta2), tf.mul(tf.square(gradient), 1 - beta2))
    mSlot.assign(m)
    vSlot.assign(v)
    const mCorrection = 1 - beta1 ** iterations
    const vCorrection = Math.sqrt(1 - beta2 ** iterations)
    if (this.formulation === 'keras') {
      const rate = (learningRate * vCorrection) / mCorrection
      return tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon))
    }
    const denominator = tf.add(tf.div(tf.sqrt(v), vCorrection), epsilon)
    return tf.div(tf.mul(m, learningRate / mCorrection), denominator)
  }
}
