/** Autograd: when kernels are recorded, and what `backward()` does with the record. Knows tfjs tensors only. */
import { Tape, type TapeEntry } from '../eager/tape'
import { tf } from '../eager/tfjs'
import { callable, flag } from '../util/kinds'
import { AutogradError } from '../util/errors'
import { assertNoArguments, parameters, type NoArguments } from '../util/parameters'
import { printShape } from '../util/shapes'

/** A tensor that gradients end at; receives a gradient that the caller's scope will free. */
export interface Leaf {
  /** False while it is frozen: then it receives nothing. */
  readonly requiresGrad: boolean
  accumulate(gradient: tf.Tensor): void
}

/** Sees a gradient; what it gives, if anything, takes its place. */
export type GradientHook = (gradient: tf.Tensor) => tf.Tensor | undefined

/** What `registerHook` and `registerForwardHook` give: ends the hook. Source: torch.utils.hooks.RemovableHandle. */
export interface RemovableHandle {
  remove(): void
}

/** As in PyTorch. */
export interface BackwardOptions {
  /** Keep the graph, so that backward() can run through it again. */
  readonly retainGraph?: boolean
}

const tape = new Tape()
const leaves = new WeakMap<tf.Tensor, Leaf>()
const hooks = new WeakMap<tf.Tensor, Set<GradientHook>>()
let isGradOn = true

/** Makes `leaf` the receiver of gradients with respect to `value`. */
export function registerLeaf(value: tf.Tensor, leaf: Leaf): void {
  leaves.set(value, leaf)
}

/** Calls `hook` whenever backward() has the gradient of `value`; the returned function ends that. */
export function hookGradient(value: tf.Tensor, hook: GradientHook): () => void {
  const registered = hooks.get(value) ?? new Set<GradientHook>()
  hooks.set(value, registered.add(hook))
  return () => void registered.delete(hook)
}

/** False inside `noGrad`. */
export function isGradEnabled(...given: NoArguments): boolean {
  assertNoArguments('isGradEnabled', given)
  return isGradOn
}

const body = {
  /** The function that it holds for. */
  body: callable<() => unknown>(),
}

const parametersOf = {
  noGrad: parameters('noGrad', body),
  inferenceMode: parameters('inferenceMode', body),
  enableGrad: parameters('enableGrad', body),
  setGradEnabled: parameters('setGradEnabled', {
    /** Whether graphs are recorded. */
    mode: flag,
    ...body,
  }),
}

/** A function that something holds for, alone. */
type Body<T> = readonly [body: () => T]

/**
 * Runs `body` without recording a graph. With an async function the graph stays off until its promise settles:
 * await it. Like `with torch.no_grad():`.
 */
export function noGrad<T>(...given: Body<T>): T {
  return withGrad(false, parametersOf.noGrad.read(given).body as () => T)
}

function withGrad<T>(isEnabled: boolean, run: () => T): T {
  const before = isGradOn
  const restore = () => void (isGradOn = before)
  isGradOn = isEnabled
  let result: T
  try {
    result = run()
  } catch (error) {
    restore()
    throw error
  }
  if (result instanceof Promise) return result.finally(restore) as T
  restore()
  return result
}

/** Runs `body` without recording a graph, as noGrad does. */
export function inferenceMode<T>(...given: Body<T>): T {
  return withGrad(false, parametersOf.inferenceMode.read(given).body as () => T)
}

/** Runs `body` with graphs recorded, also inside of noGrad. */
export function enableGrad<T>(...given: Body<T>): T {
  return withGrad(true, parametersOf.enableGrad.read(given).body as () => T)
}

/** Runs `body` with or without graphs, as a condition says: `setGradEnabled(phase === 'train', () => { ... })`. */
export function setGradEnabled<T>(...given: readonly [mode: boolean, body: () => T]): T {
  const { mode, body: run } = parametersOf.setGradEnabled.read(given)
  return withGrad(mode, run as () => T)
}

/** Results of `compute`, recorded on the tape if asked for; what else it makes is freed. */
export function execute<T extends tf.TensorContainer>(isRecorded: boolean, compute: () => T): T {
  return isRecorded ? tape.record(() => tf.tidy(compute)) : tf.tidy(compute)
}

/** Adds the gradient of `output`, a scalar, to every leaf it was computed from. Throws AutogradError. */
export function backward(output: tf.Tensor, options: BackwardOptions): void {
  assertScalar('backward', output)
  tf.tidy(() => {
    const receivers = [output, ...tape.leaves(output)].flatMap((value) => {
      const leaf = leaves.get(value)
      return leaf?.requiresGrad ? [{ value, leaf }] : []
    })
    const sources = receivers.map(({ value }) => value)
    const shown: tf.Tensor[] = []
    const hooked = (value: tf.Tensor, gradient: tf.Tensor) => throughHooks(value, gradient, shown)
    const gradients = tape.gradients(output, sources, { ...options, intermediate: hooked, shown })
    for (const [index, gradient] of gradients.entries()) {
      const receiver = receivers[index]
      if (gradient && receiver) receiver.leaf.accumulate(hooked(receiver.value, gradient))
    }
    // What hooks were shown belongs to the caller's scope, so that they may keep it.
    return shown
  })
}

/** Records what a compiled graph computed. */
export function enterOnTape(entry: TapeEntry): void {
  tape.enter(entry)
}

/** A tensor that receives gradients, and its gradient. */
export interface LeafGradient {
  readonly leaf: tf.Tensor
  readonly gradient: tf.Tensor
}

/** The gradients of `output`, a scalar, with respect to all leaves that it was computed from: what backward() would add. */
export function leafGradients(output: tf.Tensor): readonly LeafGradient[] {
  const receivers = tape.leaves(output).filter((value) => leaves.get(value)?.requiresGrad)
  const hooked = (value: tf.Tensor, gradient: tf.Tensor) => throughHooks(value, gradient, [])
  const gradients = tape.gradients(output, receivers, { intermediate: hooked })
  return receivers.flatMap((leaf, index) => {
    const gradient = gradients[index]
    return gradient ? [{ leaf, gradient }] : []
  })
}

/** The gradients of `output`, a scalar, with respect to `sources`; null where it does not depend on one. */
export function gradientsOf(
  output: tf.Tensor,
  sources: readonly tf.Tensor[],
  options: BackwardOptions,
): (tf.Tensor | null)[] {
  assertScalar('grad', output)
  return tape.gradients(output, sources, options)
}

function assertScalar(where: string, output: tf.Tensor): void {
  if (output.size === 1) return
  throw new AutogradError(
    `${where}: expected a scalar, got shape ${printShape(output.shape)}. Call .mean() or .sum() first.`,
  )
}

function throughHooks(value: tf.Tensor, gradient: tf.Tensor, shown: tf.Tensor[]): tf.Tensor {
  let current = gradient
  for (const hook of hooks.get(value) ?? []) {
    const { track } = tf.engine().state.activeScope
    const before = track.length
    current = hook(tf.clone(current)) ?? current
    // The gradient that it was shown, and what it made of it.
    shown.push(...track.slice(before).filter(({ isDisposed }) => !isDisposed))
  }
  return current
}
