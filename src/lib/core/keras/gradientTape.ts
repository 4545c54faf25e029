/** tf.GradientTape: records what a function computes, and gives its gradients. */
import { Tape } from '../eager/tape'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { callable, flag, only, taking } from '../util/kinds'
import { parameters, type Given, type NoArguments, type Values } from '../util/parameters'
import { isPlainObject } from '../util/plainObject'
import { printValue } from '../util/printValue'
import { spelt } from './kinds'
import type { HasVariable } from './tensorLike'

/** A weight, a `Variable`, a watched tensor, or what was computed from such. */
export type GradientSource = tf.Tensor | HasVariable

/** Sources in lists and plain objects, at any depth. */
export type GradientSources =
  GradientSource | readonly GradientSources[] | { readonly [key: string]: GradientSources }

/** Gradients in the structure of their sources. */
export type GradientsOf<S> = S extends GradientSource
  ? tf.Tensor | null
  : S extends readonly (infer Entry)[]
    ? GradientsOf<Entry>[]
    : { [Key in keyof S]: GradientsOf<S[Key]> }

/** Whether there can be tensors in it; what is in a list is seen when it is read. */
function isStructure(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (!isPlainObject(value) || 'variable' in value) return true
  return Object.values(value).every(isStructure)
}

const tapeParameters = parameters('GradientTape', {
  /** Allows several calls of gradient. */
  persistent: flag.or(false),
  /** False watches only what watch() was told. */
  watchAccessedVariables: flag.or(true),
})

const recordParameters = parameters('GradientTape.record', {
  /** Computes at once, without await. */
  compute: callable<() => unknown>(),
})

const watchParameters = parameters('GradientTape.watch', {
  /** Tensors, lists or objects of them. */
  tensor: taking<readonly GradientSources[]>('a tensor, or a list of them', isStructure).gathered,
})

const gradientParameters = parameters('GradientTape.gradient', {
  /** What was computed; of a list all are added. */
  target: taking<GradientSources>('a tensor, or a list of them', isStructure),
  /** Weights, variables or tensors; lists and objects of them as well. */
  sources: taking<GradientSources>('weights or tensors', isStructure),
  /** Targets are added as they are. */
  outputGradients: only(null, 'Leave it out: targets are added as they are: multiply them in record.'),
  /** 'zero' for zeros in the place of null. */
  unconnectedGradients: spelt('none', 'zero').or('none'),
})

/**
 * What Python writes as `with tf.GradientTape() as tape: loss = …` is
 * `const tape = new GradientTape(); const loss = tape.record(() => …)`: JavaScript has no block that a tape could open and
 * close. Weights and variables are watched by themselves, other tensors by `watch`. Source: tf.GradientTape.
 */
export class GradientTape {
  readonly #options: Values<typeof tapeParameters.table>
  readonly #watched = new Set<tf.Tensor>()
  #tape: Tape | null = null
  #isUsed = false

  constructor(...given: Given<typeof tapeParameters.table>) {
    this.#options = tapeParameters.read(given)
  }

  /** Runs `compute`, which must not await, and remembers its operations; gives what it gives. Call it once. */
  record<T>(compute: () => T, ...others: NoArguments): T {
    recordParameters.read([compute, ...others])
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

  /** Makes gradients with respect to these tensors possible, as for weights; lists and objects of them as well. */
  watch(...given: Given<typeof watchParameters.table>): void {
    const { tensor: tensors } = watchParameters.read(given)
    for (const tensor of leavesOf('watch', tensors)) {
      if (tensor.dtype !== 'float32') {
        throw new ArgumentError(
          `GradientTape.watch: expected float32 tensors, got ${tensor.dtype}. Write ops.cast(x, 'float32') first.`,
        )
      }
      this.#watched.add(tensor)
    }
  }

  /**
   * Gradient of the sum of `target`, or of all targets, for each source in lists and objects; null where the target does not
   * depend on a source, or where that is neither watched nor computed from what is.
   */
  gradient<S extends GradientSources>(
    target: GradientSources,
    sources: S,
    ...others: Given<Omit<typeof gradientParameters.table, 'target' | 'sources'>>
  ): GradientsOf<S>
  gradient(...given: Given<typeof gradientParameters.table>): unknown {
    const { target, sources, unconnectedGradients } = gradientParameters.read(given)
    const tape = this.#take()
    const targets = leavesOf('gradient', target)
    const tensors = leavesOf('gradient', sources)
    const isWatched = tensors.map((tensor) => this.#isWatched(tape, tensor))
    const found = tensors.map((): tf.Tensor | null => null)
    tf.tidy(() => {
      for (const each of targets) {
        const gradients = tape.gradients(each, tensors, { retainGraph: true })
        for (const [index, gradient] of gradients.entries()) {
          if (isWatched[index] && gradient) found[index] = sumOf(found[index], gradient)
        }
      }
      return found.filter((gradient) => gradient !== null)
    })
    if (!this.#options.persistent) tape.free()
    const isZero = unconnectedGradients === 'zero'
    return mapped('gradient', sources, (source) => found.shift() ?? (isZero ? tf.zerosLike(source) : null))
  }

  /** The recorded tape, for one use unless it is persistent. */
  #take(): Tape {
    if (!this.#tape) {
      throw new ArgumentError(
        'GradientTape: expected a recorded function, got none. Call tape.record(() => …) first.',
      )
    }
    if (this.#isUsed && !this.#options.persistent) {
      throw new ArgumentError(
        'GradientTape: expected one call of gradient, got another one. Give it a list of sources, or make the tape { persistent: true }.',
      )
    }
    this.#isUsed = true
    return this.#tape
  }

  #isWatched(tape: Tape, tensor: tf.Tensor): boolean {
    const isGiven = (each: tf.Tensor) =>
      this.#watched.has(each) ||
      (this.#options.watchAccessedVariables && each instanceof tf.Variable && each.trainable)
    return isGiven(tensor) || tape.leaves(tensor).some(isGiven)
  }
}

/** The tensors in a structure, in order. */
function leavesOf(where: string, structure: GradientSources): tf.Tensor[] {
  const leaves: tf.Tensor[] = []
  mapped(where, structure, (tensor) => leaves.push(tensor))
  return leaves
}

/** The same structure with something else in the place of its tensors. */
function mapped<T>(where: string, structure: GradientSources, replace: (tensor: tf.Tensor) => T): unknown {
  const given: unknown = structure
  if (given instanceof tf.Tensor) return replace(given as tf.Tensor)
  if (Array.isArray(given)) {
    return (given as GradientSources[]).map((entry) => mapped(where, entry, replace))
  }
  if (typeof given === 'object' && given !== null) {
    if ('variable' in given && given.variable instanceof tf.Variable)
      return replace(given.variable as tf.Tensor)
    if (isPlainObject(given)) {
      const entries = Object.entries(given) as [string, GradientSources][]
      return Object.fromEntries(entries.map(([key, entry]) => [key, mapped(where, entry, replace)]))
    }
  }
  throw new ArgumentError(
    `GradientTape.${where}: expected tensors, weights or variables, got ${printValue(given)}. ` +
      'Make a tensor of numbers with ops.convertToTensor, and use that tensor in record.',
  )
}

function sumOf(sum: tf.Tensor | null | undefined, gradient: tf.Tensor): tf.Tensor {
  return sum ? tf.add(sum, gradient) : gradient
}
