/** keras.Variable: a tensor that training changes, outside of any layer. */
import { tf } from '../eager/tfjs'
import { outsideTrace } from '../eager/tracing'
import { ShapeError } from '../util/errors'
import { isSameShape, printShape } from '../util/shapes'
import { assertOptions } from './names'
import { toTensorOf, type TensorLike } from './tensorLike'

export interface VariableOptions {
  readonly name?: string
  readonly trainable?: boolean
}

/** Lives until the run ends, or until it is disposed. Source: keras.Variable. */
export class Variable {
  readonly name: string
  readonly variable: tf.Variable

  constructor(initializer: TensorLike, options: VariableOptions = {}) {
    assertOptions('Variable', options, ['name', 'trainable'])
    this.name = options.name ?? 'variable'
    this.variable = outsideTrace(() =>
      tf.tidy(() => tf.variable(tf.cast(toTensorOf(initializer), 'float32'), options.trainable ?? true)),
    )
  }

  /** The tensor. */
  get value(): tf.Tensor {
    return this.variable
  }

  get shape(): readonly number[] {
    return this.variable.shape
  }

  /** Gives it other values of its shape. Throws ShapeError otherwise. */
  assign(value: TensorLike): this {
    tf.tidy(() => {
      const next = toTensorOf(value)
      if (!isSameShape(next.shape, this.shape)) {
        throw new ShapeError(
          `Variable.assign: expected shape ${printShape(this.shape)}, got ${printShape(next.shape)}. Reshape it first.`,
        )
      }
      this.variable.assign(tf.cast(next, 'float32'))
    })
    return this
  }

  assignAdd(value: TensorLike): this {
    tf.tidy(() => void this.assign(tf.add(this.variable, toTensorOf(value))))
    return this
  }

  assignSub(value: TensorLike): this {
    tf.tidy(() => void this.assign(tf.sub(this.variable, toTensorOf(value))))
    return this
  }

  dispose(): void {
    this.variable.dispose()
  }
}
