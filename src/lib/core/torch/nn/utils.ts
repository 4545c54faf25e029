/** `nn.utils`: limits to gradients. Source: torch.nn.utils. */
import { inPhase } from '../../eager/origin'
import { tf } from '../../eager/tfjs'
import { ArgumentError } from '../../util/errors'
import { cat } from '../functions'
import { absolute } from '../../nn/piecewise'
import { argumentsOf, byNameOrPosition, type Arguments } from '../options'
import { Tensor } from '../tensor'

export interface ClipOptions {
  readonly maxNorm?: number
  /** p of the norm; 2 when left out, Infinity for the largest absolute value. */
  readonly normType?: number
}

/**
 * Scales the gradients of all parameters together so that their norm is at most `maxNorm`; gives the norm before. Call it
 * between backward() and optimizer.step(). Source: torch.nn.utils.clip_grad_norm_.
 */
export function clipGradNorm(
  parameters: Tensor | Iterable<Tensor>,
  ...given: Arguments<ClipOptions>
): Tensor {
  const { maxNorm = NaN, normType = 2 } = argumentsOf('clipGradNorm', given, ['maxNorm', 'normType'])
  assertPositive('clipGradNorm', 'maxNorm', maxNorm)
  assertPositive('clipGradNorm', 'normType', normType)
  const clipped = withGradients(parameters)
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

/** Holds each value of the gradients within ±clipValue. Source: torch.nn.utils.clip_grad_value_. */
export function clipGradValue(
  parameters: Tensor | Iterable<Tensor>,
  given: number | { readonly clipValue?: number },
): void {
  const clipValue = byNameOrPosition<'clipValue', number>(given, 'clipValue') ?? NaN
  assertPositive('clipGradValue', 'clipValue', clipValue)
  inPhase('update', () =>
    tf.tidy(() => {
      for (const { parameter, gradient } of withGradients(parameters)) {
        parameter.replaceGrad(tf.clipByValue(gradient, -clipValue, clipValue))
      }
    }),
  )
}

/** PyTorch's own name, which says that gradients change in place. */
export const clipGradNorm_ = clipGradNorm
/** PyTorch's own name, which says that gradients change in place. */
export const clipGradValue_ = clipGradValue

/** All parameters one behind the other, [numbers]. Source: torch.nn.utils.parameters_to_vector. */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  return cat([...parameters].map((parameter) => parameter.flatten()))
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
  const list = parameters instanceof Tensor ? [parameters] : [...parameters]
  return list.flatMap((parameter) => (parameter.gradient ? [{ parameter, gradient: parameter.gradient }] : []))
}

function assertPositive(where: string, name: string, value: number): void {
  if (value > 0) return
  throw new ArgumentError(`${where}: expected ${name} above 0, got ${value}. Use a number such as 1.`)
}
