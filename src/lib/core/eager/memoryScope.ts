/**
 * Memory scopes: what is made while one is open leaves the backend when it closes, and the tape nodes go with it. Tensors that
 * somebody still holds come back when they are used (see `parking.ts`). For code that awaits.
 */
import { bringBackParked, discardWaiting, goneTensor, park, readsAtOnce, setHome } from './parking'
import { ageTapes, freeTapesSince, tapeMark } from './tape'
import { tf } from './tfjs'
import { activeTrace } from './tracing'

/** A tensor with the last step in which a kernel took it. */
type Used = tf.Tensor & { usedInStep?: number }

/** Steps that a tensor of a long scope stays on the backend unused. */
const keptSteps = 2

/** With so much more on the backend the innermost scope is swept without waiting for the end of a step. */
const sweepAfter = { tensors: 5_000, tensorsOnGpu: 20_000, bytes: 256 * 2 ** 20 } as const

const engine = tf.engine()
const openScopes: MemoryScope[] = []
let step = 0
let sweepTensors: number = sweepAfter.tensors
let sweepBytes: number = sweepAfter.bytes

/** How a scope treats what was made inside. */
export interface MemoryScopeOptions {
  /** It stays open for many steps: what no step used lately leaves the backend meanwhile. */
  readonly isLong?: boolean
  /** Nobody holds what was made inside when it closes: it is freed. */
  readonly isPrivate?: boolean
}

/** An open scope; close it exactly where it was opened, in a `finally`. */
export class MemoryScope {
  readonly #scope: typeof engine.state.activeScope
  readonly #mark = tapeMark()
  readonly isLong: boolean
  readonly #isPrivate: boolean
  /** Where the records of the last steps begin, newest first. */
  #marks: readonly number[] = []

  constructor(name: string, { isLong = false, isPrivate = false }: MemoryScopeOptions = {}) {
    engine.startScope(name)
    this.#scope = engine.state.activeScope
    this.isLong = isLong
    this.#isPrivate = isPrivate
    openScopes.push(this)
    setHome(this.#scope)
  }

  /** Takes what was made inside off the backend, closing scopes that were opened inside and left open. Harmless when closed. */
  close(): void {
    const { state } = engine
    if (!state.scopeStack.includes(this.#scope)) return
    freeTapesSince(this.#mark)
    while (state.scopeStack.includes(this.#scope)) {
      if (!this.#isPrivate) for (const tensor of state.activeScope.track) if (!tensor.kept) park(tensor)
      engine.endScope()
    }
    openScopes.splice(openScopes.indexOf(this))
    const outer = openScopes.at(-1)
    setHome(outer ? outer.#scope : null)
  }

  /** Ends a step: takes off the backend what was not used in it and in the `idleSteps` before, and forgets what is off it. */
  sweep(idleSteps: number): void {
    const { track } = this.#scope
    let kept = 0
    for (const tensor of track) {
      if (tensor.isDisposed || tensor.kept) continue
      const used = tensor as Used
      used.usedInStep ??= step
      if (used.usedInStep < step - idleSteps) park(tensor)
      else track[kept++] = tensor
    }
    track.length = kept
    const oldest = this.#marks[idleSteps]
    if (oldest !== undefined) ageTapes(oldest, this.isLong)
    this.#marks = [tapeMark(), ...this.#marks.slice(0, keptSteps)]
    step++
  }
}

/** Runs `body`, which may await, in a scope of its own. */
export async function withMemoryScope<T>(
  name: string,
  body: () => Promise<T>,
  options: MemoryScopeOptions = {},
): Promise<T> {
  const scope = new MemoryScope(name, options)
  try {
    return await body()
  } finally {
    scope.close()
  }
}

/** An optimizer has updated its weights: in a long scope one more step is over. */
export function endStep(): void {
  const scope = openScopes.at(-1)
  if (scope?.isLong && !activeTrace()) scope.sweep(keptSteps)
}

function sweepWhereCrowded(): void {
  const { state } = engine
  if (state.numTensors < sweepTensors && state.numBytes < sweepBytes) return
  if (activeTrace()) return
  openScopes.at(-1)?.sweep(0)
  sweepTensors = state.numTensors + (readsAtOnce() ? sweepAfter.tensors : sweepAfter.tensorsOnGpu)
  sweepBytes = state.numBytes + sweepAfter.bytes
}

type Call = Parameters<typeof engine.runKernel>

/** Kernels and readers find parked tensors on the backend; there is no other place that every op passes. */
function install(): void {
  const runKernel = engine.runKernel.bind(engine)
  // Without rest parameters: every kernel comes by.
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(
    kernel: Call[0],
    given: Call[1],
    attributes: Call[2],
  ) => {
    const inputs = given as Readonly<Record<string, Used | undefined>>
    for (const name in inputs) {
      const input = inputs[name]
      if (!input) continue
      if (input.isDisposed && !bringBackParked(input) && !activeTrace()) throw goneTensor()
      input.usedInStep = step
    }
    sweepWhereCrowded()
    return runKernel<T>(kernel, given, attributes)
  }
  const prototype = tf.Tensor.prototype as { throwIfDisposed: (this: tf.Tensor) => void }
  prototype.throwIfDisposed = function () {
    if (this.isDisposed && !bringBackParked(this)) throw goneTensor()
  }
}

install()

/** Frees all that waits for its program; for the end of a run. */
export function endRun(): void {
  discardWaiting()
  sweepTensors = sweepAfter.tensors
  sweepBytes = sweepAfter.bytes
}
