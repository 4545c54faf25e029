/** Activations as functions. Source: torch.nn.functional. */
import { tf } from '../../../eager/tfjs'
import { gelu as exactGelu } from '../../../nn/activations'
import { byNameOrPosition } from '../../options'
import { mappedFloats } from '../../result'
import { result, type Tensor } from '../../tensor'

/** An axis by position or by name. */
export type Dim = number | { readonly dim?: number }

export function relu(input: Tensor): Tensor {
  return input.relu()
}

/** x where positive, else negativeSlope·x; 0.01 when left out. */
export function leakyRelu(input: Tensor, slope: number | { readonly negativeSlope?: number } = {}): Tensor {
  const negativeSlope = byNameOrPosition<'negativeSlope', number>(slope, 'negativeSlope') ?? 0.01
  return mappedFloats(input, (x) => tf.leakyRelu(x, negativeSlope))
}

/** x where positive, else alpha·(eˣ − 1); alpha is 1 when left out. */
export function elu(input: Tensor, given: number | { readonly alpha?: number } = {}): Tensor {
  const alpha = byNameOrPosition<'alpha', number>(given, 'alpha') ?? 1
  return result([input], () => {
    const { value } = input
    if (alpha === 1) return tf.elu(value)
    return tf.where(tf.greater(value, 0), value, tf.mul(tf.elu(value), alpha))
  })
}

/** x·σ(x) */
export function silu(input: Tensor): Tensor {
  return result([input], () => tf.mul(input.value, tf.sigmoid(input.value)))
}

/** log(1 + eˣ) */
export function softplus(input: Tensor): Tensor {
  return result([input], () => tf.softplus(input.value))
}

/** x·Φ(x), the exact form. */
export function gelu(input: Tensor): Tensor {
  return mappedFloats(input, exactGelu)
}

export function tanh(input: Tensor): Tensor {
  return input.tanh()
}

export function sigmoid(input: Tensor): Tensor {
  return input.sigmoid()
}

/** Softmax along `dim`; the last when left out. */
export function softmax(input: Tensor, dim: Dim = -1): Tensor {
  return input.softmax(byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
}

/** log softmax(x) along `dim`; the last when left out. */
export function logSoftmax(input: Tensor, dim: Dim = -1): Tensor {
  return input.logSoftmax(byNameOrPosition<'dim', number>(dim, 'dim') ?? -1)
}
