/** Tensors that a module keeps from step to step: those it learns and those it keeps track of. */
import type { Shape } from '../util/shapes'
import { tf } from '../eager/tfjs'
import { Tensor } from './tensor'

interface StorageOptions {
  readonly isTrainable?: boolean
  readonly isEmbedding?: boolean
}

/** A tensor whose values are held in a tfjs variable. */
abstract class StoredTensor extends Tensor {
  /** Holds the values; assigned to by optimizers and by modules. */
  readonly variable: tf.Variable
  /** A table of vectors, [entries, features] in both layouts. */
  readonly isEmbedding: boolean | undefined

  protected constructor(
    values: Float32Array,
    shape: Shape,
    { isTrainable = true, isEmbedding }: StorageOptions,
  ) {
    const initial = tf.tensor(values, [...shape], 'float32')
    const variable = tf.variable(initial, isTrainable)
    initial.dispose()
    super(variable, isTrainable ? 'leaf' : 'constant')
    this.variable = variable
    this.isEmbedding = isEmbedding
  }

  /** Replaces the values; the shape stays. */
  assign(values: Float32Array): void {
    tf.tidy(() => this.variable.assign(tf.tensor(values, [...this.shape], 'float32')))
  }
}

/** A tensor that a module learns. */
export class Parameter extends StoredTensor {
  constructor(values: Float32Array, shape: Shape, options: { readonly isEmbedding?: boolean } = {}) {
    super(values, shape, options)
  }
}

/** A tensor that belongs to a module's state but is not learned, such as a running mean. Source: torch.nn.Buffer. */
export class Buffer extends StoredTensor {
  constructor(values: Float32Array, shape: Shape) {
    super(values, shape, { isTrainable: false })
  }
}
