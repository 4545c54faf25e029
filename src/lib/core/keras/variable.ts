/** keras.Variable: a tensor that training changes, outside of any layer. */
import { tf } from '../eager/tfjs'
import { outsideTrace } from '../eager/tracing'
import { ShapeError } from '../util/errors'
import { isSameShape, printShape, type Shape } from '../util/shapes'
import { flag, integerList, only, taking, text } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../util/parameters'
import { toInitializer, type InitializerLike } from './initializers'
import { float32Only, tensor } from './kinds'
import { initializer } from './layers/layerKinds'
import { isTensorLike, toTensorOf, type TensorLike } from './tensorLike'

const variableParameters = parameters('Variable', {
  /** The first values; or an initializer, such as 'zeros', with a shape. */
  initializer: taking<TensorLike | InitializerLike>(
    'numbers, a tensor, or an initializer',
    (value) => isTensorLike(value) || initializer.facts.kind.accepts(value),
  ),
  /** Sizes of the axes, where an initializer gives the values. */
  shape: integerList.or(null),
  /** Everything is computed in float32. */
  dtype: float32Only,
  /** False for what training leaves as it is. */
  trainable: flag.or(true),
  /** Has no effect: everything is computed in float32. */
  autocast: flag.or(true).unused('everything is computed in float32'),
  /** Has no effect: there is one copy of each variable. */
  aggregation: text.or('none').unused('there is one copy of each variable'),
  /** Has no effect: there is one copy of each variable. */
  synchronization: text.or('auto').unused('there is one copy of each variable'),
  /** As weights() calls it. */
  name: text.or(null),
  /** There is one device. */
  layout: only(null, 'Leave it out: there is one device here.'),
})

const valueParameters = { value: tensor }
const assign = parameters('Variable.assign', valueParameters)
const assignAdd = parameters('Variable.assignAdd', valueParameters)
const assignSub = parameters('Variable.assignSub', valueParameters)

/** Lives until the run ends, or until it is disposed. Source: keras.Variable. */
export class Variable {
  readonly name: string
  readonly variable: tf.Variable

  constructor(...given: Given<typeof variableParameters.table>) {
    const { initializer, shape, trainable, name } = variableParameters.read(given)
    this.name = name ?? 'variable'
    this.variable = outsideTrace(() =>
      tf.tidy(() => tf.variable(tf.cast(firstValues(initializer, shape), 'float32'), trainable)),
    )
  }

  /** The tensor. */
  get value(): tf.Tensor {
    return this.variable
  }

  /** Sizes of its axes. */
  get shape(): readonly number[] {
    return this.variable.shape
  }

  /** Gives it other values of its shape. Throws ShapeError otherwise. */
  assign(...given: Given<typeof assign.table>): this {
    const { value } = assign.read(given)
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

  /** Adds to its values. */
  assignAdd(...given: Given<typeof assignAdd.table>): this {
    const { value } = assignAdd.read(given)
    tf.tidy(() => void this.assign(tf.add(this.variable, toTensorOf(value))))
    return this
  }

  /** Subtracts from its values. */
  assignSub(...given: Given<typeof assignSub.table>): this {
    const { value } = assignSub.read(given)
    tf.tidy(() => void this.assign(tf.sub(this.variable, toTensorOf(value))))
    return this
  }

  /** Frees the values. */
  dispose(...given: NoArguments): void {
    assertNoArguments('Variable.dispose', given)
    this.variable.dispose()
  }
}

function firstValues(given: TensorLike | InitializerLike, shape: Shape | null): tf.Tensor {
  if (isTensorLike(given)) {
    const values = toTensorOf(given)
    if (shape === null || isSameShape(values.shape, shape)) return values
    throw new ShapeError(
      `Variable: expected values of shape ${printShape(shape)}, got ${printShape(values.shape)}. Leave shape out.`,
    )
  }
  const initializer = toInitializer('Variable initializer', given)
  if (shape) return tf.tensor(initializer.values(shape), [...shape])
  throw new ShapeError('Variable: expected a shape for an initializer, got none. Write { shape: [2, 3] }.')
}
