/** A tensor that a module learns. */
import type { Shape } from '../util/shapes'
import { tf } from '../eager/tfjs'
import { Tensor } from './tensor'

export class Parameter extends Tensor {
  /** The tfjs variable that holds the values; assigned to by optimizers. */
  readonly variable: tf.Variable

  constructor(values: Float32Array, shape: Shape) {
    const initial = tf.tensor(values, [...shape], 'float32')
    const variable = tf.variable(initial)
    initial.dispose()
    super(variable, 'leaf')
    this.variable = variable
  }

  /** Replaces the values; the shape stays. */
  assign(values: Float32Array): void {
    tf.tidy(() => this.variable.assign(tf.tensor(values, [...this.shape], 'float32')))
  }
}
