/** The base of all layers: a function of a tensor, usually on a tf.layers layer, followed by an activation. */
import type * as tfl from '@tensorflow/tfjs-layers'
import { inLayer, programLine } from '../../eager/origin'
import { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import { ArgumentError, ShapeError } from '../../util/errors'
import { printShape, type Shape } from '../../util/shapes'
import { activations, assertActivation, type ActivationName } from '../activations'

export type TfLayer = tfl.layers.Layer

/** A weight of a layer with its name in the layer: `kernel`, `bias`. */
export interface LayerWeight {
  readonly name: string
  readonly variable: tf.Variable
  /** False for what training does not learn but keeps track of, such as moving averages. */
  readonly isTrainable?: boolean
  /** Its first axis runs along the layer's input, which may be a flattened image. */
  readonly runsAlongInput?: boolean
  readonly isEmbedding?: boolean
}

/** How a layer is called. */
export interface CallOptions {
  /** Dropout drops only then. */
  readonly training?: boolean
}

export abstract class Layer {
  /** Keras' class name, as `summary()` shows it. */
  abstract readonly className: string
  readonly activation: ActivationName
  /** Given by the model: unique in it. */
  name = ''
  /** The image that a flatten layer in front turned into this layer's input; set by the model. */
  flattenedFrom: ImageShape | undefined
  readonly #line = programLine()
  #outputShape: Shape | null = null

  protected constructor(where: string, activation = 'linear') {
    this.activation = assertActivation(where, activation)
  }

  /** Shape of one output example. Throws before the layer is built. */
  get outputShape(): Shape {
    if (this.#outputShape) return this.#outputShape
    throw new ArgumentError(
      `${this.className}: expected a built layer, got one without an input shape. Begin the model with Input({ shape }).`,
    )
  }

  /** Makes the weights for examples of `inputShape`; gives the shape of one output example. */
  build(inputShape: Shape): Shape {
    this.#outputShape = this.buildFor(inputShape)
    if (this.#outputShape.some((size) => size < 1)) {
      throw new ShapeError(
        `${this.className}: expected an input large enough for one window, got ${printShape(inputShape)}. ` +
          "Use a smaller window or padding: 'same'.",
      )
    }
    return this.#outputShape
  }

  /** [batch, …inputShape] -> [batch, …outputShape]. */
  apply(x: tf.Tensor, options: CallOptions = {}): tf.Tensor {
    return this.activate(this.beforeActivation(x, options.training ?? false))
  }

  /** What the activation is applied to; a loss on logits starts from here. */
  beforeActivation(x: tf.Tensor, training: boolean): tf.Tensor {
    return inLayer(this.name, this.#line, () => this.call(x, training))
  }

  /** The layer's activation. */
  activate(x: tf.Tensor): tf.Tensor {
    return inLayer(this.name, this.#line, () => activations[this.activation](x))
  }

  /** Weights in Keras' order: those that are trained come first. */
  get weights(): readonly LayerWeight[] {
    return []
  }

  countParams(): number {
    return this.weights.reduce((sum, { variable }) => sum + variable.size, 0)
  }

  /** Frees the weights. */
  dispose(): void {
    for (const { variable } of this.weights) variable.dispose()
  }

  /** The layer's function but for its activation. */
  protected abstract call(x: tf.Tensor, training: boolean): tf.Tensor

  /** Builds for that input shape and gives the output shape, both without the batch axis. */
  protected abstract buildFor(inputShape: Shape): Shape

  /** Throws ShapeError unless examples have `rank` axes. */
  protected assertRank(inputShape: Shape, rank: number, axes: string): void {
    if (inputShape.length === rank) return
    throw new ShapeError(
      `${this.className}: expected examples ${axes}, got ${printShape(inputShape)}. Change the layer before it or Input's shape.`,
    )
  }
}

/** Builds a tf.layers layer; shapes without the batch axis. */
export function buildTfLayer(layer: TfLayer, inputShape: Shape): Shape {
  const batched = [null, ...inputShape]
  layer.build(batched)
  layer.built = true
  const outputShape = layer.computeOutputShape(batched) as (number | null)[]
  return outputShape.slice(1).map((size) => size ?? 0)
}

/** Runs a tf.layers layer on one tensor. */
export function callTfLayer(layer: TfLayer, x: tf.Tensor): tf.Tensor {
  return layer.call(x, {}) as tf.Tensor
}

/** The kernel and, where there is one, the bias of a built tf.layers layer. */
export function weightsOf(layer: TfLayer): LayerWeight[] {
  return ['kernel', 'bias'].flatMap((name, index) => {
    const variable = layer.trainableWeights[index]?.read()
    return variable instanceof tf.Variable ? [{ name, variable, runsAlongInput: name === 'kernel' }] : []
  })
}

/** Throws ArgumentError unless `value` is a positive integer. */
export function assertPositiveInteger(where: string, option: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return
  throw new ArgumentError(
    `${where}: expected ${option} to be a positive integer, got ${value}. Use 1 or more.`,
  )
}
