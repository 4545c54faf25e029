/** A compiled function: one graph per signature, made on the first call with it. */
import type { TracedCall } from '../trace/trace'
import type { Guard } from '../trace/guard'
import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import { differencesText, type Difference, type Retrace } from '../util/retrace'
import { CompiledGraph } from './compiledGraph'
import type { PendingStep } from './pendingStep'
import type { Session } from './session'
import { differencesOf, kindOf, signatureOf, type CallKind } from './signature'
import type { HostTensor, SignatureReport } from './types'

export interface CompileOptions {
  /** Steps that one call of the runtime may take; 1 when left out. */
  readonly stepsPerExecution?: number | undefined
  /**
   * What the program's own numbers, texts and objects are when the function is traced holds for all its calls, as in
   * `tf.function`; otherwise a change has it traced again, as in `torch.compile`.
   */
  readonly freezes?: boolean
  /** The page's own, such as a decision boundary: it is not told of. */
  readonly isInstrument?: boolean
}

/** As TensorFlow does, from this many traces on a function is said to retrace too often. */
const retracesBeforeWarning = 5

/**
 * Graphs that a function keeps: one more frees the graph, and the runtime's memory, that was used longest ago. Enough for
 * full and last batches of sequences of 24 lengths, or every epoch would trace them all anew.
 */
const mostGraphs = 48

export class CompiledFunction {
  /** By what is the same in all calls of a graph. */
  readonly #graphs = new Map<string, readonly CompiledGraph[]>()
  /** Where tensors come from whose values changed. */
  readonly #inputs = new WeakSet<object>()
  /** Frozen values whose change was told. */
  readonly #told = new Set<string>()
  /** All graphs, the one used last at the end. */
  readonly #byUse = new Set<CompiledGraph>()
  /** Of graphs that were freed, by signature. */
  readonly #freed = new Map<string, SignatureReport>()
  /** The graph of the last call without other arguments: most calls are like the one before. */
  #last: CompiledGraph | null = null
  #traces = 0

  /** Whether anybody is told of its graphs. */
  readonly isInstrument: boolean

  constructor(
    private readonly session: Session,
    readonly name: string,
    private readonly options: CompileOptions,
  ) {
    this.isInstrument = options.isInstrument ?? false
  }

  /**
   * Calls the function for these arguments; `others` are those that are no tensors and belong to the signature.
   * Traces `body` where the signature is new, and throws what it throws. The step runs when its block is full.
   */
  call(inputs: readonly HostTensor[], body: TracedCall, others: readonly unknown[] = []): PendingStep {
    // State may be packed since: a prediction then gets a graph for it, instead of unpacking it at every call.
    const packing = this.isInstrument ? [this.session.store.groups().length] : []
    const graph = this.#graphFor(inputs, body, [...others, ...packing])
    for (const guard of graph.changedFrozen()) this.#tellFrozen(guard)
    return this.session.enqueue(graph, this.#stepsPerExecution, graph.inputsOf(inputs))
  }

  /** How many steps one call of the runtime really takes. */
  get #stepsPerExecution(): number {
    return this.session.runtime.runsBlocks ? (this.options.stepsPerExecution ?? 1) : 1
  }

  signatures(): SignatureReport[] {
    return [...this.#freed.values(), ...this.graphs.map((graph) => this.#reportOf(graph))]
  }

  get graphs(): readonly CompiledGraph[] {
    return [...this.#graphs.values()].flat()
  }

  dispose(): void {
    for (const graph of this.graphs) graph.dispose()
    this.#graphs.clear()
    this.#byUse.clear()
    this.#freed.clear()
    this.#last = null
  }

  #graphFor(inputs: readonly HostTensor[], body: TracedCall, others: readonly unknown[]): CompiledGraph {
    const last = this.#last
    if (last && others.length === 0 && last.accepts(inputs) && !this.session.hasNumber && last.isValid()) {
      last.hits++
      return last
    }
    const { hasNumber } = this.session
    const graph = this.#lookUp(inputs, body, others)
    // A graph that was traced for one more number is not the one for calls like this.
    const isPlain = others.length === 0 && hasNumber === this.session.hasNumber
    this.#last = isPlain ? graph : null
    return graph
  }

  #lookUp(inputs: readonly HostTensor[], body: TracedCall, others: readonly unknown[]): CompiledGraph {
    const kind = kindOf(inputs, others)
    const key = signatureOf(kind)
    const known = this.#graphs.get(key) ?? []
    const valid = known.find((graph) => graph.isValid())
    const number = valid?.isTraining ? this.session.takeNumber() : null
    if (number !== null) return this.#lookUp(inputs, body, [...others, number])
    if (valid) valid.hits++
    const graph = valid ?? this.#build(key, kind, body)
    this.#byUse.delete(graph)
    this.#byUse.add(graph)
    if (!valid) {
      this.#graphs.set(key, [...known, graph])
      this.#freeUnused()
    }
    return graph
  }

  #freeUnused(): void {
    for (const graph of [...this.#byUse].slice(0, -mostGraphs)) {
      if (this.session.isWaitingFor(graph)) continue
      const key = signatureOf(graph.kind)
      const others = (this.#graphs.get(key) ?? []).filter((other) => other !== graph)
      if (others.length > 0) this.#graphs.set(key, others)
      else this.#graphs.delete(key)
      this.#freed.set(graph.signature, this.#reportOf(graph))
      for (const signature of [...this.#freed.keys()].slice(0, -limits.signatures)) this.#freed.delete(signature)
      this.#byUse.delete(graph)
      graph.dispose()
    }
  }

  #reportOf(graph: CompiledGraph): SignatureReport {
    const { signature, hits, traceMs, passesMs, compileMs, retrace } = graph
    const buildMs = traceMs + passesMs + (compileMs ?? 0)
    const nodes = graph.graph.nodes.length
    return { function: this.name, signature, hits, buildMs, nodes, ...(retrace && { retrace }) }
  }

  #build(key: string, kind: CallKind, body: TracedCall): CompiledGraph {
    const { runtime, store, settings, now, observer } = this.session
    const disabledPasses = settings.disabledPasses ?? []
    const form = this.#stepsPerExecution > 1 ? 'block' : 'step'
    const { isInstrument, name } = this
    const { freezes = false } = this.options
    const retrace = this.#retraceFor(kind)
    const signature = withGuards(key, retrace)
    try {
      const of = { function: name, signature, kind, body, retrace, freezes, inputs: this.#inputs } as const
      const graph = new CompiledGraph({ ...of, isInstrument, form, disabledPasses, runtime, store, now })
      this.#traces++
      this.#freed.delete(signature)
      if (!isInstrument && this.#traces === retracesBeforeWarning + 2)
        observer.warn(this.#retraceWarning(retrace))
      return graph
    } catch (error) {
      observer.traceFailed?.(name)
      throw error
    }
  }

  /** What is different from the nearest earlier call, the last of equals; what changes becomes an input where it can. */
  #retraceFor(kind: CallKind): Retrace | undefined {
    let nearest: { readonly graph: CompiledGraph; readonly differences: readonly Difference[] } | null = null
    for (const graph of this.#byUse) {
      const broken = graph.brokenGuards()
      for (const { input } of broken) if (input) this.#inputs.add(input)
      const differences = [...differencesOf(graph.kind, kind), ...broken.map(toDifference)]
      if (differences.length <= (nearest?.differences.length ?? Infinity)) nearest = { graph, differences }
    }
    if (!nearest) return undefined
    return { nearest: nearest.graph.signature, differences: nearest.differences.slice(0, limits.differences) }
  }

  #retraceWarning(retrace: Retrace | undefined): string {
    const last = retrace ? ` The last time, ${differencesText(retrace)}.` : ''
    return (
      `${this.name}: traced ${this.#traces} times. Every new shape, every new number that is passed as an argument and ` +
      'every change of what the function reads from outside makes a new graph, which costs far more than a step. ' +
      `Keep the batch size, and pass numbers that change as tensors.${last}`
    )
  }

  #tellFrozen({ name, line, was, now }: Guard): void {
    const what = `${name}${line > 0 ? ` on line ${line}` : ''}`
    if (this.#told.has(what)) return
    this.#told.add(what)
    this.session.observer.warn(
      `${this.name}: ${what} was ${was} when the step was traced, and is ${now} now. As in tf.function, the compiled ` +
        `step goes on with ${was}. Keep what changes in a Variable, compile the model again, or set runEagerly: true.`,
    )
  }
}

function toDifference(guard: Guard): Difference {
  const { line, was, now } = guard
  const name = cutText(guard.name, limits.name)
  return { kind: 'guard', name, line, was, now: now === was ? 'another one' : now }
}

/** Graphs of calls alike are told apart by what the guards read that have changed. */
function withGuards(key: string, retrace: Retrace | undefined): string {
  const guards = retrace?.differences.filter(({ kind }) => kind === 'guard') ?? []
  return cutText([key, ...guards.map(({ name, now }) => `${name} = ${now}`)].join(', '), limits.signature)
}
