/** The base of layers that a program writes itself: `build`, which makes weights, and `call`. */
import { tf } from '../../eager/tfjs'
import { outsideTrace } from '../../eager/tracing'
import { ArgumentError } from '../../util/errors'
import { openSize, type Shape } from '../../util/shapes'
import { toInitializer, type Initializer } from '../initializers'
import { assertOptions } from '../names'
import { assertActivation, type ActivationLike } from '../activations'
import {
  Layer,
  layerOptions,
  madeVariable,
  type CallOptions,
  type LayerOptions,
  type LayerWeight,
} from './layer'

export interface OwnLayerOptions extends LayerOptions {
  readonly activation?: ActivationLike
}

export interface AddWeightOptions {
  readonly shape?: Shape
  /** Glorot uniform when left out, zeros for a vector. */
  readonly initializer?: Initializer | string
  readonly trainable?: boolean
  readonly name?: string
}

/**
 * Subclass it: `build(inputShape)` makes weights with `addWeight`, `call(inputs, { training })` computes with them. The
 * input shape begins with null for the batch. Source: keras.layers.Layer.
 */
export class OwnLayer extends Layer {
  #weights: LayerWeight[] = []

  constructor(options: OwnLayerOptions = {}) {
    assertOptions('Layer', options, ['activation', ...layerOptions])
    super('Layer', assertActivation('Layer', options.activation ?? null), options)
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
  addWeight(options: AddWeightOptions = {}): tf.Variable {
    assertOptions('addWeight', options, ['shape', 'initializer', 'trainable', 'name'])
    const { shape = [], trainable = true, name = `weight${this.#weights.length}` } = options
    const { initializer = shape.length < 2 ? 'zeros' : 'glorotUniform' } = options
    const values = toInitializer('addWeight initializer', initializer).values(shape)
    const variable = outsideTrace(() => madeVariable(values, shape, trainable))
    this.#weights.push({ name, variable, isTrainable: trainable })
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
