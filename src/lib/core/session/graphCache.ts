/** The graphs of one function: a graph for each kind of call and each state of what the function reads from outside. */
import type { Guard } from '../trace/guard'
import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import { differencesText, type Difference, type Retrace } from '../util/retrace'
import { differencesOf, signatureOf, type CallKind } from './signature'
import type { SignatureReport } from './types'

/** A graph, or what is made of one, with what it holds for. */
export interface CachedGraph {
  readonly kind: CallKind
  readonly signature: string
  /** Calls that found it. */
  hits: number
  /** Whether what the trace assumed of the program's own objects still holds. */
  isValid(): boolean
  /** What the trace assumed and no longer holds. */
  brokenGuards(): readonly Guard[]
  /** Without its function's name. */
  describe(): Omit<SignatureReport, 'function'>
  dispose(): void
}

/** What a graph that is to be made is for. */
export interface NewGraph {
  readonly kind: CallKind
  readonly signature: string
  /** Why there is none yet; undefined for the first. */
  readonly retrace: Retrace | undefined
  /** Where tensors come from whose values change: these are inputs. */
  readonly inputs: WeakSet<object>
}

/** As TensorFlow does, from this many traces on a function is said to retrace too often. */
const retracesBeforeWarning = 5

/**
 * Graphs that a function keeps: one more frees the graph, and the runtime's memory, that was used longest ago. Enough for
 * full and last batches of sequences of 24 lengths, or every epoch would trace them all anew.
 */
const mostGraphs = 48

/** The graphs of one function. */
export class GraphCache<G extends CachedGraph> {
  /** By what is the same in all calls of a graph. */
  readonly #graphs = new Map<string, readonly G[]>()
  readonly #inputs = new WeakSet<object>()
  /** All graphs, the one used last at the end. */
  readonly #byUse = new Set<G>()
  /** Of graphs that were freed, by signature. */
  readonly #freed = new Map<string, SignatureReport>()
  #traces = 0

  constructor(
    readonly name: string,
    private readonly options: {
      /** Whether the graph must not be freed now. */
      readonly isBusy?: (graph: G) => boolean
      readonly warn: (message: string) => void
    },
  ) {}

  get graphs(): readonly G[] {
    return [...this.#graphs.values()].flat()
  }

  /** The graph for such a call, if there is one. */
  find(kind: CallKind): G | undefined {
    return this.#graphs.get(signatureOf(kind))?.find((graph) => graph.isValid())
  }

  /** Notes that the graph is used once more. */
  use(graph: G): G {
    graph.hits++
    this.#byUse.delete(graph)
    this.#byUse.add(graph)
    return graph
  }

  /** Makes the graph for such a call. Throws what `make` throws. */
  make(kind: CallKind, make: (graph: NewGraph) => G): G {
    const key = signatureOf(kind)
    const retrace = this.#retraceFor(kind)
    const graph = make({ kind, signature: withGuards(key, retrace), retrace, inputs: this.#inputs })
    this.#traces++
    this.#freed.delete(graph.signature)
    if (this.#traces === retracesBeforeWarning + 2) this.options.warn(this.#retraceWarning(retrace))
    this.#byUse.add(graph)
    this.#graphs.set(key, [...(this.#graphs.get(key) ?? []), graph])
    this.#freeUnused()
    return graph
  }

  signatures(): SignatureReport[] {
    return [...this.#freed.values(), ...this.graphs.map((graph) => this.#reportOf(graph))]
  }

  dispose(): void {
    for (const graph of this.graphs) graph.dispose()
    this.#graphs.clear()
    this.#byUse.clear()
    this.#freed.clear()
  }

  #reportOf(graph: G): SignatureReport {
    return { function: this.name, ...graph.describe() }
  }

  #freeUnused(): void {
    for (const graph of [...this.#byUse].slice(0, -mostGraphs)) {
      if (this.options.isBusy?.(graph)) continue
      const key = signatureOf(graph.kind)
      const others = (this.#graphs.get(key) ?? []).filter((other) => other !== graph)
      if (others.length > 0) this.#graphs.set(key, others)
      else this.#graphs.delete(key)
      this.#freed.set(graph.signature, this.#reportOf(graph))
      this.#byUse.delete(graph)
      graph.dispose()
    }
    const tooMany = [...this.#freed.keys()].slice(0, -limits.signatures)
    for (const signature of tooMany) this.#freed.delete(signature)
  }

  /** What is different from the nearest earlier call, the last of equals; what changes becomes an input where it can. */
  #retraceFor(kind: CallKind): Retrace | undefined {
    let nearest: Retrace | undefined
    for (const graph of this.#byUse) {
      const broken = graph.brokenGuards()
      for (const { input } of broken) if (input) this.#inputs.add(input)
      const differences = [...differencesOf(graph.kind, kind), ...broken.map(toDifference)]
      if (differences.length <= (nearest?.differences.length ?? Infinity))
        nearest = { nearest: graph.signature, differences }
    }
    return nearest && { ...nearest, differences: nearest.differences.slice(0, limits.differences) }
  }

  #retraceWarning(retrace: Retrace | undefined): string {
    const last = retrace ? ` The last time, ${differencesText(retrace)}.` : ''
    return (
      `${this.name}: traced ${this.#traces} times. Every new shape, every new number that is passed as an argument and ` +
      'every change of what the function reads from outside makes a new graph, which costs far more than a step. ' +
      `Keep the batch size, and pass numbers that change as tensors.${last}`
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
  const differences = retrace?.differences ?? []
  const guards = differences.every(({ kind }) => kind === 'guard') ? differences : []
  return cutText([key, ...guards.map(({ name, now }) => `${name} = ${now}`)].join(', '), limits.signature)
}
