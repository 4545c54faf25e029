/** A session: the compiled functions of one run, their queue of steps and their state. One per worker at a time. */
import { setVariableSource, unsetVariableSource, type VariableSource } from '../eager/variableSource'
import type { tf } from '../eager/tfjs'
import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import { LazyRuntime } from './lazyRuntime'
import { CompiledFunction, type CompileOptions } from './compiledFunction'
import type { CompiledGraph, StepInputs } from './compiledGraph'
import { DifferentiableFunction } from './differentiableFunction'
import type { StepSnapshot } from './inspect'
import type { Runtime } from './runtime'
import { StateStore } from './stateStore'
import { StepQueue, type QueuedStep } from './stepQueue'
import { PendingStep } from './pendingStep'
import type { SessionObserver, SessionSettings, SignatureReport } from './types'

/** Steps that are run in one call of the runtime. */
interface Block {
  readonly graph: CompiledGraph
  readonly steps: readonly QueuedStep[]
  /** The first step runs alone, with what is observed of it. */
  readonly isObserved: boolean
}

const unobserved: SessionObserver = {
  compiled: () => undefined,
  ran: () => undefined,
  stepLimit: () => Infinity,
  wantsObservation: () => false,
  warn: (message) => console.warn(message),
}

/** The compiled functions of one run. */
export class Session {
  readonly store: StateStore
  readonly observer: SessionObserver
  readonly now: () => number
  readonly #functions = new Set<CompiledFunction>()
  /** Parts of eager programs. */
  readonly #parts = new Set<DifferentiableFunction>()
  /** Functions that nobody calls any more and whose last steps still wait. */
  readonly #retired = new Set<CompiledFunction>()
  readonly #reported = new WeakSet<CompiledGraph>()
  readonly #queue = new StepQueue()
  readonly #warnedOf = new Set<string>()
  /** The block that runs now. */
  #block: Block | null = null
  #extraNumber: number | null = null
  #running: Promise<void> | null = null
  #isDisposed = false

  readonly runtime: Runtime
  readonly #source: VariableSource

  constructor(readonly settings: SessionSettings) {
    this.runtime = new LazyRuntime(settings)
    this.store = new StateStore(this.runtime, (variable) => this.#isNeeded(variable))
    this.observer = settings.observer ?? unobserved
    this.now = settings.now ?? (() => performance.now())
    this.#source = {
      isAhead: (variable) => this.#isWaitedFor(variable) || this.store.isAhead(variable),
      bringBack: async (variable) => {
        await this.settle(true)
        await this.store.bringBack(variable)
      },
      bringBackNow: (variable) => !this.#isWaitedFor(variable) && this.store.bringBackNow(variable),
      isInUse: (variable) => this.#isNeeded(variable),
    }
    setVariableSource(this.#source)
  }

  /** Warns of this unless it was warned of before, by whichever function. */
  warnOnce(of: string, message: string): void {
    if (this.#warnedOf.has(of)) return
    this.#warnedOf.add(of)
    this.observer.warn(message)
  }

  /** Steps that were called and have not run yet. */
  get queuedSteps(): number {
    return this.#queue.length
  }

  /** Updates of optimizers that they will make. */
  get queuedUpdates(): number {
    return this.#queue.updates
  }

  /** A function whose calls are traced once per signature and replayed from then on. */
  compile(name: string, options: CompileOptions = {}): CompiledFunction {
    const compiled = new CompiledFunction(this, cutText(name, limits.name), options)
    this.#functions.add(compiled)
    return compiled
  }

  /** A part of an eager program that is traced once per signature and runs at once. */
  compilePart(name: string): DifferentiableFunction {
    const part = new DifferentiableFunction(this, cutText(name, limits.name))
    this.#parts.add(part)
    return part
  }

  /** Whether a part of the program has run as graphs. */
  get hasParts(): boolean {
    return [...this.#parts].some((part) => part.signatures().length > 0)
  }

  /** Forgets a function that nobody will call again; its graphs are freed when the steps that wait for them have run. */
  retire(compiled: CompiledFunction): void {
    if (!this.#functions.delete(compiled)) return
    this.#retired.add(compiled)
    this.#freeRetired()
  }

  /** The next call that changes variables gets this number as one more argument, which is part of its signature. */
  passNumber(value: number): void {
    this.#extraNumber = value
  }

  /** Whether the next call gets a number. */
  get hasNumber(): boolean {
    return this.#extraNumber !== null
  }

  /** The number that the next call gets; null for none. */
  takeNumber(): number | null {
    const number = this.#extraNumber
    this.#extraNumber = null
    return number
  }

  enqueue(graph: CompiledGraph, stepsPerExecution: number, inputs: StepInputs): PendingStep {
    const pending = new PendingStep(graph, () => this.settle(true))
    this.#queue.add(graph, stepsPerExecution, { inputs, pending })
    return pending
  }

  /** Runs the blocks that are full; with `isForced` what is left as well. Rejects with the first error of a block. */
  async settle(isForced = false): Promise<void> {
    if (this.#queue.length === 0 && !this.#running) return
    while (this.#running) await this.#running
    const running = this.#runBlocks(isForced)
    this.#running = running.catch(() => undefined)
    try {
      await running
    } finally {
      this.#running = null
    }
  }

  signatures(): SignatureReport[] {
    const all = [...this.#functions, ...this.#parts].flatMap((compiled) =>
      compiled.isInstrument ? [] : compiled.signatures(),
    )
    return withoutOldest(all)
  }

  /** Of every graph that has run, but for instruments: what it was called with last, and what its variables hold. */
  async snapshots(step: number): Promise<StepSnapshot[]> {
    const graphs = [...this.#functions].flatMap(({ isInstrument, graphs }) => (isInstrument ? [] : graphs))
    const snapshots: StepSnapshot[] = []
    for (const graph of graphs) {
      const snapshot = await graph.snapshot(step)
      if (snapshot) snapshots.push(snapshot)
    }
    return snapshots
  }

  /** Brings all state back to the variables. */
  async bringBack(): Promise<void> {
    await this.settle(true)
    await this.store.bringBack()
  }

  /** Frees graphs and state, as soon as the block that runs has ended; nobody is told of it or of what was queued. */
  dispose(): void {
    unsetVariableSource(this.#source)
    this.#isDisposed = true
    this.#queue.clear()
    if (this.#running) void this.#running.then(() => this.#free())
    else this.#free()
  }

  /** Whether steps of the graph were called and are not over. */
  isWaitingFor(graph: CompiledGraph): boolean {
    return this.#waitingGraphs.includes(graph)
  }

  /** Graphs of the steps that were called and are not over. */
  get #waitingGraphs(): readonly CompiledGraph[] {
    return this.#block ? [this.#block.graph, ...this.#queue.graphs] : this.#queue.graphs
  }

  /** Whether a step that was called and is not over uses the variable. */
  #isNeeded(variable: tf.Variable): boolean {
    return this.#waitingGraphs.some((graph) => graph.uses(variable))
  }

  /** Whether a step that was called and is not over changes the variable. */
  #isWaitedFor(variable: tf.Variable): boolean {
    return this.#waitingGraphs.some((graph) => graph.writes(variable))
  }

  #free(): void {
    for (const compiled of [...this.#functions, ...this.#retired, ...this.#parts]) compiled.dispose()
    this.store.dispose()
  }

  async #runBlocks(isForced: boolean): Promise<void> {
    for (let block = this.#nextBlock(isForced); block; block = this.#nextBlock(isForced)) {
      this.#block = block
      try {
        await this.#runBlock(block)
      } catch (error) {
        // The variables of a session that is over may be gone.
        if (this.#isDisposed) return
        for (const { pending } of [...block.steps, ...this.#queue.clear()]) pending.reject(error)
        throw error
      } finally {
        this.#block = null
      }
      this.#freeRetired()
    }
  }

  #freeRetired(): void {
    for (const compiled of this.#retired) {
      if (compiled.graphs.some((graph) => this.isWaitingFor(graph))) continue
      this.#retired.delete(compiled)
      compiled.dispose()
    }
  }

  /** The next steps to run together: calls of one graph, as many as the function wants, fewer where others wait. */
  #nextBlock(isForced: boolean): Block | null {
    const { first, isFirstComplete } = this.#queue
    if (!first) return null
    const { graph, stepsPerExecution, steps } = first
    const limit = graph.updates > 0 ? Math.ceil(this.observer.stepLimit() / graph.updates) : Infinity
    // What was called before a pause still runs.
    const wanted = Math.min(stepsPerExecution, limit <= 0 ? steps.length : limit)
    if (steps.length < wanted && !isFirstComplete && !isForced) return null
    const isObserved = graph.observes && this.observer.wantsObservation()
    return { graph, steps: this.#queue.take(wanted), isObserved }
  }

  async #runBlock({ graph, steps, isObserved }: Block): Promise<void> {
    await this.#prepare(graph)
    if (isObserved) await this.#runSteps(graph, steps.slice(0, 1), true)
    const rest = isObserved ? steps.slice(1) : steps
    if (rest.length > 0) await this.#runSteps(graph, rest, false)
  }

  async #runSteps(graph: CompiledGraph, steps: readonly QueuedStep[], isObserved: boolean): Promise<void> {
    // What is loaded to observe a step counts as part of that step, which no figure of costs includes.
    const start = this.now()
    const inputs = steps.map((step) => step.inputs)
    const { results, observed, dispatchMs } = await graph.run(inputs, isObserved)
    if (this.#isDisposed) return
    const computeMs = this.now() - start - dispatchMs
    for (const [index, { pending }] of steps.entries()) pending.resolve(results[index] ?? [])
    const updates = steps.length * graph.updates
    this.observer.ran({ steps: steps.length, updates, dispatchMs, computeMs, observed })
  }

  async #prepare(graph: CompiledGraph): Promise<void> {
    await graph.prepare()
    if (graph.isInstrument || this.#isDisposed || this.#reported.has(graph)) return
    this.#reported.add(graph)
    this.observer.compiled(graph.report())
  }
}

/** At most as many as a report may list: those that come first, which were freed first, become one. */
function withoutOldest(signatures: readonly SignatureReport[]): SignatureReport[] {
  const left = signatures.slice(0, Math.max(0, signatures.length - limits.signatures + 1))
  const [first] = left
  if (first === undefined || left.length < 2) return [...signatures]
  const sum = (of: (signature: SignatureReport) => number) => left.reduce((total, one) => total + of(one), 0)
  const together: SignatureReport = {
    function: first.function,
    signature: `${left.length} earlier signatures`,
    hits: sum(({ hits }) => hits),
    buildMs: sum(({ buildMs }) => buildMs),
    nodes: Math.max(...left.map(({ nodes }) => nodes)),
  }
  return [together, ...signatures.slice(left.length)]
}

let current: Session | null = null

/** The session of this worker; null where nothing can be compiled. */
export function currentSession(): Session | null {
  return current
}

/** Makes `session` the one that `compile` uses; null for none. */
export function setCurrentSession(session: Session | null): void {
  current = session
}
