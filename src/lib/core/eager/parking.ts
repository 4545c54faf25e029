/**
 * Tensors that left the backend and come back when they are used: a scope that ends parks what was made in it, so that
 * nothing on the backend waits for the garbage collector, and a program finds the values of whatever it still holds. The
 * tensor object stays the same, so graphs, hooks and gradients go on to know it. The copy on the host belongs to that
 * object and is collected with it.
 */
import { currentBackend } from './backends'
import { shareData } from './shareData'
import { tf } from './tfjs'
import { outsideTrace } from './tracing'
import { ArgumentError } from '../util/errors'

type Values = Float32Array | Int32Array | Uint8Array

/** Still on the backend: reading it back from a GPU costs more than waiting whether anybody wants it. */
interface Lingering {
  readonly owner: WeakRef<tf.Tensor>
  readonly held: tf.Tensor
}

/** As much waits on a GPU. */
const lingeringLimit = { tensors: 1_024, bytes: 64 * 2 ** 20 } as const

const copies = new WeakMap<tf.Tensor, Values | Lingering>()
/** Oldest first. */
const lingering = new Set<Lingering>()
let lingeringBytes = 0

const engine = tf.engine()

/** Where tensors that come back belong: the innermost memory scope. */
let home: typeof engine.state.activeScope | null = null

/** Sets the scope that tensors belong to when they come back. */
export function setHome(scope: typeof engine.state.activeScope | null): void {
  home = scope
}

/** Takes a tensor off the backend until it is used again. Variables stay. */
export function park(tensor: tf.Tensor): void {
  if (tensor.isDisposed || tensor instanceof tf.Variable) return
  if (!copies.has(tensor) && isNumeric(tensor)) copies.set(tensor, copyOf(tensor))
  tensor.dispose()
}

/** Of a tensor whose values nobody has any more. */
export function goneTensor(): ArgumentError {
  return new ArgumentError(
    'tensor: expected a tensor with values, got one that was freed with the layer or the traced step that it was made in. ' +
      'Return it from there.',
  )
}

/** Whether the values of a tensor are neither on the backend nor parked. */
export function isGone(tensor: tf.Tensor): boolean {
  return tensor.isDisposed && !copies.has(tensor)
}

/** The values of a tensor that is parked on the host; undefined for any other. Not to be changed. */
export function parkedValues(tensor: tf.Tensor): Values | undefined {
  const copy = tensor.isDisposed ? copies.get(tensor) : undefined
  return copy && !isLingering(copy) ? copy : undefined
}

/** Puts a parked tensor back on the backend in use. False where there is nothing to put. */
export function bringBackParked(tensor: tf.Tensor): boolean {
  const copy = copies.get(tensor)
  if (!copy) return false
  outsideTrace(() => attach(tensor, isLingering(copy) ? null : copy))
  if (isLingering(copy)) forget(tensor, copy)
  return true
}

/** Gives a tensor, in place, the values of another of its shape and type; the other one is the caller's to dispose. */
export function overwrite(tensor: tf.Tensor, values: tf.Tensor): void {
  const copy = copies.get(tensor)
  if (copy && isLingering(copy)) forget(tensor, copy)
  copies.delete(tensor)
  if (!tensor.isDisposed) engine.disposeTensor(tensor)
  tensor.dataId = values.dataId
  if (tensor.isDisposed) {
    attach(tensor, null)
    return
  }
  // Its scope knows it already.
  inScope(null, () => engine.incRef(tensor, engine.backend))
}

/** Frees what waits on a GPU; for the end of a run. */
export function discardWaiting(): void {
  for (const waiting of lingering) endWaiting(waiting)
}

function isNumeric({ dtype }: tf.Tensor): boolean {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool'
}

function isLingering(copy: Values | Lingering): copy is Lingering {
  return 'held' in copy
}

/** Whether values are read from the backend in use without waiting for a GPU. */
export function readsAtOnce(): boolean {
  const backend = currentBackend()
  return backend !== 'webgl' && backend !== 'webgpu'
}

function copyOf(tensor: tf.Tensor): Values | Lingering {
  if (readsAtOnce()) return valuesOf(tensor)
  const waiting = { owner: new WeakRef(tensor), held: shareData(tensor) }
  lingering.add(waiting)
  lingeringBytes += bytesOf(tensor)
  if (lingering.size > lingeringLimit.tensors || lingeringBytes > lingeringLimit.bytes) bringOldestToHost()
  return waiting
}

function valuesOf({ dataId }: tf.Tensor): Values {
  const { backend } = engine.state.tensorInfo.get(dataId) ?? { backend: engine.backend }
  return backend.readSync(dataId) as Values
}

/** The older half of what waits: what nobody holds any more is freed, the rest is read back. */
function bringOldestToHost(): void {
  for (const waiting of [...lingering].slice(0, Math.ceil(lingering.size / 2))) {
    const owner = waiting.owner.deref()
    if (!owner) endWaiting(waiting)
    else if (currentBackend() === 'webgpu') void readLater(owner, waiting)
    else settle(owner, waiting, valuesOf(waiting.held))
  }
}

/** On WebGPU values can only be awaited. */
async function readLater(owner: tf.Tensor, waiting: Lingering): Promise<void> {
  const backend = engine.state.tensorInfo.get(waiting.held.dataId)?.backend
  const values = await backend?.read(waiting.held.dataId)
  if (values) settle(owner, waiting, values as Values)
}

function settle(owner: tf.Tensor, waiting: Lingering, values: Values): void {
  // It may have come back meanwhile, or got other values.
  if (copies.get(owner) !== waiting) return
  forget(owner, waiting)
  copies.set(owner, values)
}

function forget(tensor: tf.Tensor, waiting: Lingering): void {
  copies.delete(tensor)
  endWaiting(waiting)
}

function endWaiting(waiting: Lingering): void {
  lingering.delete(waiting)
  lingeringBytes -= bytesOf(waiting.held)
  waiting.held.dispose()
}

function bytesOf({ size, dtype }: tf.Tensor): number {
  return size * tf.util.bytesPerElement(dtype)
}

/** Makes a tensor that is off the backend one of its data again, which `values` gives where no other tensor has them. */
function attach(tensor: tf.Tensor, values: Values | null): void {
  const { backend } = engine
  const { dataId, shape, dtype } = tensor
  tensor.kept = false
  Reflect.set(tensor, 'isDisposedInternal', false)
  const isHeld = engine.state.tensorInfo.has(dataId)
  // Under its own id: who remembers that sees that nothing changed.
  if (!isHeld && values) backend.move(dataId, values, shape, dtype, 1)
  inScope(home, () => {
    if (isHeld) engine.incRef(tensor, backend)
    else engine.trackTensor(tensor, backend)
  })
}

function inScope(scope: typeof engine.state.activeScope | null, run: () => void): void {
  const { state } = engine
  const active = state.activeScope
  Reflect.set(state, 'activeScope', scope)
  try {
    run()
  } finally {
    state.activeScope = active
  }
}
