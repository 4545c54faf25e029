/** Losses of single values, and all losses by name. */
import { inPhase } from '../eager/origin'
import { tf } from '../eager/tfjs'
import { huber, meanAbsoluteError, meanSquaredError } from '../nn/losses'
import { ArgumentError, ShapeError } from '../util/errors'
import { number } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { isSameShape, printShape, type Shape } from '../util/shapes'
import {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  epsilon,
  SparseCategoricalCrossentropy,
} from './crossentropies'
import { Loss, lossParameters, own, type LossValues } from './loss'
import type { ModelOutput } from './modelOutput'
import { madeByName, type Spelling } from './names'

type Elementwise = (labels: tf.Tensor, predictions: tf.Tensor, reduction: 'mean' | 'none') => tf.Tensor

/** A loss with one value for each output. */
abstract class ElementwiseLoss extends Loss {
  constructor(
    name: string,
    private readonly formula: Elementwise,
    values: LossValues,
  ) {
    super(own(name, values))
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

const meanSquaredErrorParameters = parameters('MeanSquaredError', lossParameters)

/** mean (prediction − label)². */
export class MeanSquaredError extends ElementwiseLoss {
  constructor(...given: Given<typeof meanSquaredErrorParameters.table>) {
    super('meanSquaredError', meanSquaredError, meanSquaredErrorParameters.read(given))
  }
}

const meanAbsoluteErrorParameters = parameters('MeanAbsoluteError', lossParameters)

/** mean |prediction − label|. */
export class MeanAbsoluteError extends ElementwiseLoss {
  constructor(...given: Given<typeof meanAbsoluteErrorParameters.table>) {
    super('meanAbsoluteError', meanAbsoluteError, meanAbsoluteErrorParameters.read(given))
  }
}

const huberParameters = parameters('Huber', {
  /** Where the square goes over into a line. */
  delta: number.or(1),
  ...lossParameters,
})

/** Squared error for differences up to delta, linear beyond. Source: keras.losses.Huber. */
export class Huber extends ElementwiseLoss {
  readonly delta: number

  constructor(...given: Given<typeof huberParameters.table>) {
    const { delta, ...values } = huberParameters.read(given)
    if (!(delta > 0)) {
      throw new ArgumentError(`Huber: expected delta above 0, got ${delta}. Leave it out for 1.`)
    }
    super('huber', (labels, predictions, reduction) => huber(labels, predictions, delta, reduction), values)
    this.delta = delta
  }
}

const logCoshParameters = parameters('LogCosh', lossParameters)

/** mean log cosh(prediction − label), written as d + softplus(−2d) − log 2. Source: keras.losses.LogCosh. */
export class LogCosh extends ElementwiseLoss {
  constructor(...given: Given<typeof logCoshParameters.table>) {
    super('logCosh', averaged(logCosh), logCoshParameters.read(given))
  }
}

function logCosh(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const difference = tf.sub(predictions, labels)
  return tf.sub(tf.add(difference, tf.softplus(tf.mul(difference, -2))), Math.LN2)
}

const hingeParameters = parameters('Hinge', lossParameters)

/** mean max(0, 1 − label·prediction), labels of −1 and 1, or of 0 and 1, which stand for them. Source: keras.losses.Hinge. */
export class Hinge extends ElementwiseLoss {
  constructor(...given: Given<typeof hingeParameters.table>) {
    super('hinge', averaged(hinge), hingeParameters.read(given))
  }
}

function hinge(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  // Keras takes −1 for 0 only where all labels are 0 or 1; a label of 0 has no other meaning here.
  const signs = tf.sub(tf.mul(2, tf.cast(tf.greater(labels, 0), 'float32')), 1)
  return tf.relu(tf.sub(1, tf.mul(signs, predictions)))
}

const klDivergenceParameters = parameters('KLDivergence', lossParameters)

/** Σ y log(y / p) over the last axis, of probabilities. Source: keras.losses.KLDivergence. */
export class KLDivergence extends Loss {
  constructor(...given: Given<typeof klDivergenceParameters.table>) {
    super(own('klDivergence', klDivergenceParameters.read(given)))
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

const byName = {
  meanSquaredError: () => new MeanSquaredError(),
  mse: () => new MeanSquaredError(),
  meanAbsoluteError: () => new MeanAbsoluteError(),
  mae: () => new MeanAbsoluteError(),
  huber: () => new Huber(),
  logCosh: () => new LogCosh(),
  hinge: () => new Hinge(),
  klDivergence: () => new KLDivergence(),
  kld: () => new KLDivergence(),
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
    super({ name: formula.name === '' ? 'loss' : formula.name })
  }

  override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
    return this.formula(yTrue, yPred)
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
