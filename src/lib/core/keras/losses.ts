/** Keras-style losses: cross-entropies take probabilities unless told otherwise, and compute from logits where they can. */
import { assertIndices } from '../eager/indexRange'
import { inPhase } from '../eager/origin'
import { tf } from '../eager/tfjs'
import {
  binaryCrossentropyWithLogits,
  categoricalCrossentropyWithLogits,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropyWithLogits,
} from '../nn/losses'
import { ArgumentError, ShapeError } from '../util/errors'
import { isSameShape, printShape, sizeOf, type Shape } from '../util/shapes'
import type { ActivationName } from './activations'
import { outputOf, type ModelOutput } from './modelOutput'
import { assertOptions, madeByName, unknownName, type Spelling } from './names'
import { toTensorOf, type TensorLike } from './tensorLike'

/** keras.config.epsilon(): how close to 0 and 1 a probability may come before its logarithm. */
const epsilon = 1e-7

/** How the losses of the examples become one: their mean, their sum, or not at all. */
export type LossReduction = 'sumOverBatchSize' | 'mean' | 'sum' | 'none'

const reductions: readonly LossReduction[] = ['sumOverBatchSize', 'mean', 'sum', 'none']

export interface LossOptions {
  /** `sumOverBatchSize`, the mean over all examples, when left out. */
  readonly reduction?: LossReduction
  readonly name?: string
}

const lossOptions = ['reduction', 'name'] as const

export interface CrossentropyOptions extends LossOptions {
  /** The model's outputs are logits; false means probabilities. */
  readonly fromLogits?: boolean
  /** Share of each label that is spread over all classes; 0 when left out. */
  readonly labelSmoothing?: number
}

const crossentropyOptions = ['fromLogits', 'labelSmoothing', ...lossOptions] as const

/** How a loss is called. */
export interface LossCallOptions {
  /** A weight for each example. */
  readonly sampleWeight?: TensorLike
}

/** A loss as `compile` takes it. Source: keras.losses.Loss. */
export abstract class Loss {
  readonly name: string
  /** Whether labels are class numbers, one for each row of outputs. */
  readonly takesClassNumbers: boolean = false
  readonly fromLogits: boolean
  readonly reduction: LossReduction

  constructor(name: string, options: LossOptions & { readonly fromLogits?: boolean } = {}) {
    this.name = options.name ?? name
    this.fromLogits = options.fromLogits ?? false
    this.reduction = options.reduction ?? 'sumOverBatchSize'
    if (!reductions.includes(this.reduction))
      throw unknownName(`${name} reduction`, options.reduction, reductions)
  }

  /** The loss of labels and outputs that are tensors, numbers or lists of them: Keras' `loss(y_true, y_pred)`. */
  apply(yTrue: TensorLike, yPred: TensorLike, { sampleWeight }: LossCallOptions = {}): tf.Tensor {
    const [labels, outputs] = [toTensorOf(yTrue), toTensorOf(yPred)]
    const output = outputOf(outputs)
    const weights = sampleWeight === undefined ? null : toTensorOf(sampleWeight)
    if (this.reduction !== 'none') return this.compute(labels, output, weights)
    const losses = this.perExample(labels, output)
    return weights ? tf.mul(losses, weights) : losses
  }

  /**
   * One number for the batch, a scalar. Labels were checked with `labelShape`; weights [batch] scale the losses of the
   * examples, whose number still divides them.
   */
  compute(labels: tf.Tensor, output: ModelOutput, weights: tf.Tensor | null = null): tf.Tensor {
    const mean = weights ? this.#weightedMean(labels, output, weights) : this.mean(labels, output)
    return this.reduction === 'sum' ? tf.mul(mean, lossesOf(output)) : mean
  }

  /** Shape of one label for outputs of one example. */
  labelShape(outputShape: Shape): Shape {
    return outputShape
  }

  /** Mean over everything, a scalar. */
  protected abstract mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor

  /** The loss of each example, averaged over the last axis of its outputs: [batch, …]. */
  protected abstract perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor

  /**
   * Logits, when outputs are logits or come from `activation`: as in Keras, a cross-entropy behind a sigmoid
   * or softmax goes back to its logits, which is stable; otherwise null.
   */
  protected logits(output: ModelOutput, activation: ActivationName): tf.Tensor | null {
    if (output.activation === activation) return output.beforeActivation
    return this.fromLogits ? output.value : null
  }

  #weightedMean(labels: tf.Tensor, output: ModelOutput, weights: tf.Tensor): tf.Tensor {
    const losses = this.perExample(labels, output)
    return inPhase('loss', () => {
      const aligned = tf.reshape(weights, [weights.size, ...losses.shape.slice(1).map(() => 1)])
      return tf.mean(tf.mul(losses, aligned))
    })
  }
}

/** How many losses a batch has: one for each example, or for each position of it. */
function lossesOf({ beforeActivation: { shape } }: ModelOutput): number {
  return sizeOf(shape.slice(0, -1))
}

function clippedProbabilities(probabilities: tf.Tensor): tf.Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon)
}

type Elementwise = (labels: tf.Tensor, predictions: tf.Tensor, reduction: 'mean' | 'none') => tf.Tensor

/** A loss with one value for each output. */
abstract class ElementwiseLoss extends Loss {
  constructor(
    name: string,
    private readonly formula: Elementwise,
    options: LossOptions,
  ) {
    super(name, options)
  }

  protected override mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return this.formula(labels, output.value, 'mean')
  }

  protected override perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    const values = this.formula(labels, output.value, 'none')
    return inPhase('loss', () => tf.mean(values, -1))
  }
}

/** A formula of basic kernels, averaged. */
function averaged(formula: (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor): Elementwise {
  return (labels, predictions, reduction) =>
    inPhase('loss', () => {
      const values = formula(labels, predictions)
      return reduction === 'mean' ? tf.mean(values) : values
    })
}

/** mean (prediction − label)². */
export class MeanSquaredError extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    assertOptions('MeanSquaredError', options, lossOptions)
    super('meanSquaredError', meanSquaredError, options)
  }
}

/** mean |prediction − label|. */
export class MeanAbsoluteError extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    assertOptions('MeanAbsoluteError', options, lossOptions)
    super('meanAbsoluteError', meanAbsoluteError, options)
  }
}

export interface HuberOptions extends LossOptions {
  /** Where the square goes over into a line; 1 when left out. */
  readonly delta?: number
}

/** Squared error for differences up to delta, linear beyond. Source: keras.losses.Huber. */
export class Huber extends ElementwiseLoss {
  readonly delta: number

  constructor(options: HuberOptions = {}) {
    assertOptions('Huber', options, ['delta', ...lossOptions])
    const { delta = 1 } = options
    super('huber', (labels, predictions, reduction) => huber(labels, predictions, delta, reduction), options)
    this.delta = delta
    if (!(delta > 0)) {
      throw new ArgumentError(`Huber: expected delta above 0, got ${delta}. Leave it out for 1.`)
    }
  }
}

/** mean log cosh(prediction − label), written as d + softplus(−2d) − log 2. Source: keras.losses.LogCosh. */
export class LogCosh extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    assertOptions('LogCosh', options, lossOptions)
    super('logCosh', averaged(logCosh), options)
  }
}

function logCosh(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const difference = tf.sub(predictions, labels)
  return tf.sub(tf.add(difference, tf.softplus(tf.mul(difference, -2))), Math.LN2)
}

/** mean max(0, 1 − label·prediction), labels of −1 and 1, or of 0 and 1, which stand for them. Source: keras.losses.Hinge. */
export class Hinge extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    assertOptions('Hinge', options, lossOptions)
    super('hinge', averaged(hinge), options)
  }
}

function hinge(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  // Keras takes −1 for 0 only where all labels are 0 or 1; a label of 0 has no other meaning here.
  const signs = tf.sub(tf.mul(2, tf.cast(tf.greater(labels, 0), 'float32')), 1)
  return tf.relu(tf.sub(1, tf.mul(signs, predictions)))
}

/** Σ y log(y / p) over the last axis, of probabilities. Source: keras.losses.KLDivergence. */
export class KLDivergence extends Loss {
  constructor(options: LossOptions = {}) {
    assertOptions('KLDivergence', options, lossOptions)
    super('klDivergence', options)
  }

  protected override mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    const values = this.perExample(labels, output)
    return inPhase('loss', () => tf.mean(values))
  }

  protected override perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    const predictions = output.value
    return inPhase('loss', () => {
      const [y, p] = [labels, predictions].map((values) => tf.clipByValue(values, epsilon, 1)) as [
        tf.Tensor,
        tf.Tensor,
      ]
      return tf.sum(tf.mul(y, tf.sub(tf.log(y), tf.log(p))), -1)
    })
  }
}

/** What cross-entropies have in common: labels that may be smoothed. */
abstract class Crossentropy extends Loss {
  readonly #labelSmoothing: number

  constructor(name: string, className: string, options: CrossentropyOptions) {
    super(name, options)
    const { labelSmoothing = 0 } = options
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new ArgumentError(
        `${className}: expected labelSmoothing from 0 to 1, got ${labelSmoothing}. Use a small share such as 0.1.`,
      )
    }
    this.#labelSmoothing = labelSmoothing
  }

  /** y·(1 − s) + s / classes */
  protected smoothed(labels: tf.Tensor, classes: number): tf.Tensor {
    const share = this.#labelSmoothing
    if (share === 0) return labels
    return inPhase('loss', () => tf.add(tf.mul(labels, 1 - share), share / classes))
  }

  protected override mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return this.reduced(labels, output, 'mean')
  }

  protected override perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return this.reduced(labels, output, 'none')
  }

  protected abstract reduced(labels: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor
}

/** −y log p − (1−y) log(1−p), labels of 0 and 1 shaped as the output. */
export class BinaryCrossentropy extends Crossentropy {
  constructor(options: CrossentropyOptions = {}) {
    assertOptions('BinaryCrossentropy', options, crossentropyOptions)
    super('binaryCrossentropy', 'BinaryCrossentropy', options)
  }

  protected override reduced(given: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor {
    const labels = this.smoothed(given, 2)
    const logits = this.logits(output, 'sigmoid')
    const probabilities = logits ? null : output.value
    const values = probabilities
      ? inPhase('loss', () => crossentropyOfProbabilities(labels, probabilities, reduction))
      : binaryCrossentropyWithLogits(labels, logits ?? output.value, reduction)
    return reduction === 'mean' ? values : inPhase('loss', () => tf.mean(values, -1))
  }
}

function crossentropyOfProbabilities(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  reduction: 'mean' | 'none',
): tf.Tensor {
  const p = clippedProbabilities(probabilities)
  const ofOnes = tf.mul(labels, tf.log(p))
  const ofZeros = tf.mul(tf.sub(1, labels), tf.log(tf.sub(1, p)))
  const logarithms = tf.add(ofOnes, ofZeros)
  return tf.neg(reduction === 'mean' ? tf.mean(logarithms) : logarithms)
}

/** −Σ y log p over the classes, labels one-hot or class probabilities. */
export class CategoricalCrossentropy extends Crossentropy {
  constructor(options: CrossentropyOptions = {}) {
    assertOptions('CategoricalCrossentropy', options, crossentropyOptions)
    super('categoricalCrossentropy', 'CategoricalCrossentropy', options)
  }

  protected override reduced(given: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor {
    const labels = this.smoothed(given, given.shape.at(-1) ?? 1)
    const logits = this.logits(output, 'softmax') ?? logOf(output.value)
    return categoricalCrossentropyWithLogits(labels, logits, reduction)
  }
}

/** −log p[class], labels int32 class numbers. */
export class SparseCategoricalCrossentropy extends Crossentropy {
  override readonly takesClassNumbers = true

  constructor(options: Omit<CrossentropyOptions, 'labelSmoothing'> = {}) {
    assertOptions('SparseCategoricalCrossentropy', options, ['fromLogits', ...lossOptions])
    super('sparseCategoricalCrossentropy', 'SparseCategoricalCrossentropy', options)
  }

  protected override reduced(labels: tf.Tensor, output: ModelOutput, reduction: 'mean' | 'none'): tf.Tensor {
    const logits = this.logits(output, 'softmax') ?? logOf(output.value)
    const size = logits.shape.at(-1) ?? 1
    const fix = () => 'Give the last layer one unit per class.'
    assertIndices(labels, { where: this.name, size, what: 'class numbers', isTruncated: true, fix })
    return sparseCategoricalCrossentropyWithLogits(labels, logits, reduction)
  }

  override labelShape(outputShape: Shape): Shape {
    return outputShape.slice(0, -1)
  }
}

/** Logarithms serve as logits: softmax(log p) is p scaled to sum 1, which is what Keras does to probabilities. */
function logOf(probabilities: tf.Tensor): tf.Tensor {
  return inPhase('loss', () => tf.log(clippedProbabilities(probabilities)))
}

const byName = {
  meanSquaredError: () => new MeanSquaredError(),
  mse: () => new MeanSquaredError(),
  meanAbsoluteError: () => new MeanAbsoluteError(),
  mae: () => new MeanAbsoluteError(),
  huber: () => new Huber(),
  logCosh: () => new LogCosh(),
  hinge: () => new Hinge(),
  klDivergence: () => new KLDivergence(),
  bce: () => new BinaryCrossentropy(),
  binaryCrossentropy: () => new BinaryCrossentropy(),
  categoricalCrossentropy: () => new CategoricalCrossentropy(),
  sparseCategoricalCrossentropy: () => new SparseCategoricalCrossentropy(),
} satisfies Record<string, () => Loss>

/** Name of a loss as `compile` takes it. */
export type LossName = keyof typeof byName

/** A loss that a program writes as a function of labels and outputs: one number, or one for each example. */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor

class FunctionLoss extends Loss {
  constructor(private readonly formula: LossFunction) {
    super(formula.name === '' ? 'loss' : formula.name)
  }

  protected override mean(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return tf.mean(this.perExample(labels, output))
  }

  protected override perExample(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    const loss: unknown = inPhase('loss', () => this.formula(labels, output.value))
    if (loss instanceof tf.Tensor) return loss as tf.Tensor
    throw new ArgumentError(
      `${this.name}: expected a loss function that gives a tensor, got ${typeof loss}. Compute it with ops, such as ops.mean.`,
    )
  }
}

/** A loss from its name or as it is; throws ArgumentError for an unknown name, and for one that gives no number. */
export function toLoss(loss: Loss | LossFunction | Spelling<LossName>): Loss {
  const made = typeof loss === 'function' ? new FunctionLoss(loss) : lossOf(loss)
  if (made.reduction !== 'none') return made
  throw new ArgumentError(
    "compile loss: expected a reduction to one number, got 'none'. Use 'sumOverBatchSize' for training.",
  )
}

function lossOf(loss: Loss | Spelling<LossName>): Loss {
  return loss instanceof Loss ? loss : madeByName<Loss>('compile loss', loss, byName)
}

/** Labels [n] for outputs [n, 1] are taken as [n, 1], and the reverse, as in Keras; else ShapeError. */
export function matchLabelShape(where: string, loss: Loss, labelShape: Shape, outputShape: Shape): Shape {
  const expected = loss.labelShape(outputShape)
  const [count = 0, ...example] = labelShape
  const withoutOnes = (shape: Shape) => (shape.at(-1) === 1 ? shape.slice(0, -1) : shape)
  if (!isSameShape(withoutOnes(example), withoutOnes(expected))) {
    throw new ShapeError(
      `${where}: expected y of shape ${printShape([count, ...expected])} for ${loss.name} on outputs ` +
        `${printShape([count, ...outputShape])}, got ${printShape(labelShape)}. ` +
        'Change the units of the last layer, the loss or the labels.',
    )
  }
  return [count, ...expected]
}
