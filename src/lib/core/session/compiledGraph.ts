/** One signature of a compiled function: its graph, optimised, and the runtime's programs for it, made when needed. */
import { at } from '../util/at'
import { readBack } from '../eager/readBack'
import type { tf } from '../eager/tfjs'
import { outputsOf, peakValues, typesOf } from '../graph/queries'
import type { Graph, GraphInput, TensorType, Value } from '../graph/types'
import { optimise, passes } from '../passes/optimise'
import type { PassName } from '../passes/pass'
import type { Guard } from '../trace/guard'
import { trace, type Trace, type TracedCall } from '../trace/trace'
import type { Retrace } from '../util/retrace'
import { isSameShape, sizeOf } from '../util/shapes'
import type { StepSnapshot } from './inspect'
import type { LoadedGraph, Runtime, StateValue } from './runtime'
import type { CachedGraph, NewGraph } from './graphCache'
import type { CallKind } from './signature'
import type { StateStore } from './stateStore'
import type { CompiledReport, GraphStage, HostTensor, HostValues, SignatureReport } from './types'

/** What a compiled graph is made of. */
export interface CompiledGraphOptions extends NewGraph {
  readonly function: string
  /** Nobody is told of it. */
  readonly isInstrument: boolean
  readonly body: TracedCall
  readonly disabledPasses: readonly PassName[]
  readonly runtime: Runtime
  readonly store: StateStore
  /** The program's own values are no condition of the graph. */
  readonly freezes: boolean
  /** `block` where several steps may run in one call. */
  readonly form: 'step' | 'block'
  readonly now: () => number
}

/** A graph with the variables behind each of its states. */
interface Variant {
  readonly graph: Graph
  readonly states: ReadonlyMap<string, readonly tf.Variable[]>
  program: Promise<LoadedGraph> | null
}

/** Values of a step's inputs by name, variables left out. */
export type StepInputs = ReadonlyMap<string, HostValues>

/** What a block of steps gave. */
export interface StepsOutput {
  /** Results of each step. */
  readonly results: readonly (readonly HostTensor[])[]
  /** Of the one step of an observed block. */
  readonly observed: Readonly<Record<string, number>> | null
  /** Milliseconds of putting arguments together. */
  readonly dispatchMs: number
}

/** The graph of one signature. */
export class CompiledGraph implements CachedGraph {
  readonly signature: string
  /** Graphs from the traced one to the one that runs. */
  readonly stages: readonly GraphStage[]
  /** The step changes variables. */
  readonly isTraining: boolean
  hits = 0
  readonly traceMs: number
  readonly passesMs: number
  /** Milliseconds that the runtime took to load the graph in the form that ran first; null before that. */
  compileMs: number | null = null
  readonly #trace: Trace
  readonly #plain: Variant
  #observing: Variant | null = null
  /** What the last step was called with, by name of the input. */
  #lastFeeds: StepInputs = new Map()
  /** Variables that a step changes. */
  readonly #written: ReadonlySet<tf.Variable>
  readonly #argumentNames: readonly string[]
  /** Types of what the function gives back. */
  readonly resultTypes: readonly TensorType[]

  constructor(private readonly options: CompiledGraphOptions) {
    const { function: name, signature, kind, body, now, freezes, inputs } = options
    this.signature = signature
    const start = now()
    this.#trace = trace(name, kind.types, body, { freezes, isInput: (key) => inputs.has(key) })
    const traced = now()
    this.#argumentNames = this.#trace.graph.inputs.flatMap(({ role, name }) =>
      role === 'argument' ? [name] : [],
    )
    const plainGraph = withoutObserved(this.#trace)
    const { graph, stages } = this.#optimise(plainGraph)
    this.passesMs = now() - traced
    this.traceMs = traced - start
    this.stages = [
      { name: 'trace', title: 'Run once on symbolic tensors, every kernel recorded', graph: plainGraph },
      ...stages,
    ]
    this.#plain = this.#variant(graph)
    this.resultTypes = typesOf(graph, graph.results).slice(0, graph.results.length - this.#checkedResults)
    const written = graph.states.filter(({ output }) => output !== null)
    this.isTraining = written.length > 0
    this.#written = new Set(written.flatMap(({ input }) => variablesOf(this.#plain, input)))
  }

  /** Updates of optimizers in one step. */
  get updates(): number {
    return this.#trace.updates
  }

  /** The graph that runs. */
  get graph(): Graph {
    return this.#plain.graph
  }

  get kind(): CallKind {
    return this.options.kind
  }

  get retrace(): Retrace | undefined {
    return this.options.retrace
  }

  get isInstrument(): boolean {
    return this.options.isInstrument
  }

  get observes(): boolean {
    return this.#trace.observed.length > 0
  }

  /** Whether arguments have the types that the graph was made for. */
  accepts(inputs: readonly TensorType[]): boolean {
    const { types } = this.options.kind
    return (
      types.length === inputs.length &&
      types.every(({ dtype, shape }, index) => {
        const input = inputs[index]
        return input?.dtype === dtype && isSameShape(input.shape, shape)
      })
    )
  }

  /** Whether what the trace assumed of the program's own objects still holds. */
  isValid(): boolean {
    for (const guard of this.#trace.guards) if (!guard.holds()) return false
    return true
  }

  /** What the trace assumed and no longer holds. */
  brokenGuards(): readonly Guard[] {
    return this.#trace.guards.filter((guard) => !guard.holds())
  }

  /** What the program has changed meanwhile and the graph does not follow. */
  changedFrozen(): readonly Guard[] {
    const { frozen } = this.#trace
    return frozen.length === 0 ? frozen : frozen.filter((guard) => !guard.holds())
  }

  /** Whether a step changes the variable. */
  writes(variable: tf.Variable): boolean {
    return this.#written.has(variable)
  }

  /** Whether a step needs the variable or changes it. */
  uses(variable: tf.Variable): boolean {
    return [...this.#plain.states.values()].some((variables) => variables.includes(variable))
  }

  /**
   * The inputs of a step that is called now. What the host computes, such as a learning rate or a random mask, is
   * that of the call and not of the time when the step runs: a queued step is the step that the program asked for.
   */
  inputsOf(given: readonly HostTensor[]): StepInputs {
    const inputs = new Map<string, HostValues>()
    for (const [position, name] of this.#argumentNames.entries()) {
      const values = given[position]?.values
      if (values) inputs.set(name, values)
    }
    for (const { input, check } of this.#trace.inputChecks) check(inputs.get(input) ?? [])
    for (const action of this.#trace.hostActions) {
      if (action.kind === 'effect') action.run()
      else inputs.set(action.input, action.compute())
    }
    return inputs
  }

  describe(): Omit<SignatureReport, 'function'> {
    const { signature, hits, traceMs, passesMs, compileMs, retrace } = this
    const buildMs = traceMs + passesMs + (compileMs ?? 0)
    return { signature, hits, buildMs, nodes: this.graph.nodes.length, ...(retrace && { retrace }) }
  }

  report(): CompiledReport {
    return {
      function: this.options.function,
      signature: this.signature,
      traceMs: this.traceMs,
      passesMs: this.passesMs,
      compileMs: this.compileMs ?? 0,
      stages: this.stages,
      passes: passes.map((pass) => ({
        name: pass.name,
        title: pass.title,
        isEnabled: !this.options.disabledPasses.includes(pass.name),
      })),
      backend: this.options.runtime.backend,
      isTraining: this.isTraining,
      peakValues: peakValues(this.graph),
      ...(this.retrace && { retrace: this.retrace }),
    }
  }

  /** Loads the graph; harmless when it is loaded. */
  async prepare(): Promise<void> {
    const start = this.options.now()
    await this.#load(this.#plain)
    this.compileMs ??= this.options.now() - start
  }

  /** Runs the steps one after another, in one call of the runtime where there are several. */
  async run(steps: readonly StepInputs[], isObserved: boolean): Promise<StepsOutput> {
    const variant = isObserved ? (this.#observing ??= this.#observingVariant()) : this.#plain
    const program = await this.#load(variant)
    const start = this.options.now()
    const states = await this.#takeStates(variant)
    const feeds = this.#gather(variant.graph, steps)
    const dispatchMs = this.options.now() - start
    const output = await program.run({ steps: steps.length, feeds, states })
    for (const [input, value] of output.states) this.options.store.put(variablesOf(variant, input), value)
    const outputs = steps.map((_, index) =>
      this.options.form === 'step' ? output.results : output.results.map((result) => sliceOf(result, index)),
    )
    const { results, observed } = this.#splitObserved(outputs, isObserved)
    return { results: results.map((step) => this.#withoutChecks(step)), observed, dispatchMs }
  }

  /** The last call's arguments with the newest values of the variables; null before the first call. */
  async snapshot(step: number): Promise<StepSnapshot | null> {
    if (this.#lastFeeds.size === 0) return null
    const { function: name } = this.options
    const variables = new Map<string, HostValues>()
    // A vector that is shared with other graphs may hold more variables than this trace met.
    const packed = [...this.#plain.states.values()].flat().map((one) => [one.name, one] as const)
    for (const [key, variable] of [...packed, ...this.#trace.variables])
      if (!variables.has(key)) variables.set(key, await readBack(variable))
    return { function: name, signature: this.signature, step, feeds: this.#lastFeeds, variables }
  }

  dispose(): void {
    for (const variant of [this.#plain, this.#observing]) {
      // A program that failed to load has nothing to dispose, and its error was told where it was awaited.
      variant?.program?.then((loaded) => loaded.dispose()).catch(() => undefined)
    }
  }

  #optimise(graph: Graph): { graph: Graph; stages: GraphStage[] } {
    const packed = this.options.store
      .groups()
      .map((group) => group.map(({ name, shape }) => ({ name, shape })))
    const { graph: optimised, stages } = optimise(graph, {
      disabled: new Set(this.options.disabledPasses),
      packed,
    })
    return {
      graph: optimised,
      stages: stages.map((stage) => ({ name: stage.pass, title: titleOf(stage.pass), graph: stage.graph })),
    }
  }

  #observingVariant(): Variant {
    return this.#variant(this.#optimise(this.#trace.graph).graph)
  }

  #variant(graph: Graph): Variant {
    // A vector that other graphs share may hold variables that this trace never met.
    const shared = new Map(
      this.options.store.groups().flatMap((group) => group.map((one) => [one.name, one] as const)),
    )
    const states = new Map(
      graph.states.map(({ input, variables }) => [
        input,
        variables.map(({ name }) => {
          const variable = this.#trace.variables.get(name) ?? shared.get(name)
          if (!variable) throw new Error(`internal: graph ${graph.name} has no variable ${name}`)
          return variable
        }),
      ]),
    )
    return { graph, states, program: null }
  }

  #load(variant: Variant): Promise<LoadedGraph> {
    return (variant.program ??= this.options.runtime.load(variant.graph, this.options.form))
  }

  async #takeStates(variant: Variant): Promise<Map<string, StateValue>> {
    const values = new Map<string, StateValue>()
    for (const [input, variables] of variant.states)
      values.set(input, await this.options.store.take(variables))
    return values
  }

  /** The inputs of all steps; for a block stacked. */
  #gather(graph: Graph, steps: readonly StepInputs[]): Map<string, HostTensor> {
    this.#lastFeeds = steps.at(-1) ?? this.#lastFeeds
    const isStacked = this.options.form === 'block'
    const feeds = new Map<string, HostTensor>()
    for (const input of graph.inputs.filter(({ role }) => role !== 'state')) {
      const { name, dtype, shape } = input
      const parts = steps.map((step) => valuesOf(step, name))
      const [only] = parts
      if (isStacked) feeds.set(name, stacked(input, parts))
      else if (only) feeds.set(name, { dtype, shape, values: only })
    }
    return feeds
  }

  /** How many results are there to be checked only. */
  get #checkedResults(): number {
    return 2 * this.#trace.resultChecks.length
  }

  /** The results of a step without those that are only checked. Throws what a check throws. */
  #withoutChecks(results: readonly HostTensor[]): readonly HostTensor[] {
    const count = results.length - this.#checkedResults
    for (const [index, check] of this.#trace.resultChecks.entries()) {
      const bounds = results.slice(count + 2 * index, count + 2 * index + 2)
      check(bounds.map(({ values }) => at(values, 0)))
    }
    return results.slice(0, count)
  }

  #splitObserved(
    outputs: readonly (readonly HostTensor[])[],
    isObserved: boolean,
  ): Omit<StepsOutput, 'dispatchMs'> {
    const [only] = outputs
    if (!isObserved || !only) return { results: outputs, observed: null }
    const { observed } = this.#trace
    const count = only.length - observed.length
    const values = observed.map((name, position) => [name, only[count + position]?.values[0] ?? NaN] as const)
    return { results: [only.slice(0, count)], observed: Object.fromEntries(values) }
  }
}

function titleOf(name: PassName): string {
  return passes.find((pass) => pass.name === name)?.title ?? name
}

/** The graph without what only instruments want. What nobody wants stays: that is for the passes to find. */
function withoutObserved({ graph, observed }: Trace): Graph {
  const results = graph.results.slice(0, graph.results.length - observed.length)
  const plain = { ...graph, results }
  const [wanted, wantedByAll] = [usedNames(plain), usedNames(graph)]
  const isInstrument = ({ name }: Value) => wantedByAll.has(name) && !wanted.has(name)
  return { ...plain, nodes: graph.nodes.filter(({ outputs }) => !outputs.some(isInstrument)) }
}

/** Names of the values that results and states are computed from. */
function usedNames(graph: Graph): ReadonlySet<string> {
  const used = new Set(outputsOf(graph))
  for (const { inputs, outputs } of graph.nodes.toReversed()) {
    if (outputs.some(({ name }) => used.has(name))) for (const name of inputs) used.add(name)
  }
  return used
}

function variablesOf(variant: Variant, input: string): readonly tf.Variable[] {
  const variables = variant.states.get(input)
  if (!variables) throw new Error(`internal: no state ${input}`)
  return variables
}

function valuesOf(step: StepInputs, name: string): HostValues {
  const values = step.get(name)
  if (!values) throw new Error(`internal: a step has no input ${name}`)
  return values
}

const arrays = { float32: Float32Array, bool: Uint8Array, int32: Int32Array, int64: Int32Array } as const

/** [steps, ...shape] */
function stacked({ dtype, shape }: GraphInput, parts: readonly HostValues[]): HostTensor {
  const values: HostValues = new arrays[dtype](parts.length * sizeOf(shape))
  for (const [index, part] of parts.entries()) values.set(part, index * part.length)
  return { dtype, shape, values }
}

function sliceOf({ dtype, shape, values }: HostTensor, index: number): HostTensor {
  const size = sizeOf(shape)
  return { dtype, shape, values: values.subarray(index * size, (index + 1) * size) }
}
