/** Losses as functions of input and target. Source: torch.nn.functional. */
import { inPhase } from '../../../eager/origin'
import { withOwnGradient } from '../../../eager/ownGradient'
import { tf } from '../../../eager/tfjs'
import {
  binaryCrossentropyWithLogits,
  categoricalCrossentropyWithLogits,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropyWithLogits,
  type Reduction,
} from '../../../nn/losses'
import { ArgumentError, ShapeError } from '../../../util/errors'
import { isSameShape, printShape } from '../../../util/shapes'
import { assertBroadcastable } from '../../axes'
import { assertOneOf, assertOptions } from '../../options'
import { result, Tensor } from '../../tensor'
import { assertClassNumbers } from './classNumbers'

export interface LossArguments {
  /** 'mean' when left out; 'none' gives the values before reduction. */
  readonly reduction?: Reduction
}

const reductions = ['mean', 'sum', 'none'] satisfies Reduction[]

/** The reduction, checked as the other options are. */
function reductionOf<T extends LossArguments>(
  where: string,
  options: T,
  ...known: (keyof T & string)[]
): Reduction {
  assertOptions(where, options, [...known, 'reduction'])
  const { reduction = 'mean' } = options
  assertOneOf(where, 'reduction', reduction, reductions)
  return reduction
}

/** A weight by position, as PyTorch takes it first, or options by name. */
export type WeightOr<Options> = Tensor | Options

export function weightOr<Options extends object>(given: WeightOr<Options>): Options {
  return (given instanceof Tensor ? { weight: given } : given) as Options
}

/** mean (input − target)² */
export function mseLoss(input: Tensor, target: Tensor, options: LossArguments = {}): Tensor {
  const reduction = reductionOf('MSELoss', options)
  assertSameShape('MSELoss', input, target)
  return result([input, target], () => meanSquaredError(floatOf(target), floatOf(input), reduction))
}

/** mean |input − target| */
export function l1Loss(input: Tensor, target: Tensor, options: LossArguments = {}): Tensor {
  const reduction = reductionOf('L1Loss', options)
  assertSameShape('L1Loss', input, target)
  return result([input, target], () => meanAbsoluteError(floatOf(target), floatOf(input), reduction))
}

export interface HuberArguments extends LossArguments {
  /** Where the square goes over into a line; 1 when left out. */
  readonly delta?: number
}

/** d²/2 up to |d| = delta, delta·(|d| − delta/2) beyond. */
export function huberLoss(input: Tensor, target: Tensor, options: HuberArguments = {}): Tensor {
  const reduction = reductionOf('HuberLoss', options, 'delta')
  const { delta = 1 } = options
  if (!(delta > 0)) {
    throw new ArgumentError(`HuberLoss: expected delta above 0, got ${delta}. Leave it out for 1.`)
  }
  assertSameShape('HuberLoss', input, target)
  return result([input, target], () => huber(floatOf(target), floatOf(input), delta, reduction))
}

export interface SmoothL1Arguments extends LossArguments {
  /** Where the square goes over into a line; 1 when left out, 0 for the L1 loss. */
  readonly beta?: number
}

/** d²/(2·beta) up to |d| = beta, |d| − beta/2 beyond: the Huber loss divided by beta. */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1Arguments = {}): Tensor {
  const reduction = reductionOf('SmoothL1Loss', options, 'beta')
  const { beta = 1 } = options
  if (!(beta >= 0)) {
    throw new ArgumentError(`SmoothL1Loss: expected beta of at least 0, got ${beta}. Leave it out for 1.`)
  }
  if (beta === 0) return l1Loss(input, target, { reduction })
  assertSameShape('SmoothL1Loss', input, target)
  return result([input, target], () => {
    const loss = huber(floatOf(target), floatOf(input), beta, reduction)
    return beta === 1 ? loss : inPhase('loss', () => tf.div(loss, beta))
  })
}

export interface WeightedArguments extends LossArguments {
  /** Factor of each element's loss; broadcast to the shape of the input. */
  readonly weight?: Tensor | null
}

/** −(y log p + (1−y) log(1−p)) of probabilities; logarithms end at −100. Use binaryCrossEntropyWithLogits for logits. */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  given: WeightOr<WeightedArguments> = {},
): Tensor {
  const options = weightOr(given)
  const reduction = reductionOf('BCELoss', options, 'weight')
  const { weight = null } = options
  assertSameShape('BCELoss', input, target)
  return result([input], () =>
    inPhase('loss', () => {
      const losses = binaryLosses(input.value, floatOf(target))
      return reduce(weight ? tf.mul(losses, weight.value) : losses, reduction)
    }),
  )
}

/** The gradient (p − y) / (p·(1−p)), whose denominator ends at 1e-12, as in PyTorch. */
function binaryLosses(probabilities: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const compute = () => {
    const logarithm = (x: tf.Tensor) => tf.maximum(tf.log(x), -100)
    const ofOnes = tf.mul(labels, logarithm(probabilities))
    const ofZeros = tf.mul(tf.sub(1, labels), logarithm(tf.sub(1, probabilities)))
    const value = tf.neg(tf.add(ofOnes, ofZeros))
    return { value, saved: [probabilities, labels] as [tf.Tensor, tf.Tensor] }
  }
  return withOwnGradient([probabilities], compute, (dy, [p, y]) =>
    tf.mul(dy, tf.div(tf.sub(p, y), tf.maximum(tf.mul(p, tf.sub(1, p)), 1e-12))),
  )
}

export interface BinaryLogitsArguments extends WeightedArguments {
  /** Factor of the loss of ones, to make up for their being few; broadcast to the shape of the input. */
  readonly posWeight?: Tensor | null
}

/** Binary cross-entropy of logits; targets of the same shape in [0, 1]. */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  given: WeightOr<BinaryLogitsArguments> = {},
): Tensor {
  const options = weightOr(given)
  const reduction = reductionOf('BCEWithLogitsLoss', options, 'weight', 'posWeight')
  const { weight = null, posWeight = null } = options
  assertSameShape('BCEWithLogitsLoss', input, target)
  if (!weight && !posWeight) {
    return result([input], () => binaryCrossentropyWithLogits(floatOf(target), input.value, reduction))
  }
  for (const factor of [weight, posWeight]) {
    if (factor) assertBroadcastable('BCEWithLogitsLoss', input.shape, factor.shape)
  }
  return result([input], () =>
    inPhase('loss', () => {
      const [x, y] = [input.value, floatOf(target)]
      // y·softplus(−x)·posWeight + (1−y)·softplus(x)
      const ofOnes = tf.mul(y, tf.softplus(tf.neg(x)))
      const ofZeros = tf.mul(tf.sub(1, y), tf.softplus(x))
      const losses = tf.add(posWeight ? tf.mul(ofOnes, posWeight.value) : ofOnes, ofZeros)
      return reduce(weight ? tf.mul(losses, weight.value) : losses, reduction)
    }),
  )
}

export interface ClassLossArguments extends LossArguments {
  /** Factor for each class, [classes]; means are then weighted. */
  readonly weight?: Tensor | null
  /** Examples of this class count as if they were not there. PyTorch's default of −100 has to be given. */
  readonly ignoreIndex?: number | null
}

/** −x[class] of log-probabilities [n, classes, ...]; targets are class indices [n, ...]. */
export function nllLoss(input: Tensor, target: Tensor, given: WeightOr<ClassLossArguments> = {}): Tensor {
  const options = weightOr(given)
  const reduction = reductionOf('NLLLoss', options, 'weight', 'ignoreIndex')
  assertClasses('NLLLoss', 'log-probabilities', input, target, options.weight, false)
  assertClassNumbers('NLLLoss', target, input.shape[1] ?? 0, options.ignoreIndex)
  return result([input], () =>
    inPhase('loss', () => {
      const targets = weightedTargets(target, input, options)
      return ofTargets(classesLast(input.value), targets, reduction, target, input)
    }),
  )
}

export interface CrossEntropyArguments extends ClassLossArguments {
  /** Share of each target that is spread evenly over all classes; 0 when left out. */
  readonly labelSmoothing?: number
}

/**
 * Cross-entropy of logits [n, classes, ...]; targets are class indices int32 [n, ...] or probabilities of the shape of
 * the logits.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  given: WeightOr<CrossEntropyArguments> = {},
): Tensor {
  const options = weightOr(given)
  const reduction = reductionOf('CrossEntropyLoss', options, 'weight', 'ignoreIndex', 'labelSmoothing')
  const { weight = null, ignoreIndex = null, labelSmoothing = 0 } = options
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError(
      `CrossEntropyLoss: expected labelSmoothing from 0 to 1, got ${labelSmoothing}. Leave it out for 0.`,
    )
  }
  assertClasses('CrossEntropyLoss', 'logits', input, target, weight, true)
  const isIndices = isClassIndices(input, target)
  if (isIndices) assertClassNumbers('CrossEntropyLoss', target, input.shape[1] ?? 0, ignoreIndex)
  if (input.ndim === 2 && !weight && ignoreIndex === null && labelSmoothing === 0) {
    return result([input], () =>
      isIndices
        ? sparseCategoricalCrossentropyWithLogits(tf.cast(target.value, 'int32'), input.value, reduction)
        : categoricalCrossentropyWithLogits(floatOf(target), input.value, reduction),
    )
  }
  return result([input], () =>
    inPhase('loss', () => {
      const logProbabilities = tf.logSoftmax(classesLast(input.value))
      const targets = isIndices
        ? smoothed(weightedTargets(target, input, options), options)
        : givenProbabilities(target, options)
      return ofTargets(logProbabilities, targets, reduction, target, input)
    }),
  )
}

export interface KLArguments {
  /** 'batchmean' divides the sum by the number of examples, as the definition does; 'mean' when left out. */
  readonly reduction?: Reduction | 'batchmean'
  /** Whether the target holds logarithms too. */
  readonly logTarget?: boolean
}

/** target·(log target − input) of log-probabilities `input`. */
export function klDiv(input: Tensor, target: Tensor, options: KLArguments = {}): Tensor {
  assertOptions('KLDivLoss', options, ['reduction', 'logTarget'])
  const { reduction = 'mean', logTarget = false } = options
  assertOneOf('KLDivLoss', 'reduction', reduction, [...reductions, 'batchmean'])
  assertSameShape('KLDivLoss', input, target)
  const isPositive = target.gt(0)
  return result([input, target], () =>
    inPhase('loss', () => {
      const [x, y] = [input.value, floatOf(target)]
      // 0·log 0 counts as 0.
      const losses = logTarget
        ? tf.mul(tf.exp(y), tf.sub(y, x))
        : tf.mul(y, tf.sub(tf.log(tf.where(isPositive.value, y, tf.ones(y.shape))), x))
      if (reduction !== 'batchmean') return reduce(losses, reduction)
      return tf.div(tf.sum(losses), input.shape[0] ?? 1)
    }),
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
function weightedTargets(
  target: Tensor,
  input: Tensor,
  { weight = null, ignoreIndex = null }: ClassLossArguments,
): Targets {
  const classes = input.shape[1] ?? 1
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
function smoothed(targets: Targets, { weight = null, labelSmoothing = 0 }: CrossEntropyArguments): Targets {
  if (labelSmoothing === 0) return targets
  const classes = targets.rows.shape.at(-1) ?? 1
  const spread = tf.fill(targets.rows.shape, labelSmoothing / classes)
  const counted = targets.counted ? tf.mul(spread, targets.counted) : spread
  const even = weight ? tf.mul(counted, weight.value) : counted
  return { ...targets, rows: tf.add(tf.mul(targets.rows, 1 - labelSmoothing), even) }
}

/** Class probabilities: weights do not change what a mean is divided by. */
function givenProbabilities(
  target: Tensor,
  { weight = null, labelSmoothing = 0 }: CrossEntropyArguments,
): Targets {
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
  return tf.reshape(tf.transpose(x, axes), [-1, x.shape[1] ?? 1])
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
  const classes = input.shape[1] ?? 0
  if (weight && !isSameShape(weight.shape, [classes])) {
    throw new ShapeError(
      `${where}: expected a weight for each of the ${classes} classes, got ${printShape(weight.shape)}. ` +
        `Pass a tensor of shape [${classes}].`,
    )
  }
}

function reduce(values: tf.Tensor, reduction: Reduction): tf.Tensor {
  if (reduction === 'none') return values
  return reduction === 'mean' ? tf.mean(values) : tf.sum(values)
}

function floatOf(tensor: Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? tensor.value : tf.cast(tensor.value, 'float32')
}

function assertSameShape(where: string, input: Tensor, target: Tensor): void {
  if (isSameShape(input.shape, target.shape)) return
  throw new ShapeError(
    `${where}: expected input and target of one shape, got ${printShape(input.shape)} and ` +
      `${printShape(target.shape)}. Change the units of the last layer, or the labels of the data.`,
  )
}
