/** Autograd: when kernels are recorded, and what `backward()` does with the record. Knows tfjs tensors only. */
import { Tape } from '../eager/tape'
import { tf } from '../eager/tfjs'
import { AutogradError } from '../util/errors'
import { printShape } from '../util/shapes'

/** A tensor that gradients end at; receives a gradient that the caller's scope will free. */
export interface Leaf {
  accumulate(gradient: tf.Tensor): void
}

/** As in PyTorch. */
export interface BackwardOptions {
  /** Keep the graph, so that backward() can run through it again. */
  readonly retainGraph?: boolean
}

const tape = new Tape()
const leaves = new WeakMap<tf.Tensor, Leaf>()
let isGradOn = true

/** Makes `leaf` the receiver of gradients with respect to `value`. */
export function registerLeaf(value: tf.Tensor, leaf: Leaf): void {
  leaves.set(value, leaf)
}

/** False inside `noGrad`. */
export function isGradEnabled(): boolean {
  return isGradOn
}

/**
 * Runs `body` without recording a graph. With an async function the graph stays off until its promise settles:
 * await it. Like `with torch.no_grad():`.
 */
export function noGrad<T>(body: () => T): T {
  const before = isGradOn
  const restore = () => void (isGradOn = before)
  isGradOn = false
  let result: T
  try {
    result = body()
  } catch (error) {
    restore()
    throw error
  }
  if (result instanceof Promise) return result.finally(restore) as T
  restore()
  return result
}

/** Result of `compute`, recorded on the tape if asked for; what else it makes is freed. */
export function execute(isRecorded: boolean, compute: () => tf.Tensor): tf.Tensor {
  return isRecorded ? tape.record(() => tf.tidy(compute)) : tf.tidy(compute)
}

/** Adds the gradient of `output`, a scalar, to every leaf it was computed from. Throws AutogradError. */
export function backward(output: tf.Tensor, options: BackwardOptions): void {
  if (output.size !== 1) {
    throw new AutogradError(
      `backward: expected a scalar, got shape ${printShape(output.shape)}. Call .mean() or .sum() first.`,
    )
  }
  tf.tidy(() => {
    const receivers = [output, ...tape.leaves(output)].flatMap((value) => {
      const leaf = leaves.get(value)
      return leaf ? [{ value, leaf }] : []
    })
    const sources = receivers.map(({ value }) => value)
    for (const [index, gradient] of tape.gradients(output, sources, options).entries()) {
      if (gradient) receivers[index]?.leaf.accumulate(gradient)
    }
  })
}
