/** A compiled function: one graph per signature, made on the first call with it. */
import type { Guard } from '../trace/guard'
import type { TracedCall } from '../trace/trace'
import { CompiledGraph } from './compiledGraph'
import { GraphCache } from './graphCache'
import type { PendingStep } from './pendingStep'
import type { Session } from './session'
import { kindOf, type CallKind } from './signature'
import type { HostTensor, SignatureReport } from './types'

/** How a function is compiled. */
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

/** A function that is traced once for each signature and replayed. */
export class CompiledFunction {
  readonly #cache: GraphCache<CompiledGraph>
  /** The graph of the last call without other arguments: most calls are like the one before. */
  #last: CompiledGraph | null = null

  /** Whether anybody is told of its graphs. */
  readonly isInstrument: boolean

  constructor(
    private readonly session: Session,
    readonly name: string,
    private readonly options: CompileOptions,
  ) {
    this.isInstrument = options.isInstrument ?? false
    this.#cache = new GraphCache(name, {
      isBusy: (graph) => session.isWaitingFor(graph),
      warn: (message) => {
        if (!this.isInstrument) session.observer.warn(message)
      },
    })
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
    return this.#cache.signatures()
  }

  get graphs(): readonly CompiledGraph[] {
    return this.#cache.graphs
  }

  dispose(): void {
    this.#cache.dispose()
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
    const known = this.#cache.find(kind)
    const number = known?.isTraining ? this.session.takeNumber() : null
    if (number !== null) return this.#lookUp(inputs, body, [...others, number])
    return known ? this.#cache.use(known) : this.#build(kind, body)
  }

  #build(kind: CallKind, body: TracedCall): CompiledGraph {
    const { runtime, store, settings, now, observer } = this.session
    const disabledPasses = settings.disabledPasses ?? []
    const form = this.#stepsPerExecution > 1 ? 'block' : 'step'
    const { isInstrument, name } = this
    const { freezes = false } = this.options
    const how = { isInstrument, form, function: name, body, freezes, disabledPasses } as const
    try {
      return this.#cache.make(kind, (graph) => new CompiledGraph({ ...how, ...graph, runtime, store, now }))
    } catch (error) {
      observer.traceFailed?.(name)
      throw error
    }
  }

  #tellFrozen({ name, line, was, now }: Guard): void {
    const what = `${name}${line > 0 ? ` on line ${line}` : ''} was ${was}`
    this.session.warnOnce(
      what,
      `${this.name}: ${what} when the step was traced, and is ${now} now. As in tf.function, the compiled ` +
        `step goes on with ${was}. Keep what changes in a Variable, compile the model again, or set runEagerly: true.`,
    )
  }
}
