/** Tensors that a module keeps from step to step: those it learns and those it keeps track of. */
import { tf } from '../eager/tfjs'
import type { RecurrentPart } from '../nn/weights'
import type { Shape } from '../util/shapes'
import { Tensor } from './tensor'

interface StorageOptions {
  readonly isTrainable?: boolean
  readonly isEmbedding?: boolean | undefined
  readonly recurrent?: RecurrentPart | undefined
}

/** A tensor whose values are held in a tfjs variable. Methods that end in `_` change them in place. */
abstract class StoredTensor extends Tensor {
  readonly #variable: tf.Variable
  /** A table of vectors, [entries, features] in both layouts. */
  readonly isEmbedding: boolean | undefined
  /** What it is in a recurrent cell, whose gates and biases the layouts order differently. */
  readonly recurrent: RecurrentPart | undefined

  protected constructor(
    values: Float32Array | Tensor,
    shape: Shape,
    { isTrainable = true, isEmbedding, recurrent }: StorageOptions,
  ) {
    const initial =
      values instanceof Tensor ? tf.cast(values.value, 'float32') : tf.tensor(values, [...shape], 'float32')
    const variable = tf.variable(initial, isTrainable)
    initial.dispose()
    super(variable, isTrainable ? 'leaf' : 'constant')
    this.#variable = variable
    this.isEmbedding = isEmbedding
    this.recurrent = recurrent
  }

  /** Holds the values; assigned to by optimizers and by modules. */
  override get variable(): tf.Variable {
    return this.#variable
  }

  /** Replaces the values; the shape stays. */
  assign(values: Float32Array): void {
    tf.tidy(() => this.variable.assign(tf.tensor(values, [...this.shape], 'float32')))
  }
}

export interface ParameterOptions {
  /** False for a parameter that is frozen. */
  readonly requiresGrad?: boolean
  /** Not in PyTorch: a table of vectors, whose axes both layouts have in one order. */
  readonly isEmbedding?: boolean
  /** Not in PyTorch: what it is in a recurrent cell. */
  readonly recurrent?: RecurrentPart
}

/** A tensor that a module learns: made of a tensor, whose values it copies, or of values and a shape. */
export class Parameter extends StoredTensor {
  constructor(data: Tensor, options?: ParameterOptions)
  constructor(values: Float32Array, shape: Shape, options?: ParameterOptions)
  constructor(
    data: Tensor | Float32Array,
    second: Shape | ParameterOptions = {},
    third: ParameterOptions = {},
  ) {
    const isTensor = data instanceof Tensor
    const options = isTensor ? (second as ParameterOptions) : third
    const { isEmbedding, recurrent } = options
    super(data, isTensor ? data.shape : (second as Shape), { isEmbedding, recurrent })
    if (options.requiresGrad === false) this.requiresGrad = false
  }
}

/** A tensor that belongs to a module's state but is not learned, such as a running mean. Source: torch.nn.Buffer. */
export class Buffer extends StoredTensor {
  constructor(data: Tensor)
  constructor(values: Float32Array, shape: Shape, options?: Pick<ParameterOptions, 'recurrent'>)
  constructor(
    data: Tensor | Float32Array,
    shape: Shape = [],
    { recurrent }: Pick<ParameterOptions, 'recurrent'> = {},
  ) {
    super(data, data instanceof Tensor ? data.shape : shape, { isTrainable: false, recurrent })
  }
}
