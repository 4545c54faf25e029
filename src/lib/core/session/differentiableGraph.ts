/**
 * One signature of a function that eager code calls: its graph, and that of its gradients. Both run at once on the kernels
 * of the tfjs backend, since what comes next in an eager program needs their values.
 */
import { at } from '../util/at'
import { checkNow } from '../eager/indexRange'
import { tf } from '../eager/tfjs'
import { peakValues } from '../graph/queries'
import type { Graph } from '../graph/types'
import { Interpreter } from '../interpret/interpreter'
import { optimise, passes } from '../passes/optimise'
import type { PassName } from '../passes/pass'
import type { Guard } from '../trace/guard'
import { trace, type Trace } from '../trace/trace'
import type { CachedGraph, NewGraph } from './graphCache'
import { splitGraph } from './splitGraph'
import type { CompiledReport, GraphStage, HostValues, SignatureReport, StaticBackend } from './types'

/** What a function gives while it is traced. */
export interface TracedDerivative {
  readonly outputs: readonly tf.Tensor[]
  /** One for each source; none where no gradients are recorded. */
  readonly gradients: readonly tf.Tensor[]
  /** What the gradients are of the outputs with respect to: arguments by position, and tensors. */
  readonly sources: readonly (number | tf.Tensor)[]
  /** Positions of the outputs whose gradients the trace was given as inputs. */
  readonly seeded: readonly number[]
}

/** Called on symbolic tensors. */
export type DifferentiableBody = (inputs: readonly tf.Tensor[]) => TracedDerivative

/** What the graphs of one signature are made of. */
export interface DifferentiableOptions extends NewGraph {
  readonly function: string
  readonly body: DifferentiableBody
  readonly disabledPasses: readonly PassName[]
  readonly backend: StaticBackend
  readonly now: () => number
}

/** One call: its outputs belong to the caller's scope, `saved` to the caller. */
export interface DifferentiableCall {
  readonly outputs: readonly tf.Tensor[]
  readonly sources: readonly tf.Tensor[]
  readonly saved: readonly tf.Tensor[]
  /** The gradients of the sources from those of the outputs, undefined for none; belong to the caller's scope. */
  readonly backward: (gradients: readonly (tf.Tensor | undefined)[]) => readonly tf.Tensor[]
}

interface Part {
  readonly interpreter: Interpreter
  readonly stages: readonly GraphStage[]
}

/** The forward and the backward graph of one signature. */
export class DifferentiableGraph implements CachedGraph {
  readonly kind
  readonly signature
  hits = 0
  readonly #trace: Trace
  readonly #traced: TracedDerivative
  readonly #arguments: readonly string[]
  readonly #seeds: readonly string[]
  readonly #saved: readonly string[]
  readonly #forward: Part
  readonly #backward: Part | null
  readonly #traceMs: number
  readonly #passesMs: number

  constructor(private readonly options: DifferentiableOptions) {
    const { kind, signature, body, inputs, now } = options
    this.kind = kind
    this.signature = signature
    const start = now()
    const found: TracedDerivative[] = []
    const call = (symbolic: readonly tf.Tensor[]) => {
      const derivative = body(symbolic)
      found.push(derivative)
      return [...derivative.outputs, ...derivative.gradients]
    }
    this.#trace = trace(options.function, kind.types, call, { isInput: (key) => inputs.has(key) })
    const [traced] = found
    if (!traced) throw new Error('internal: a trace gave nothing')
    this.#traced = traced
    const traceEnd = now()
    const { graph } = this.#trace
    const names = graph.inputs.flatMap(({ role, name }) => (role === 'argument' ? [name] : []))
    this.#arguments = names.slice(0, kind.types.length)
    this.#seeds = names.slice(kind.types.length)
    const counts = {
      outputs: traced.outputs.length,
      gradients: traced.gradients.length,
      checked: 2 * this.#trace.resultChecks.length,
    }
    const { forward, backward, saved } = splitGraph(graph, counts, this.#seeds)
    this.#saved = saved
    this.#forward = this.#optimised(forward)
    this.#backward = traced.gradients.length > 0 ? this.#optimised(backward) : null
    this.#traceMs = traceEnd - start
    this.#passesMs = now() - traceEnd
  }

  isValid(): boolean {
    return this.#trace.guards.every((guard) => guard.holds())
  }

  brokenGuards(): readonly Guard[] {
    return this.#trace.guards.filter((guard) => !guard.holds())
  }

  /** Runs the function, with the effects on variables and on the host that it has. */
  run(inputs: readonly tf.Tensor[]): DifferentiableCall {
    const { variables } = this.#trace
    const { graph } = this.#forward.interpreter
    this.#checkInputs(inputs)
    const results = tf.tidy(() => {
      const outputs = this.#forward.interpreter.run(this.#feeds(inputs))
      const copies = graph.results.map((name) => tf.clone(named(outputs, name)))
      const next = graph.states.flatMap(({ input, output }) =>
        output === null ? [] : [[named(variables, input), named(outputs, output)] as const],
      )
      for (const [variable, value] of next) variable.assign(value)
      return copies
    })
    const count = this.#traced.outputs.length
    const saved = results
      .slice(this.#checkResults(results.slice(count)) + count)
      .map((tensor) => tf.keep(tensor))
    const sources = this.#traced.sources.map((source) =>
      typeof source === 'number' ? named(inputs.entries(), source) : source,
    )
    const backward: DifferentiableCall['backward'] = (gradients) => this.#runBackward(saved, gradients)
    return { outputs: results.slice(0, count), sources, saved, backward }
  }

  describe(): Omit<SignatureReport, 'function'> {
    const { retrace } = this.options
    const parts = this.#backward ? [this.#forward, this.#backward] : [this.#forward]
    const nodes = parts.reduce((sum, { interpreter }) => sum + interpreter.graph.nodes.length, 0)
    const buildMs = this.#traceMs + this.#passesMs
    return { signature: this.signature, hits: this.hits, buildMs, nodes, ...(retrace && { retrace }) }
  }

  /** A report of each part; the trace counts with the first. */
  reports(): readonly CompiledReport[] {
    const { function: name } = this.options
    const { retrace } = this.options
    const [traceMs, passesMs] = [this.#traceMs, this.#passesMs]
    const forward = { ...this.#reportOf(name, this.#forward), traceMs, passesMs, ...(retrace && { retrace }) }
    return this.#backward ? [forward, this.#reportOf(`${name} backward`, this.#backward)] : [forward]
  }

  dispose(): void {
    this.#forward.interpreter.dispose()
    this.#backward?.interpreter.dispose()
  }

  #feeds(inputs: readonly tf.Tensor[]): ReadonlyMap<string, tf.Tensor> {
    const { variables, hostActions, graph } = this.#trace
    const feeds = new Map<string, tf.Tensor>(variables)
    for (const [position, name] of this.#arguments.entries()) {
      const input = inputs[position]
      if (input) feeds.set(name, input)
    }
    const host = new Map<string, HostValues>()
    for (const action of hostActions) {
      if (action.kind === 'effect') action.run()
      else host.set(action.input, action.compute())
    }
    for (const { name, shape, dtype } of graph.inputs) {
      const values = host.get(name)
      if (values) feeds.set(name, tf.tensor(values, [...shape], dtype === 'int64' ? 'int32' : dtype))
    }
    return feeds
  }

  /** Throws what a check of an argument throws. */
  #checkInputs(inputs: readonly tf.Tensor[]): void {
    for (const { input, check } of this.#trace.inputChecks) {
      const given = inputs[this.#arguments.indexOf(input)]
      if (given) checkNow(given, check)
    }
  }

  /** Looks at the smallest and the largest of each value that is to be checked; gives how many results that were. */
  #checkResults(results: readonly tf.Tensor[]): number {
    const { resultChecks } = this.#trace
    for (const [index, check] of resultChecks.entries()) {
      for (const bound of results.slice(2 * index, 2 * index + 2)) checkNow(bound, check)
    }
    return 2 * resultChecks.length
  }

  #runBackward(
    saved: readonly tf.Tensor[],
    gradients: readonly (tf.Tensor | undefined)[],
  ): readonly tf.Tensor[] {
    const { interpreter } = this.#backward ?? this.#forward
    return tf.tidy(() => {
      const feeds = new Map(this.#saved.map((name, index) => [name, named(saved.entries(), index)]))
      for (const [index, name] of this.#seeds.entries()) {
        const output = at(this.#traced.seeded, index)
        const shape = this.#traced.outputs[output]?.shape ?? []
        feeds.set(name, gradients[output] ?? tf.zeros(shape))
      }
      const outputs = interpreter.run(feeds)
      return interpreter.graph.results.map((name) => tf.clone(named(outputs, name)))
    })
  }

  #optimised(graph: Graph): Part {
    // Variables stay where they are: in those that the eager program has.
    const disabled = new Set([...this.options.disabledPasses, 'packStates' as const])
    const { graph: last, stages } = optimise(graph, { disabled })
    const titles = new Map(passes.map(({ name, title }) => [name, title]))
    return {
      interpreter: new Interpreter(last),
      stages: [
        { name: 'trace', title: 'Run once on symbolic tensors, every kernel recorded', graph },
        ...stages.map((stage) => ({
          name: stage.pass,
          title: titles.get(stage.pass) ?? stage.pass,
          graph: stage.graph,
        })),
      ],
    }
  }

  #reportOf(name: string, { stages, interpreter }: Part): CompiledReport {
    const { disabledPasses, backend } = this.options
    const { graph } = interpreter
    return {
      function: name,
      signature: this.signature,
      traceMs: 0,
      passesMs: 0,
      compileMs: 0,
      stages,
      passes: passes.map((pass) => ({
        name: pass.name,
        title: pass.title,
        isEnabled: pass.name !== 'packStates' && !disabledPasses.includes(pass.name),
      })),
      backend,
      isTraining: graph.states.some(({ output }) => output !== null),
      peakValues: peakValues(graph),
    }
  }
}

function named<K, V>(values: Iterable<readonly [K, V]>, wanted: K): V {
  for (const [key, value] of values) if (key === wanted) return value
  throw new Error(`internal: a graph has no ${String(wanted)}`)
}
