/** The steps of a session that were called and have not run yet, grouped as they may run together. */
import type { CompiledGraph, StepInputs } from './compiledGraph'
import type { PendingStep } from './pendingStep'

/** A call that waits to be run. */
export interface QueuedStep {
  readonly inputs: StepInputs
  readonly pending: PendingStep
}

/** Calls of one graph, one after another. */
export interface StepGroup {
  readonly graph: CompiledGraph
  /** How many of them one call of the runtime may take. */
  readonly stepsPerExecution: number
  readonly steps: readonly QueuedStep[]
}

type Group = StepGroup & { readonly steps: QueuedStep[] }

/** Steps that wait to run together. */
export class StepQueue {
  #groups: Group[] = []
  #length = 0
  #updates = 0

  get length(): number {
    return this.#length
  }

  /** Updates of optimizers that the steps will make. */
  get updates(): number {
    return this.#updates
  }

  /** The calls that come next; null when nothing waits. */
  get first(): StepGroup | null {
    return this.#groups[0] ?? null
  }

  /** What waits, in order. */
  get graphs(): readonly CompiledGraph[] {
    return this.#groups.map(({ graph }) => graph)
  }

  /** Whether calls of another graph wait behind the first group, which then grows no more. */
  get isFirstComplete(): boolean {
    return this.#groups.length > 1
  }

  add(graph: CompiledGraph, stepsPerExecution: number, step: QueuedStep): void {
    const last = this.#groups.at(-1)
    if (last?.graph === graph && last.stepsPerExecution === stepsPerExecution) last.steps.push(step)
    else this.#groups.push({ graph, stepsPerExecution, steps: [step] })
    this.#count(graph, 1)
  }

  /** Takes the first steps of the first group. */
  take(count: number): readonly QueuedStep[] {
    const [group] = this.#groups
    if (!group) return []
    const taken = group.steps.splice(0, count)
    if (group.steps.length === 0) this.#groups.shift()
    this.#count(group.graph, -taken.length)
    return taken
  }

  /** Forgets everything; gives what waited. */
  clear(): readonly QueuedStep[] {
    const waiting = this.#groups.flatMap(({ steps }) => steps)
    this.#groups = []
    this.#length = 0
    this.#updates = 0
    return waiting
  }

  #count(graph: CompiledGraph, steps: number): void {
    this.#length += steps
    this.#updates += steps * graph.updates
  }
}
