/** Losses of values and of probabilities as functions of input and target. Source: torch.nn.functional. */
import { inPhase } from '../../../eager/origin'
import { withOwnGradient } from '../../../eager/ownGradient'
import { tf } from '../../../eager/tfjs'
import {
  binaryCrossentropyWithLogits,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  type Reduction,
} from '../../../nn/losses'
import { flag, oneOf } from '../../../util/kinds'
import { ShapeError } from '../../../util/errors'
import { assertBroadcastable } from '../../../util/shapeChecks'
import { isSameShape, printShape } from '../../../util/shapes'
import { tensor } from '../../kinds'
import { aboveZero, atLeastZero, legacy, reduction } from '../kinds'
import { result, type Tensor } from '../../tensor'
import { assertProbabilities } from '../../valueChecks'
import { functional } from './functional'

const weight = {
  /** Factor of each element's loss; broadcast to the shape of the input. */
  weight: tensor.or(null),
}

/** What each loss takes beside input and target, as a module. */
export const lossSettings = {
  plain: { ...legacy, reduction },
  huber: {
    reduction,
    /** Where the square ends and the line begins. */
    delta: aboveZero.or(1),
  },
  smoothL1: {
    ...legacy,
    reduction,
    /** Where the square ends and the line begins; 0 for the L1 loss. */
    beta: atLeastZero.or(1),
  },
  binary: { ...weight, ...legacy, reduction },
  binaryLogits: {
    ...weight,
    ...legacy,
    reduction,
    /** Factor of the loss of ones, to make up for their being few; broadcast to the shape of the input. */
    posWeight: tensor.or(null),
  },
  kl: {
    ...legacy,
    /** 'batchmean' divides the sum by the number of examples, as the definition does. */
    reduction: oneOf('mean', 'sum', 'none', 'batchmean').or('mean'),
    /** Whether the target holds logarithms too. */
    logTarget: flag.or(false),
  },
}

/** What every loss compares. */
export const compared = { input: tensor, target: tensor }

/** (input − target)² */
export const mseLoss = functional(
  'mseLoss',
  { ...compared, ...lossSettings.plain, ...weight },
  ({ input, target, reduction: how, weight: factors }): Tensor =>
    difference('MSELoss', { input, target, factors }, how, meanSquaredError, true),
)

/** |input − target| */
export const l1Loss = functional(
  'l1Loss',
  { ...compared, ...lossSettings.plain, ...weight },
  ({ input, target, reduction: how, weight: factors }): Tensor =>
    difference('L1Loss', { input, target, factors }, how, meanAbsoluteError, true),
)

/** d²/2 up to |d| = delta, delta·(|d| − delta/2) beyond. */
export const huberLoss = functional(
  'huberLoss',
  { ...compared, ...lossSettings.huber, ...weight },
  ({ input, target, reduction: how, delta, weight: factors }): Tensor =>
    difference(
      'HuberLoss',
      { input, target, factors },
      how,
      (labels, values, reduced) => huber(labels, values, delta, reduced),
      false,
    ),
)

/** d²/(2·beta) up to |d| = beta, |d| − beta/2 beyond: the Huber loss divided by beta. */
export const smoothL1Loss = functional(
  'smoothL1Loss',
  { ...compared, ...lossSettings.smoothL1 },
  ({ input, target, reduction: how, beta }): Tensor => {
    const pair = { input, target, factors: null }
    if (beta === 0) return difference('SmoothL1Loss', pair, how, meanAbsoluteError, true)
    return difference(
      'SmoothL1Loss',
      pair,
      how,
      (labels, values, reduced) => {
        const loss = huber(labels, values, beta, reduced)
        return beta === 1 ? loss : inPhase('loss', () => tf.div(loss, beta))
      },
      false,
    )
  },
)

interface Compared {
  readonly input: Tensor
  readonly target: Tensor
  /** Factor of each element's loss. */
  readonly factors: Tensor | null
}

type Kernel = (labels: tf.Tensor, values: tf.Tensor, reduction: Reduction) => tf.Tensor

/** A loss of differences; the mean of weighted ones is divided by the sum of the weights if `isShare`, else by their number. */
function difference(
  where: string,
  { input, target, factors }: Compared,
  how: Reduction,
  kernel: Kernel,
  isShare: boolean,
): Tensor {
  assertSameShape(where, input, target)
  if (!factors) return result([input, target], () => kernel(floatOf(target), floatOf(input), how))
  if (!isSameShape(factors.shape, input.shape)) {
    throw new ShapeError(
      `${where}: expected a weight of the shape of the input, got ${printShape(factors.shape)} and ` +
        `${printShape(input.shape)}. Use weight.expandAs(input).`,
    )
  }
  return result([input, target, factors], () => {
    const weighted = tf.mul(kernel(floatOf(target), floatOf(input), 'none'), floatOf(factors))
    if (how !== 'mean' || !isShare) return reduce(weighted, how)
    return tf.div(tf.sum(weighted), tf.sum(floatOf(factors)))
  })
}

/** −(y log p + (1−y) log(1−p)) of probabilities; logarithms end at −100. Use binaryCrossEntropyWithLogits for logits. */
export const binaryCrossEntropy = functional(
  'binaryCrossEntropy',
  { ...compared, ...lossSettings.binary },
  ({ input, target, weight: factors, reduction: how }): Tensor => {
    assertSameShape('BCELoss', input, target)
    if (factors) assertBroadcastable('BCELoss', input.shape, factors.shape)
    assertProbabilities('BCELoss', 'input', input)
    assertProbabilities('BCELoss', 'target', target)
    return result([input, target], () =>
      inPhase('loss', () => {
        const losses = binaryLosses(input.value, floatOf(target), target.requiresGrad)
        return reduce(factors ? tf.mul(losses, factors.value) : losses, how)
      }),
    )
  },
)

/** The gradient (p − y) / (p·(1−p)), whose denominator ends at 1e-12, as in PyTorch. */
function binaryLosses(probabilities: tf.Tensor, labels: tf.Tensor, isOfLabels: boolean): tf.Tensor {
  const compute = () => {
    const logarithm = (x: tf.Tensor) => tf.maximum(tf.log(x), -100)
    const ofOnes = tf.mul(labels, logarithm(probabilities))
    const ofZeros = tf.mul(tf.sub(1, labels), logarithm(tf.sub(1, probabilities)))
    const value = tf.neg(tf.add(ofOnes, ofZeros))
    return { value, saved: [probabilities, labels] as [tf.Tensor, tf.Tensor] }
  }
  const inputs = isOfLabels ? [probabilities, labels] : [probabilities]
  return withOwnGradient(inputs, compute, (dy, [p, y]) => {
    const ofInput = tf.mul(dy, tf.div(tf.sub(p, y), tf.maximum(tf.mul(p, tf.sub(1, p)), 1e-12)))
    return isOfLabels ? [ofInput, tf.mul(dy, tf.sub(tf.log(tf.sub(1, p)), tf.log(p)))] : [ofInput]
  })
}

/** Binary cross-entropy of logits; targets of the same shape in [0, 1]. */
export const binaryCrossEntropyWithLogits = functional(
  'binaryCrossEntropyWithLogits',
  { ...compared, ...lossSettings.binaryLogits },
  ({ input, target, weight: factors, posWeight, reduction: how }): Tensor => {
    assertSameShape('BCEWithLogitsLoss', input, target)
    // The one with a gradient of its own takes its labels for constants.
    if (!factors && !posWeight && !target.requiresGrad) {
      return result([input], () => binaryCrossentropyWithLogits(floatOf(target), input.value, how))
    }
    for (const factor of [factors, posWeight]) {
      if (factor) assertBroadcastable('BCEWithLogitsLoss', input.shape, factor.shape)
    }
    const given = [input, target, factors, posWeight].filter((each) => each !== null)
    return result(given, () =>
      inPhase('loss', () => {
        const [x, y] = [input.value, floatOf(target)]
        // y·softplus(−x)·posWeight + (1−y)·softplus(x)
        const ofOnes = tf.mul(y, tf.softplus(tf.neg(x)))
        const ofZeros = tf.mul(tf.sub(1, y), tf.softplus(x))
        const losses = tf.add(posWeight ? tf.mul(ofOnes, posWeight.value) : ofOnes, ofZeros)
        return reduce(factors ? tf.mul(losses, factors.value) : losses, how)
      }),
    )
  },
)

/** target·(log target − input) of log-probabilities `input`. */
export const klDiv = functional(
  'klDiv',
  { ...compared, ...lossSettings.kl },
  ({ input, target, reduction: how, logTarget }): Tensor => {
    assertSameShape('KLDivLoss', input, target)
    const isPositive = target.gt(0)
    return result([input, target], () =>
      inPhase('loss', () => {
        const [x, y] = [input.value, floatOf(target)]
        // 0·log 0 counts as 0.
        const losses = logTarget
          ? tf.mul(tf.exp(y), tf.sub(y, x))
          : tf.mul(y, tf.sub(tf.log(tf.where(isPositive.value, y, tf.ones(y.shape))), x))
        if (how !== 'batchmean') return reduce(losses, how)
        return tf.div(tf.sum(losses), input.shape[0] ?? 1)
      }),
    )
  },
)

function reduce(values: tf.Tensor, reduction: Reduction): tf.Tensor {
  if (reduction === 'none') return values
  return reduction === 'mean' ? tf.mean(values) : tf.sum(values)
}

/** The values in float32. */
export function floatOf(tensor: Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? tensor.value : tf.cast(tensor.value, 'float32')
}

function assertSameShape(where: string, input: Tensor, target: Tensor): void {
  if (isSameShape(input.shape, target.shape)) return
  throw new ShapeError(
    `${where}: expected input and target of one shape, got ${printShape(input.shape)} and ` +
      `${printShape(target.shape)}. Change the units of the last layer, or the labels of the data.`,
  )
}
