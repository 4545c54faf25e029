/** The base of all layers: a function of tensors, usually on a tf.layers layer, followed by an activation. */
import type * as tfl from '@tensorflow/tfjs-layers'
import type { NdArray } from '../../data/types'
import { inLayer, programLine } from '../../eager/origin'
import { tf } from '../../eager/tfjs'
import { activeTrace, outsideTrace, type ActiveTrace } from '../../eager/tracing'
import type { ImageShape, RecurrentPart } from '../../nn/weights'
import { ArgumentError, ShapeError } from '../../util/errors'
import { flag, only, taking } from '../../util/kinds'
import {
  assertNoArguments,
  parameters,
  type Given,
  type NoArguments,
  type Values,
} from '../../util/parameters'
import { isSameShape, openSize, printShape, type Shape } from '../../util/shapes'
import { activations, assertActivation, type ActivationLike, type ActivationName } from '../activations'
import { assignValues, toArray, toArrayOf, type ArrayData } from '../arrays'
import { KerasTensor } from '../kerasTensor'
import { ModelOutput } from '../modelOutput'
import type { Regularizer } from '../regularizers'
import { isTensorLike, toTensorOf, type TensorLike } from '../tensorLike'
import type { layerParameters } from './layerParameters'

/** A layer of tf.layers, behind one of ours. */
export type TfLayer = tfl.layers.Layer

/** A weight of a layer with its name in the layer: `kernel`, `bias`. */
export interface LayerWeight {
  readonly name: string
  readonly variable: tf.Variable
  /** False for what training does not learn but keeps track of, such as moving averages. */
  readonly isTrainable?: boolean
  /** Its first axis runs along the layer's input, which may be a flattened image. */
  readonly runsAlongInput?: boolean
  /** That image, where the layer that has the weight is part of a model in the model. */
  readonly flattenedFrom?: ImageShape | undefined
  readonly isEmbedding?: boolean
  /** What it adds to the loss. */
  readonly regularizer?: Regularizer
  /** Of a recurrent layer. */
  readonly recurrent?: RecurrentPart
}

/** How a layer is called. */
export interface CallOptions {
  /** Dropout drops only then. */
  readonly training?: boolean
}

/** What every layer was told. */
export type LayerValues = Pick<
  Values<typeof layerParameters>,
  'name' | 'trainable' | 'inputShape' | 'inputDim'
>

/** How a layer, or a model, is applied. */
export const callParameters = {
  /** Dropout drops only then. */
  training: flag.or(null),
  /** Sequences have no masks. */
  mask: only(null, 'Leave it out: sequences have no masks here.'),
}

type Inputs = KerasTensor | TensorLike | readonly KerasTensor[]

const apply = parameters('layer.apply', {
  inputs: taking<Inputs>(
    'a tensor, or what Input or another layer gives',
    (value) => value instanceof KerasTensor || isTensorLike(value),
  ),
  ...callParameters,
})
const setWeights = parameters('layer.setWeights', {
  /** Arrays, or nested lists of numbers, as getWeights gives them. */
  weights: taking<readonly ArrayData[]>(
    'a list of arrays',
    (value) => Array.isArray(value) || value instanceof Promise,
  ),
})

/** Fields that say where a layer stands and what training changes, not what it computes. */
const isOfModel: ReadonlySet<string> = new Set(['name', 'trainable', 'className', 'flattenedFrom'])

function isSetting(value: unknown): boolean {
  return typeof value !== 'object' || Array.isArray(value)
}

/** The base of all layers. Source: keras.layers.Layer. */
export abstract class Layer {
  /** Keras' class name, as `summary()` shows it. */
  abstract readonly className: string
  readonly activation: ActivationName
  /** As the program said, or else given by the first model: unique in it. */
  name: string
  /** What the option `inputShape` said. */
  readonly givenInputShape: readonly (number | null)[] | null
  /** The image that a flatten layer in front turned into this layer's input. */
  flattenedFrom: ImageShape | undefined
  readonly #line = programLine()
  #inputShapes: readonly Shape[] | null = null
  #outputShape: Shape | null = null
  #output: KerasTensor | null = null
  #isTrainable: boolean

  protected constructor(
    where: string,
    activation: ActivationLike,
    { name, trainable, inputShape, inputDim }: LayerValues,
  ) {
    this.activation = assertActivation(where, activation)
    this.name = name ?? ''
    this.#isTrainable = trainable
    this.givenInputShape = inputDim === null ? inputShape : [inputDim]
  }

  /** False keeps the weights as they are from the next `compile` on. */
  get trainable(): boolean {
    return this.#isTrainable
  }

  set trainable(trainable: boolean) {
    this.#isTrainable = trainable
  }

  /** Shape of one output example. Throws before the layer is built. */
  get outputShape(): Shape {
    return this.#outputShape ?? this.#notBuilt()
  }

  /** What the layer gave where it was applied to a symbolic tensor first. Throws before. */
  get output(): KerasTensor {
    return this.#output ?? this.#notBuilt()
  }

  /** What the layer was applied to there. Throws before. */
  get input(): KerasTensor | readonly KerasTensor[] {
    const inputs = this.output.producer?.inputs ?? []
    return inputs.length === 1 && inputs[0] ? inputs[0] : inputs
  }

  /** Makes the weights for examples of these shapes, one for each input; gives the shape of one output example. */
  buildOn(...inputShapes: readonly Shape[]): Shape {
    this.#inputShapes = inputShapes
    this.#outputShape = this.#shapeFor(inputShapes)
    return this.#outputShape
  }

  /** [batch, …inputShape] -> [batch, …outputShape], or the same on symbolic tensors. */
  apply(inputs: KerasTensor | readonly KerasTensor[], ...others: Given<typeof callParameters>): KerasTensor
  apply(inputs: TensorLike, ...others: Given<typeof callParameters>): tf.Tensor
  apply(...given: Given<typeof apply.table>): KerasTensor | tf.Tensor {
    const { inputs: x, training } = apply.read(given)
    const inputs = Array.isArray(x) && x.some(isWhole) ? (x as readonly (KerasTensor | TensorLike)[]) : [x]
    const symbolic = inputs.filter((input) => input instanceof KerasTensor)
    if (symbolic.length > 0) return this.#connect(symbolic, inputs.length)
    const tensors = inputs.map((input) => toTensorOf(input as TensorLike))
    if (!this.#inputShapes) outsideTrace(() => this.buildOn(...tensors.map(({ shape }) => shape.slice(1))))
    return this.outputFor(tensors, training ?? false).value
  }

  /** What the activation is applied to; a loss on logits starts from here. */
  protected beforeActivation(inputs: readonly tf.Tensor[], training: boolean): tf.Tensor {
    const trace = activeTrace()
    if (trace) this.tellFields(trace)
    return inLayer(this.name, this.#line, () => this.callAll(inputs, training))
  }

  /** Output before and after the activation, which a loss on logits leaves out. */
  outputFor(inputs: readonly tf.Tensor[], training: boolean): ModelOutput {
    const before = this.beforeActivation(inputs, training)
    return new ModelOutput(before, this.activation, (value) => this.activate(value))
  }

  /** The layer's activation. */
  activate(x: tf.Tensor): tf.Tensor {
    return inLayer(this.name, this.#line, () => activations[this.activation](x))
  }

  /** Weights in Keras' order: those that are trained come first. */
  get weights(): readonly LayerWeight[] {
    return []
  }

  /** The values of all weights, in their order. Reads back from the backend: await it. */
  getWeights(...given: NoArguments): Promise<NdArray[]> {
    assertNoArguments('layer.getWeights', given)
    const reading = Promise.all(this.weights.map(({ variable }) => toArray(variable)))
    return toBeAwaited('getWeights', reading)
  }

  /** Overwrites all weights with arrays, or nested lists of numbers. Throws ShapeError where they do not fit. */
  setWeights(...given: Given<typeof setWeights.table>): void {
    const { weights } = setWeights.read(given)
    assertAwaited(`${this.className}.setWeights`, weights)
    const arrays = weights.map((each) => toArrayOf(each))
    const shapes = this.weights.map(({ variable }) => variable.shape)
    const fits = shapes.every((shape, index) => isSameShape(shape, arrays[index]?.shape ?? []))
    if (!fits || arrays.length !== shapes.length) {
      throw new ShapeError(
        `${this.className}.setWeights: expected arrays ${shapes.map(printShape).join(', ') || 'of a built layer'}, ` +
          `got ${arrays.map(({ shape }) => printShape(shape)).join(', ')}. Use those of getWeights() as a pattern.`,
      )
    }
    for (const [index, { variable }] of this.weights.entries())
      assignValues(variable, Float32Array.from(arrays[index]?.values ?? []))
  }

  /** Number of all weights' values. */
  countParams(...given: NoArguments): number {
    assertNoArguments('layer.countParams', given)
    return this.weights.reduce((sum, { variable }) => sum + variable.size, 0)
  }

  /** Frees the weights. */
  dispose(...given: NoArguments): void {
    assertNoArguments('layer.dispose', given)
    for (const { variable } of this.weights) variable.dispose()
  }

  /** Says what a step that is traced reads of the layer's own settings. */
  protected tellFields(trace: ActiveTrace): void {
    const own = this as unknown as Readonly<Record<string, unknown>>
    const settings = Object.keys(own).filter((name) => isSetting(own[name]) && !isOfModel.has(name))
    for (const name of settings)
      trace.reads({ name: `${this.name}.${name}`, line: this.#line, read: () => own[name] })
  }

  /** The layer's function of one input but for its activation. */
  protected call(_x: tf.Tensor, _training: boolean | CallOptions): tf.Tensor {
    throw new Error(`internal: ${this.className} has no function`)
  }

  /** Builds for that input shape and gives the output shape, both without the batch axis. */
  protected buildFor(_inputShape: Shape): Shape {
    throw new Error(`internal: ${this.className} has no shape`)
  }

  /** The function of all inputs; a layer of one input has only `call`. */
  protected callAll(inputs: readonly tf.Tensor[], training: boolean): tf.Tensor {
    const [x] = inputs
    return x && inputs.length === 1 ? this.call(x, training) : this.#notOne(inputs.length)
  }

  /** The shape for all inputs; a layer of one input has only `buildFor`. */
  protected buildForAll(inputShapes: readonly Shape[]): Shape {
    const [inputShape] = inputShapes
    return inputShape && inputShapes.length === 1
      ? this.buildFor(inputShape)
      : this.#notOne(inputShapes.length)
  }

  /** Throws ShapeError unless examples have `rank` axes. */
  protected assertRank(inputShape: Shape, rank: number, axes: string): void {
    if (inputShape.length === rank) return
    throw new ShapeError(
      `${this.className}: expected examples ${axes}, got ${printShape(inputShape)}. Change the layer before it or Input's shape.`,
    )
  }

  /** Throws ShapeError where the size of the last axis is open: weights are made for it. */
  protected assertFeatures(inputShape: Shape): void {
    if (inputShape.at(-1) !== openSize) return
    throw new ShapeError(
      `${this.className}: expected a known number of features, got examples ${printShape(inputShape)}. ` +
        'Put an Embedding in front for sequences of tokens, or give Input the size.',
    )
  }

  /** A node of the functional graph. Weights are made at the first, and shared by the others. */
  #connect(inputs: readonly KerasTensor[], count: number): KerasTensor {
    if (inputs.length !== count) {
      throw new ArgumentError(
        `${this.className}: expected all inputs of one kind, got symbolic and other tensors. Begin each branch with Input({ shape }).`,
      )
    }
    const shapes = inputs.map(({ exampleShape }) => exampleShape)
    const from = inputs.length === 1 ? inputs[0]?.flattenedFrom : undefined
    if (!this.#inputShapes) {
      this.buildOn(...shapes)
      if (shapes[0]?.length === 1) this.flattenedFrom = from
    }
    const output = new KerasTensor(
      this.#shapeAgain(shapes),
      { layer: this, inputs },
      '',
      this.flattenedAfter(shapes, from),
    )
    this.#output ??= output
    return output
  }

  /** The image of which the layer's output is a row, for such inputs: most layers keep the order of a flattened image. */
  protected flattenedAfter(
    _inputShapes: readonly Shape[],
    from: ImageShape | undefined,
  ): ImageShape | undefined {
    return from
  }

  #shapeFor(inputShapes: readonly Shape[]): Shape {
    const outputShape = this.buildForAll(inputShapes)
    if (outputShape.every((size) => size >= 1 || size === openSize)) return outputShape
    throw new ShapeError(
      `${this.className}: expected an input large enough for one window, got ${inputShapes.map(printShape).join(' and ')}. ` +
        "Use a smaller window or padding: 'same'.",
    )
  }

  /** The output shape for shapes that the built layer is applied to. */
  #shapeAgain(shapes: readonly Shape[]): Shape {
    const built = this.#inputShapes ?? []
    if (
      shapes.length === built.length &&
      shapes.every((shape, index) => isSameShape(shape, built[index] ?? []))
    )
      return this.outputShape
    if (this.weights.length === 0) return this.#shapeFor(shapes)
    throw new ShapeError(
      `${this.className}: expected examples of shape ${built.map(printShape).join(' and ')}, for which its weights were made, ` +
        `got ${shapes.map(printShape).join(' and ')}. Create another layer.`,
    )
  }

  #notBuilt(): never {
    throw new ArgumentError(
      `${this.className}: expected a built layer, got one without an input shape. Begin the model with Input({ shape }).`,
    )
  }

  #notOne(count: number): never {
    throw new ArgumentError(
      `${this.className}: expected one input, got ${count}. Join them with Add or Concatenate first.`,
    )
  }
}

/** Throws ArgumentError for a promise, which `getWeights` gives. */
export function assertAwaited(where: string, given: unknown): void {
  if (!(given instanceof Promise)) return
  throw new ArgumentError(
    `${where}: expected arrays, got a promise of them. Write ${where.split('.').at(-1) ?? ''}(await other.getWeights()).`,
  )
}

/** A promise of arrays that says so where it is taken apart without being awaited. */
export function toBeAwaited<T>(where: string, promise: Promise<T>): Promise<T> {
  return Object.defineProperty(promise, Symbol.iterator, {
    get() {
      throw new ArgumentError(
        `${where}: expected the arrays, got a promise of them: reading back from the backend takes time. Write await model.${where}().`,
      )
    },
  })
}

/** Whether it is one input of several, and not a number or a row of one. */
function isWhole(value: unknown): boolean {
  return (
    value instanceof KerasTensor ||
    (isTensorLike(value) && typeof value === 'object' && !Array.isArray(value))
  )
}

/** A variable of these values; call it where the layer is built. */
export function madeVariable(values: Float32Array, shape: Shape, isTrainable = true): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), isTrainable))
}

/** Builds a tf.layers layer; shapes without the batch axis. */
export function buildTfLayer(layer: TfLayer, inputShape: Shape): Shape {
  const batched = [null, ...inputShape.map((size) => (size === openSize ? null : size))]
  layer.build(batched)
  layer.built = true
  const outputShape = layer.computeOutputShape(batched) as (number | null)[]
  return outputShape.slice(1).map((size) => size ?? openSize)
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
