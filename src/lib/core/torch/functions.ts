/** `torch.sum(x)` and the other functions of tensors: the methods of that name, and those that are no methods. */
import { tf } from '../eager/tfjs'
import { ArgumentError, ShapeError } from '../util/errors'
import { anything, flag, integer } from '../util/kinds'
import { isSameShape, printShape, type Shape } from '../util/shapes'
import { axisOf } from './axes'
import { selected } from './bounds'
import { uniform } from './creation'
import { generator } from './generator'
import { dim, other, tensor, tensors } from './kinds'
import { argmax, topk } from './ops/ordering'
import { ofOneType } from './promotion'
import { constant, result } from './result'
import { Tensor } from './tensorBase'
import { torchFunction } from './tensorOp'
import { assertProbabilities, assertWeights } from './valueChecks'

export * from './ops/algebra'
export * from './ops/comparing'
export * from './ops/elementwise'
export * from './ops/ordering'
export * from './ops/reducing'
export * from './ops/shaping'

const joined = {
  tensors,
  /** The dim along which they are joined. */
  dim: dim.or(0),
}

/** The tensors one behind the other along `dim`; all other sizes must agree. */
export const cat = torchFunction('cat', joined, (values): Tensor => joinedAlong('cat', values))

/** Another name of `cat`. */
export const concat = torchFunction('concat', joined, (values): Tensor => joinedAlong('concat', values))

/** Tensors of one shape side by side along a new `dim`. */
export const stack = torchFunction('stack', joined, ({ tensors: given, dim: along }): Tensor =>
  sideBySide(given, along),
)

/** `input` where the condition is true, `other` elsewhere; all three broadcast. */
export const where = torchFunction(
  'where',
  { condition: tensor, input: other.also('x', 'x1', 'a'), other },
  (values): Tensor => selected(values.condition, values.input, values.other),
)

/** Whether the argument is a tensor. */
export const isTensor = torchFunction(
  'isTensor',
  { obj: anything<unknown>() },
  ({ obj }): boolean => obj instanceof Tensor,
)

/** A draw of 0 or 1 for each probability. */
export const bernoulli = torchFunction(
  'bernoulli',
  { input: tensor, generator: generator.named.or(null) },
  ({ input, generator: source }): Tensor => {
    assertProbabilities('bernoulli', 'p', input)
    return constant(() => tf.cast(tf.less(uniform(input.shape, source).value, input.value), 'float32'))
  },
)

/**
 * `numSamples` positions of each row, drawn by the weights in it, int32 [rows, numSamples] or [numSamples]. The largest of
 * log w + Gumbel noise is such a draw. Source: torch.multinomial; Gumbel, 1954.
 */
export const multinomial = torchFunction(
  'multinomial',
  {
    input: tensor,
    numSamples: integer,
    /** Whether a position may come twice. */
    replacement: flag.or(false),
    generator: generator.named.or(null),
  },
  ({ input, numSamples, replacement, generator: source }): Tensor => {
    assertWeights('multinomial', input)
    const noisy = () =>
      constant(() => tf.sub(tf.log(input.value), tf.log(tf.neg(tf.log(uniform(input.shape, source).value)))))
    if (!replacement) return topk(noisy(), numSamples).indices
    return sideBySide(
      Array.from({ length: numSamples }, () => argmax(noisy(), -1)),
      -1,
    )
  },
)

function joinedAlong(
  name: string,
  { tensors: given, dim: along }: { readonly tensors: readonly Tensor[]; readonly dim: number },
): Tensor {
  const [first] = given
  if (!first) throw new ArgumentError(`${name}: expected tensors, got none. Write ${name}([a, b]).`)
  const axis = axisOf(name, along, first.ndim)
  const others = ({ shape }: Tensor): Shape => shape.filter((_, index) => index !== axis)
  for (const each of given) {
    if (each.ndim === first.ndim && isSameShape(others(each), others(first))) continue
    throw new ShapeError(
      `${name}: expected shapes that differ in dim ${axis} only, got ${printShape(first.shape)} and ` +
        `${printShape(each.shape)}. Reshape one of them, or use stack.`,
    )
  }
  return result(given, () => tf.concat(ofOneType(given), axis))
}

function sideBySide(given: readonly Tensor[], along: number): Tensor {
  const [first] = given
  if (!first) throw new ArgumentError('stack: expected tensors, got none. Write stack([a, b]).')
  const axis = axisOf('stack', along, first.ndim + 1)
  const different = given.find(({ shape }) => !isSameShape(shape, first.shape))
  if (different) {
    throw new ShapeError(
      `stack: expected tensors of one shape, got ${printShape(first.shape)} and ${printShape(different.shape)}. ` +
        'Reshape one of them, or use cat.',
    )
  }
  return result(given, () => tf.stack(ofOneType(given), axis))
}
