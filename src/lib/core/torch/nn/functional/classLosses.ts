/** Losses of classes as functions of input and target. Source: torch.nn.functional. */
import { at, last } from '../../../util/at'
import { inPhase } from '../../../eager/origin'
import { tf } from '../../../eager/tfjs'
import {
  categoricalCrossentropyWithLogits,
  sparseCategoricalCrossentropyWithLogits,
  type Reduction,
} from '../../../nn/losses'
import { integer } from '../../../util/kinds'
import { ArgumentError, ShapeError } from '../../../util/errors'
import type { Values } from '../../../util/parameters'
import { isSameShape, printShape } from '../../../util/shapes'
import { tensor } from '../../kinds'
import { legacy, reduction, share } from '../kinds'
import { result, type Tensor } from '../../tensor'
import { assertClassNumbers } from './classNumbers'
import { functional } from './functional'
import { compared, floatOf } from './losses'

/** What the loss of log-probabilities takes beside input and target. */
export const classSettings = {
  /** Factor for each class, [classes]; means are then weighted. */
  weight: tensor.or(null),
  sizeAverage: legacy.sizeAverage,
  /** Examples of this class count as if they were not there. PyTorch's default of −100 has to be given. */
  ignoreIndex: integer.or(null),
  reduce: legacy.reduce,
  reduction,
}

/** What cross-entropy takes beside input and target. */
export const crossEntropySettings = {
  ...classSettings,
  /** Share of each target that is spread evenly over all classes. */
  labelSmoothing: share.or(0),
}

type ClassOptions = Pick<Values<typeof classSettings>, 'weight' | 'ignoreIndex'>
type SmoothingOptions = Pick<Values<typeof crossEntropySettings>, 'weight' | 'labelSmoothing'>

/** −x[class] of log-probabilities [n, classes, ...]; targets are class indices [n, ...]. */
export const nllLoss = functional(
  'nllLoss',
  { ...compared, ...classSettings },
  ({ input, target, reduction: how, ...options }): Tensor => {
    assertClasses('NLLLoss', 'log-probabilities', input, target, options.weight, false)
    assertClassNumbers('NLLLoss', target, at(input.shape, 1), options.ignoreIndex)
    return result([input], () =>
      inPhase('loss', () => {
        const targets = weightedTargets(target, input, options)
        return ofTargets(classesLast(input.value), targets, how, target, input)
      }),
    )
  },
)

/**
 * Cross-entropy of logits [n, classes, ...]; targets are class indices int32 [n, ...] or probabilities of the shape of
 * the logits.
 */
export const crossEntropy = functional(
  'crossEntropy',
  { ...compared, ...crossEntropySettings },
  ({ input, target, reduction: how, ...options }): Tensor => {
    const { weight, ignoreIndex, labelSmoothing } = options
    assertClasses('CrossEntropyLoss', 'logits', input, target, weight, true)
    const isIndices = isClassIndices(input, target)
    if (!isIndices && ignoreIndex !== null && ignoreIndex >= 0) throw nothingIgnored(ignoreIndex)
    if (isIndices) assertClassNumbers('CrossEntropyLoss', target, at(input.shape, 1), ignoreIndex)
    const isPlain = !weight && ignoreIndex === null && labelSmoothing === 0
    // The ones with a gradient of their own take their labels for constants.
    if (input.ndim === 2 && isPlain && !target.requiresGrad) {
      return result([input], () =>
        isIndices
          ? sparseCategoricalCrossentropyWithLogits(tf.cast(target.value, 'int32'), input.value, how)
          : categoricalCrossentropyWithLogits(floatOf(target), input.value, how),
      )
    }
    return result(isIndices ? [input] : [input, target], () =>
      inPhase('loss', () => {
        const logProbabilities = tf.logSoftmax(classesLast(input.value))
        const targets = isIndices
          ? smoothed(weightedTargets(target, input, options), options)
          : givenProbabilities(target, options)
        return ofTargets(logProbabilities, targets, how, target, input)
      }),
    )
  },
)

function nothingIgnored(ignoreIndex: number): ArgumentError {
  return new ArgumentError(
    `CrossEntropyLoss: expected class indices with ignoreIndex, got probabilities and ${ignoreIndex}. Leave ignoreIndex out.`,
  )
}

/** Rows of what each class counts, [rows, classes], and what a mean is divided by. */
interface Targets {
  readonly rows: tf.Tensor
  readonly total: tf.Tensor | number
  /** The rows that count, [rows, 1]. */
  readonly counted?: tf.Tensor
}

/** One-hot rows times the weights of the classes; a mean is divided by the sum of what counts. */
function weightedTargets(target: Tensor, input: Tensor, { weight, ignoreIndex }: ClassOptions): Targets {
  const classes = at(input.shape, 1)
  const indices = tf.cast(tf.reshape(target.value, [-1]), 'int32')
  const oneHot = tf.cast(tf.oneHot(indices, classes), 'float32')
  if (!weight && ignoreIndex === null) return { rows: oneHot, total: indices.size }
  const counted =
    ignoreIndex === null
      ? undefined
      : tf.expandDims(tf.cast(tf.notEqual(indices, tf.scalar(ignoreIndex, 'int32')), 'float32'), 1)
  const kept = counted ? tf.mul(oneHot, counted) : oneHot
  const rows = weight ? tf.mul(kept, weight.value) : kept
  return { rows, total: tf.sum(rows), ...(counted ? { counted } : {}) }
}

/** (1 − ε) of the target, and ε spread over the classes by their weights; the mean is divided as without it. */
function smoothed(targets: Targets, { weight, labelSmoothing }: SmoothingOptions): Targets {
  if (labelSmoothing === 0) return targets
  const classes = last(targets.rows.shape)
  const spread = tf.fill(targets.rows.shape, labelSmoothing / classes)
  const counted = targets.counted ? tf.mul(spread, targets.counted) : spread
  const even = weight ? tf.mul(counted, weight.value) : counted
  return { ...targets, rows: tf.add(tf.mul(targets.rows, 1 - labelSmoothing), even) }
}

/** Class probabilities: weights do not change what a mean is divided by. */
function givenProbabilities(target: Tensor, { weight, labelSmoothing }: SmoothingOptions): Targets {
  const given = classesLast(floatOf(target))
  const [count = 1, classes = 1] = given.shape
  const rows =
    labelSmoothing === 0 ? given : tf.add(tf.mul(given, 1 - labelSmoothing), labelSmoothing / classes)
  return { rows: weight ? tf.mul(rows, weight.value) : rows, total: count }
}

/** −Σ targets · log-probabilities, reduced; 'none' gives the shape of class indices. */
function ofTargets(
  logProbabilities: tf.Tensor,
  { rows, total }: Targets,
  reduction: Reduction,
  target: Tensor,
  input: Tensor,
): tf.Tensor {
  const isIndices = target.ndim < input.ndim
  const product = tf.mul(logProbabilities, rows)
  // A class that is not the target counts 0, also where its logarithm is −∞.
  const weighted = isIndices ? tf.where(tf.notEqual(rows, 0), product, tf.zerosLike(product)) : product
  if (reduction === 'none') {
    const [count = 1, , ...rest] = input.shape
    return tf.reshape(tf.neg(tf.sum(weighted, -1)), isIndices ? [...target.shape] : [count, ...rest])
  }
  const loss = tf.neg(tf.sum(weighted))
  return reduction === 'mean' ? tf.div(loss, total) : loss
}

/** [n, classes, ...] to [rows, classes] */
function classesLast(x: tf.Tensor): tf.Tensor {
  if (x.rank === 2) return x
  const axes = [0, ...x.shape.map((_, axis) => axis).slice(2), 1]
  return tf.reshape(tf.transpose(x, axes), [-1, at(x.shape, 1)])
}

/** Numbers of a program are float32 where it does not say otherwise: their shape tells what they are. */
function isClassIndices(input: Tensor, target: Tensor): boolean {
  const [count = 0, , ...rest] = input.shape
  return isSameShape(target.shape, [count, ...rest])
}

function assertClasses(
  where: string,
  what: string,
  input: Tensor,
  target: Tensor,
  weight: Tensor | null | undefined,
  takesProbabilities: boolean,
): void {
  const isProbabilities = takesProbabilities && isSameShape(input.shape, target.shape)
  if (input.ndim < 2 || !(isClassIndices(input, target) || isProbabilities)) {
    const probabilities = takesProbabilities ? ' or float32 [n, classes]' : ''
    throw new ShapeError(
      `${where}: expected ${what} [n, classes] and targets int32 [n]${probabilities}, ` +
        `got ${printShape(input.shape)} and ${target.dtype} ${printShape(target.shape)}. ` +
        "Load the data with { labels: 'index' }.",
    )
  }
  const classes = at(input.shape, 1)
  if (weight && !isSameShape(weight.shape, [classes])) {
    throw new ShapeError(
      `${where}: expected a weight for each of the ${classes} classes, got ${printShape(weight.shape)}. ` +
        `Pass a tensor of shape [${classes}].`,
    )
  }
}
