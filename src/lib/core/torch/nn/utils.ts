/** `nn.utils`: limits to gradients. Source: torch.nn.utils. */
import { inPhase } from '../../eager/origin'
import { tf } from '../../eager/tfjs'
import { only } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { cat } from '../functions'
import { absolute } from '../../nn/piecewise'
import { Tensor } from '../tensor'
import { aboveZero, forSpeed, tensors } from './kinds'

const normParameters = parameters('clipGradNorm', {
  /** Those whose gradients change. */
  parameters: tensors,
  /** The largest norm that stays. */
  maxNorm: aboveZero,
  /** p of the norm; Infinity for the largest absolute value. */
  normType: aboveZero.or(2),
  errorIfNonfinite: only(false, 'Leave it out, and look at the norm that comes back: await norm.item().'),
  foreach: forSpeed,
})

/**
 * Scales the gradients of all parameters together so that their norm is at most `maxNorm`; gives the norm before. Call it
 * between backward() and optimizer.step(). Source: torch.nn.utils.clip_grad_norm_.
 */
export function clipGradNorm(...given: Given<typeof normParameters.table>): Tensor {
  const { parameters: changed, maxNorm, normType } = normParameters.read(given)
  const clipped = withGradients(changed)
  return inPhase('update', () => {
    const norm = tf.tidy(() =>
      totalNorm(
        clipped.map(({ gradient }) => gradient),
        normType,
      ),
    )
    tf.tidy(() => {
      const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1)
      for (const { parameter, gradient } of clipped) parameter.replaceGrad(tf.mul(gradient, factor))
    })
    return new Tensor(norm)
  })
}

const valueParameters = parameters('clipGradValue', {
  /** Those whose gradients change. */
  parameters: tensors,
  /** The largest absolute value that stays. */
  clipValue: aboveZero,
  foreach: forSpeed,
})

/** Holds each value of the gradients within ±clipValue. Source: torch.nn.utils.clip_grad_value_. */
export function clipGradValue(...given: Given<typeof valueParameters.table>): void {
  const { parameters: changed, clipValue } = valueParameters.read(given)
  inPhase('update', () =>
    tf.tidy(() => {
      for (const { parameter, gradient } of withGradients(changed)) {
        parameter.replaceGrad(tf.clipByValue(gradient, -clipValue, clipValue))
      }
    }),
  )
}

/** PyTorch's own name, which says that gradients change in place. */
export const clipGradNorm_ = clipGradNorm
/** PyTorch's own name, which says that gradients change in place. */
export const clipGradValue_ = clipGradValue

const vectorParameters = parameters('parametersToVector', {
  /** What stands in the vector. */
  parameters: tensors,
})

/** All parameters one after the other, [numbers]. Source: torch.nn.utils.parameters_to_vector. */
export function parametersToVector(...given: Given<typeof vectorParameters.table>): Tensor {
  const { parameters: list } = vectorParameters.read(given)
  return cat(listOf(list).map((parameter) => parameter.flatten()))
}

function listOf(given: Tensor | Iterable<Tensor>): readonly Tensor[] {
  return given instanceof Tensor ? [given] : [...given]
}

function totalNorm(gradients: readonly tf.Tensor[], p: number): tf.Tensor {
  if (gradients.length === 0) return tf.scalar(0)
  if (p === Infinity) {
    return gradients.map((gradient) => tf.max(absolute(gradient))).reduce((a, b) => tf.maximum(a, b))
  }
  const power = (x: tf.Tensor) => (p === 2 ? tf.square(x) : tf.pow(tf.abs(x), p))
  const sum = tf.addN(gradients.map((gradient) => tf.sum(power(gradient))))
  return p === 2 ? tf.sqrt(sum) : tf.pow(sum, 1 / p)
}

function withGradients(parameters: Tensor | Iterable<Tensor>): { parameter: Tensor; gradient: tf.Tensor }[] {
  return listOf(parameters).flatMap((parameter) =>
    parameter.gradient ? [{ parameter, gradient: parameter.gradient }] : [],
  )
}
