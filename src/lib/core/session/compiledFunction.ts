/** A compiled function: one graph per signature, made on the first call with it. */
import type { TracedCall } from '../trace/trace'
import { CompiledGraph } from './compiledGraph'
import type { PendingStep } from './pendingStep'
import type { Session } from './session'
import { signatureOf } from './signature'
import type { HostTensor, SignatureReport } from './types'

export interface CompileOptions {
  /** Steps that one call of the runtime may take; 1 when left out. */
  readonly stepsPerExecution?: number | undefined
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
  readonly #graphs = new Map<string, readonly CompiledGraph[]>()
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
    const signature = signatureOf(inputs, others)
    const known = this.#graphs.get(signature) ?? []
    const valid = known.find((graph) => graph.isValid())
    const number = valid?.isTraining ? this.session.takeNumber() : null
    if (number !== null) return this.#lookUp(inputs, body, [...others, number])
    if (valid) valid.hits++
    const graph = valid ?? this.#build(signature, inputs, body)
    this.#byUse.delete(graph)
    this.#byUse.add(graph)
    if (!valid) {
      this.#graphs.set(signature, [...known, graph])
      this.#freeUnused()
    }
    return graph
  }

  #freeUnused(): void {
    for (const graph of [...this.#byUse].slice(0, -mostGraphs)) {
      if (this.session.isWaitingFor(graph)) continue
      const { signature } = graph
      const others = (this.#graphs.get(signature) ?? []).filter((other) => other !== graph)
      if (others.length > 0) this.#graphs.set(signature, others)
      else this.#graphs.delete(signature)
      this.#freed.set(signature, this.#reportOf(graph))
      this.#byUse.delete(graph)
      graph.dispose()
    }
  }

  #reportOf(graph: CompiledGraph): SignatureReport {
    const { signature, hits, traceMs, passesMs, compileMs } = graph
    const buildMs = traceMs + passesMs + (compileMs ?? 0)
    return { function: this.name, signature, hits, buildMs, nodes: graph.graph.nodes.length }
  }

  #build(signature: string, types: readonly HostTensor[], body: TracedCall): CompiledGraph {
    const { runtime, store, settings, now, observer } = this.session
    const disabledPasses = settings.disabledPasses ?? []
    const form = this.#stepsPerExecution > 1 ? 'block' : 'step'
    const { isInstrument, name } = this
    try {
      const options = { isInstrument, form, function: name, signature, types, body, disabledPasses } as const
      const graph = new CompiledGraph({ ...options, runtime, store, now })
      this.#traces++
      this.#freed.delete(signature)
      if (!isInstrument && this.#traces === retracesBeforeWarning + 2) observer.warn(this.#retraceWarning())
      return graph
    } catch (error) {
      observer.traceFailed?.(name)
      throw error
    }
  }

  #retraceWarning(): string {
    return (
      `${this.name}: traced ${this.#traces} times. Every new shape and every new number that is passed as an argument ` +
      'makes a new graph, which costs far more than a step. Keep the batch size, and pass numbers that change as tensors.'
    )
  }
}
