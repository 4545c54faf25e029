/** Gradients held within bounds before an update. */
import { inPhase } from '../eager/origin'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { number } from '../util/kinds'
import type { Values } from '../util/parameters'

/** At most one of them. Source: keras.optimizers.Optimizer. */
export const clipParameters = {
  /** Largest norm of each weight's gradient; a longer one is scaled down to it. */
  clipnorm: number.or(null),
  /** Largest size of each value. */
  clipvalue: number.or(null),
  /** Largest norm of all gradients taken together. */
  globalClipnorm: number.or(null),
}

type ClipValues = Values<typeof clipParameters>

const clipNames = ['clipnorm', 'clipvalue', 'globalClipnorm'] as const

/** Gives gradients within the bounds, in their order; they belong to the caller's scope. */
export type ClipGradients = (gradients: readonly (tf.Tensor | null)[]) => readonly (tf.Tensor | null)[]

/** What the options say. Throws ArgumentError for several of them, and for bounds that are not above 0. */
export function gradientClipping(where: string, options: ClipValues): ClipGradients {
  const given = clipNames.filter((name) => options[name] !== null)
  const [first, second] = given
  if (first && second) {
    throw new ArgumentError(
      `${where}: expected one of clipnorm, clipvalue and globalClipnorm, got ${first} and ${second}. Leave one out.`,
    )
  }
  const bound = first ? (options[first] ?? 0) : 0
  if (!first) return (gradients) => gradients
  if (!(bound > 0))
    throw new ArgumentError(`${where}: expected ${first} above 0, got ${bound}. Leave it out for no bound.`)
  const clip = { clipnorm: byNorm, clipvalue: byValue, globalClipnorm: byGlobalNorm }[first]
  return (gradients) => inPhase('update', () => clip(gradients, bound))
}

type Clip = (gradients: readonly (tf.Tensor | null)[], bound: number) => (tf.Tensor | null)[]

const byValue: Clip = (gradients, bound) =>
  gradients.map((gradient) => gradient && tf.clipByValue(gradient, -bound, bound))

/** g · bound / max(‖g‖, bound) */
const byNorm: Clip = (gradients, bound) =>
  gradients.map((gradient) => gradient && scaled(gradient, squares(gradient), bound))

const byGlobalNorm: Clip = (gradients, bound) => {
  const present = gradients.filter((gradient) => gradient !== null)
  if (present.length === 0) return [...gradients]
  const sum = tf.addN(present.map(squares))
  return gradients.map((gradient) => gradient && scaled(gradient, sum, bound))
}

function squares(gradient: tf.Tensor): tf.Tensor {
  return tf.sum(tf.square(gradient))
}

function scaled(gradient: tf.Tensor, sumOfSquares: tf.Tensor, bound: number): tf.Tensor {
  return tf.mul(gradient, tf.div(bound, tf.maximum(tf.sqrt(sumOfSquares), bound)))
}
