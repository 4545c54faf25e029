/** tf.GradientTape: records what a function computes, and gives its gradients. */
import { Tape } from '../eager/tape'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { assertOptions } from './names'
import { toTensorOf, type HasVariable } from './tensorLike'

/** A weight, a `Variable` or a watched tensor. */
export type GradientSource = tf.Tensor | HasVariable

/**
 * What Python writes as `with tf.GradientTape() as tape: loss = …` is
 * `const tape = new GradientTape(); const loss = tape.record(() => …)`: JavaScript has no block that a tape could open and
 * close. Weights and variables are watched by themselves, other tensors by `watch`. Source: tf.GradientTape.
 */
export class GradientTape {
  readonly #persistent: boolean
  readonly #watched = new Set<tf.Tensor>()
  #tape: Tape | null = null
  #isUsed = false

  /** `persistent` allows several calls of `gradient`. */
  constructor(options: { readonly persistent?: boolean } = {}) {
    assertOptions('GradientTape', options, ['persistent'])
    this.#persistent = options.persistent ?? false
  }

  /** Runs `compute`, which must not await, and remembers its operations; gives what it gives. Call it once. */
  record<T>(compute: () => T): T {
    if (tf.engine().state.gradientDepth > 0) {
      throw new ArgumentError(
        'GradientTape: expected to record alone, got a tape inside another one. Record one after the other; second derivatives are not supported.',
      )
    }
    if (this.#tape) {
      throw new ArgumentError(
        'GradientTape: expected to record once, got a second call of record. Make a new tape for each step.',
      )
    }
    const tape = new Tape()
    this.#tape = tape
    const result = tape.record(compute)
    if (result instanceof Promise) {
      throw new ArgumentError(
        'GradientTape: expected a function that computes at once, got one that awaits. Await the data before record.',
      )
    }
    return result
  }

  /** Makes gradients with respect to this tensor possible, as for weights. */
  watch(...tensors: readonly tf.Tensor[]): void {
    for (const tensor of tensors) this.#watched.add(tensor)
  }

  /** Gradient of the sum of `target`; null where it does not depend on the source, or where that was not watched. */
  gradient(target: tf.Tensor, source: GradientSource): tf.Tensor | null
  /** The same for each source. */
  gradient(target: tf.Tensor, sources: readonly GradientSource[]): (tf.Tensor | null)[]
  gradient(
    target: tf.Tensor,
    sources: GradientSource | readonly GradientSource[],
  ): tf.Tensor | null | (tf.Tensor | null)[] {
    if (!this.#tape) {
      throw new ArgumentError(
        'GradientTape: expected a recorded function, got none. Call tape.record(() => …) first.',
      )
    }
    if (this.#isUsed && !this.#persistent) {
      throw new ArgumentError(
        'GradientTape: expected one call of gradient, got another one. Give it a list of sources, or make the tape { persistent: true }.',
      )
    }
    this.#isUsed = true
    const isList = isSourceList(sources)
    const tensors = (isList ? sources : [sources]).map(toTensorOf)
    const gradients = this.#tape.gradients(target, tensors, { retainGraph: this.#persistent })
    if (!this.#persistent) this.#tape.free()
    const found = gradients.map((gradient, index) => (this.#isWatched(tensors[index]) ? gradient : null))
    return isList ? found : (found[0] ?? null)
  }

  #isWatched(tensor: tf.Tensor | undefined): boolean {
    return tensor !== undefined && (tensor instanceof tf.Variable || this.#watched.has(tensor))
  }
}

function isSourceList(
  sources: GradientSource | readonly GradientSource[],
): sources is readonly GradientSource[] {
  return Array.isArray(sources)
}
