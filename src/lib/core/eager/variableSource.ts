/**
 * Variables whose newest values a compiled function holds: they are brought back before anybody reads them, so that
 * eager and static steps can follow one another.
 */
import { BackendError } from '../util/errors'
import { tf } from './tfjs'

/** Who holds newer values than variables do. */
export interface VariableSource {
  isAhead(variable: tf.Variable): boolean
  bringBack(variable: tf.Variable): Promise<void>
  /** False where it has to be awaited. */
  bringBackNow(variable: tf.Variable): boolean
  /** Whether compiled steps that were called and have not run yet need the variable. */
  isInUse(variable: tf.Variable): boolean
}

let source: VariableSource | null = null
let isInstalled = false
let isSuspended = false

/** Makes `next` the holder of newer values; null for none. */
export function setVariableSource(next: VariableSource | null): void {
  if (next) install()
  source = next
}

/** Ends what `setVariableSource` began; nothing if there is another holder by now. */
export function unsetVariableSource(previous: VariableSource): void {
  if (source === previous) source = null
}

/** Settles when the variable holds its newest value; null where it does already, as every other tensor does. */
export function bringBack(tensor: tf.Tensor): Promise<void> | null {
  return source && isVariable(tensor) && source.isAhead(tensor) ? source.bringBack(tensor) : null
}

/** The same at once, for tensors that share the data of a variable. Throws BackendError where it has to be awaited. */
export function newestNow(tensor: tf.Tensor): void {
  if (source && !isSuspended) bringBackNow(source, tensor)
}

/**
 * Sets whether kernels leave variables as they are, and gives what held before. A trace does: it needs none of their
 * values, and a value that comes back in the middle of it would look like an assignment.
 */
export function suspendBringBack(isWanted: boolean): boolean {
  const before = isSuspended
  isSuspended = isWanted
  return before
}

/** Runs what a holder itself does with its variables, which are taken as they are. */
export function withoutBringBack<T>(run: () => T): T {
  const before = suspendBringBack(true)
  try {
    return run()
  } finally {
    suspendBringBack(before)
  }
}

/** Kernels read variables at once: their newest values have to be there before, and stay until queued steps used them. */
function install(): void {
  if (isInstalled) return
  isInstalled = true
  const engine = tf.engine()
  const runKernel = engine.runKernel.bind(engine)
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(...call: Parameters<typeof runKernel>) => {
    if (source && !isSuspended) for (const input of Object.values(call[1])) bringBackNow(source, input)
    return runKernel<T>(...call)
  }
  const prototype = tf.Variable.prototype as { assign: (this: tf.Variable, value: tf.Tensor) => void }
  const { assign } = prototype
  prototype.assign = function (value) {
    if (source && !isSuspended && source.isInUse(this)) throw assignedTooEarly(this)
    assign.call(this, value)
  }
}

function bringBackNow(from: VariableSource, input: unknown): void {
  if (!isVariable(input) || !from.isAhead(input) || from.bringBackNow(input)) return
  throw new BackendError(
    `${input.name}: expected its newest value at hand, got one that compiled steps have yet to compute or that the GPU ` +
      'holds. Compile this part too, or await model.weights() before it.',
  )
}

function assignedTooEarly({ name }: tf.Variable): BackendError {
  return new BackendError(
    `${name}: expected a new value after the compiled steps that were called before, got one while they still wait. ` +
      'Await the last result of the steps first, such as loss.item().',
  )
}

function isVariable(value: unknown): value is tf.Variable {
  return value instanceof tf.Variable
}
