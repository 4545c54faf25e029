/** Keras-style losses: cross-entropies take probabilities unless told otherwise, and compute from logits where they can. */
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
import { isSameShape, printShape, type Shape } from '../util/shapes'
import type { ActivationName } from './activations'
import type { ModelOutput } from './modelOutput'
import { assertOptions, madeByName } from './names'

/** keras.config.epsilon(): how close to 0 and 1 a probability may come before its logarithm. */
const epsilon = 1e-7

export interface CrossentropyOptions {
  /** The model's outputs are logits; false means probabilities. */
  readonly fromLogits?: boolean
}

/** A loss as `compile` takes it. */
export abstract class Loss {
  abstract readonly name: string
  /** Metric that `accuracy` stands for. */
  abstract readonly accuracy: 'binary' | 'sparse' | 'categorical' | 'byShape'
  readonly fromLogits: boolean

  constructor(options: CrossentropyOptions = {}) {
    assertOptions('losses', options, ['fromLogits'])
    this.fromLogits = options.fromLogits ?? false
  }

  /** Mean over the batch, a scalar. Labels were checked with `labelShape`. */
  abstract compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor

  /** Shape of one label for outputs of one example. */
  labelShape(outputShape: Shape): Shape {
    return outputShape
  }

  /**
   * Logits, when outputs are logits or come from `activation`: as in Keras, a cross-entropy behind a sigmoid
   * or softmax goes back to its logits, which is stable; otherwise null.
   */
  protected logits(output: ModelOutput, activation: ActivationName): tf.Tensor | null {
    if (output.activation === activation) return output.beforeActivation
    return this.fromLogits ? output.value : null
  }
}

function clippedProbabilities(probabilities: tf.Tensor): tf.Tensor {
  return tf.clipByValue(probabilities, epsilon, 1 - epsilon)
}

/** mean (prediction − label)². */
export class MeanSquaredError extends Loss {
  readonly name = 'meanSquaredError'
  readonly accuracy = 'byShape'

  override compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return meanSquaredError(labels, output.value)
  }
}

/** mean |prediction − label|. */
export class MeanAbsoluteError extends Loss {
  readonly name = 'meanAbsoluteError'
  readonly accuracy = 'byShape'

  override compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return meanAbsoluteError(labels, output.value)
  }
}

export interface HuberOptions {
  /** Where the square goes over into a line; 1 when left out. */
  readonly delta?: number
}

/** Squared error for differences up to delta, linear beyond. Source: keras.losses.Huber. */
export class Huber extends Loss {
  readonly name = 'huber'
  readonly accuracy = 'byShape'
  readonly delta: number

  constructor(options: HuberOptions = {}) {
    assertOptions('Huber', options, ['delta'])
    super()
    this.delta = options.delta ?? 1
    if (!(this.delta > 0)) {
      throw new ArgumentError(`Huber: expected delta above 0, got ${this.delta}. Leave it out for 1.`)
    }
  }

  override compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return huber(labels, output.value, this.delta)
  }
}

/** −y log p − (1−y) log(1−p), labels of 0 and 1 shaped as the output. */
export class BinaryCrossentropy extends Loss {
  readonly name = 'binaryCrossentropy'
  readonly accuracy = 'binary'

  override compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    const logits = this.logits(output, 'sigmoid')
    if (logits) return binaryCrossentropyWithLogits(labels, logits)
    const probabilities = output.value
    return inPhase('loss', () => crossentropyOfProbabilities(labels, probabilities))
  }
}

function crossentropyOfProbabilities(labels: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  const p = clippedProbabilities(probabilities)
  const ofOnes = tf.mul(labels, tf.log(p))
  const ofZeros = tf.mul(tf.sub(1, labels), tf.log(tf.sub(1, p)))
  return tf.neg(tf.mean(tf.add(ofOnes, ofZeros)))
}

/** −Σ y log p over the classes, labels one-hot or class probabilities. */
export class CategoricalCrossentropy extends Loss {
  readonly name = 'categoricalCrossentropy'
  readonly accuracy = 'categorical'

  override compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return categoricalCrossentropyWithLogits(labels, this.logits(output, 'softmax') ?? logOf(output.value))
  }
}

/** −log p[class], labels int32 class numbers. */
export class SparseCategoricalCrossentropy extends Loss {
  readonly name = 'sparseCategoricalCrossentropy'
  readonly accuracy = 'sparse'

  override compute(labels: tf.Tensor, output: ModelOutput): tf.Tensor {
    return sparseCategoricalCrossentropyWithLogits(
      labels,
      this.logits(output, 'softmax') ?? logOf(output.value),
    )
  }

  override labelShape(outputShape: Shape): Shape {
    return outputShape.slice(0, -1)
  }
}

/** Logarithms serve as logits: softmax(log p) is p scaled to sum 1, which is what Keras does to probabilities. */
function logOf(probabilities: tf.Tensor): tf.Tensor {
  return inPhase('loss', () => tf.log(clippedProbabilities(probabilities)))
}

const byName: Readonly<Record<string, () => Loss>> = {
  meanSquaredError: () => new MeanSquaredError(),
  mse: () => new MeanSquaredError(),
  meanAbsoluteError: () => new MeanAbsoluteError(),
  mae: () => new MeanAbsoluteError(),
  huber: () => new Huber(),
  binaryCrossentropy: () => new BinaryCrossentropy(),
  categoricalCrossentropy: () => new CategoricalCrossentropy(),
  sparseCategoricalCrossentropy: () => new SparseCategoricalCrossentropy(),
}

/** A loss from its name or as it is; throws ArgumentError for an unknown name. */
export function toLoss(loss: Loss | string): Loss {
  return loss instanceof Loss ? loss : madeByName('compile loss', loss, byName)
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
