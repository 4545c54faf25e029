/** The base of layers that a program writes itself: `build`, which makes weights, and `call`. */
import { tf } from '../../eager/tfjs'
import { outsideTrace } from '../../eager/tracing'
import { ArgumentError } from '../../util/errors'
import { openSize, type Shape } from '../../util/shapes'
import { flag, integerList, only, text } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { toInitializer } from '../initializers'
import { float32Only } from '../kinds'
import { toRegularizer, type Regularizer } from '../regularizers'
import { Layer, madeVariable, type CallOptions, type LayerWeight } from './layer'
import { activation, initializer, noConstraint, regularizer } from './layerKinds'
import { plainLayerParameters } from './layerParameters'

const ownLayer = parameters('Layer', {
  /** Applied to what call() gives; none when left out. Not in Keras. */
  activation: activation.named.or(null),
  ...plainLayerParameters,
})

const addWeight = parameters('addWeight', {
  /** Sizes of the axes; a single number when left out. */
  shape: integerList.or(null),
  /** Gives the first values. */
  initializer: initializer.or('glorotUniform'),
  /** Everything is computed in float32. */
  dtype: float32Only,
  /** False for what training leaves as it is. */
  trainable: flag.named.or(true),
  /** Has no effect: everything is computed in float32. */
  autocast: flag.named.or(true).unused('everything is computed in float32'),
  /** Adds a penalty on the weight to the loss. */
  regularizer: regularizer.named.or(null),
  /** Weights have no constraints. */
  constraint: noConstraint.named,
  /** Has no effect: there is one copy of each weight. */
  aggregation: text.named.or('none').unused('there is one copy of each weight'),
  /** Weights are changed by optimizers alone. */
  overwriteWithGradient: only(false, 'Leave it out: weights are changed by optimizers alone.').named,
  /** As weights() calls it. */
  name: text.named.or(null),
})

/**
 * Subclass it: `build(inputShape)` makes weights with `addWeight`, `call(inputs, { training })` computes with them. The
 * input shape begins with null for the batch. Source: keras.layers.Layer.
 */
export class OwnLayer extends Layer {
  #weights: LayerWeight[] = []

  constructor(...given: Given<typeof ownLayer.table>) {
    const { activation, ...options } = ownLayer.read(given)
    super('Layer', activation, options)
  }

  get className(): string {
    return this.constructor.name
  }

  override get weights(): readonly LayerWeight[] {
    return this.#weights.toSorted((a, b) => Number(b.isTrainable ?? true) - Number(a.isTrainable ?? true))
  }

  /** Makes the weights; nothing when left out. */
  build(_inputShape: readonly (number | null)[] | readonly (readonly (number | null)[])[]): void {}

  /** What the layer computes; a list for several inputs. */
  override call(_inputs: tf.Tensor | readonly tf.Tensor[], _options?: CallOptions | boolean): tf.Tensor {
    throw new ArgumentError(
      `${this.className}: expected a method call(inputs), got a layer without it. Write call(inputs) { return … }.`,
    )
  }

  /** Without the batch axis, or with null for it; found out by a call on zeros when left out. */
  computeOutputShape?(inputShape: readonly (number | null)[]): readonly (number | null)[]

  /** Makes a weight of the layer, which training changes unless told otherwise: use it in `build`. */
  addWeight(...given: Given<typeof addWeight.table>): tf.Variable {
    const { shape: sizes, trainable, ...options } = addWeight.read(given)
    const shape = sizes ?? []
    const name = options.name ?? `weight${this.#weights.length}`
    const values = toInitializer('addWeight initializer', options.initializer).values(shape)
    const variable = outsideTrace(() => madeVariable(values, shape, trainable))
    const penalty: Regularizer | null = toRegularizer('addWeight regularizer', options.regularizer)
    this.#weights.push({
      name,
      variable,
      isTrainable: trainable,
      ...(penalty ? { regularizer: penalty } : {}),
    })
    return variable
  }

  /** What its `call` reads is told where it does. */
  protected override tellFields(): void {}

  protected override callAll(inputs: readonly tf.Tensor[], training: boolean): tf.Tensor {
    const [first] = inputs
    const output: unknown = this.call(inputs.length === 1 && first ? first : inputs, { training })
    if (output instanceof tf.Tensor) return output as tf.Tensor
    throw new ArgumentError(
      `${this.className}: expected call() to give a tensor, got ${typeof output}. Return what it computes.`,
    )
  }

  protected override buildForAll(inputShapes: readonly Shape[]): Shape {
    const shapes = inputShapes.map((shape) => [
      null,
      ...shape.map((size) => (size === openSize ? null : size)),
    ])
    const [first = [null]] = shapes
    this.build(shapes.length === 1 ? first : shapes)
    const told = this.computeOutputShape?.(first)
    if (told) return told.slice(1).map((size) => size ?? openSize)
    return outsideTrace(() =>
      tf.tidy(() => {
        const zeros = inputShapes.map((shape) => tf.zeros([1, ...shape.map((size) => Math.max(1, size))]))
        return this.callAll(zeros, false).shape.slice(1)
      }),
    )
  }
}
