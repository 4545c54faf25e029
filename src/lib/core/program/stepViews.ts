/** Looks at single steps more closely when asked: the kernels of an eager one, the values in a compiled one. */
import { withoutCountingAsync } from '../eager/counters'
import { KernelLog, type StepLog } from '../eager/kernelLog'
import { StoppedError } from '../events/currentRun'
import { inspectGraph, type Inspection, type StepSnapshot } from '../session/inspect'
import type { Session } from '../session/session'
import type { GraphStage } from '../session/types'
import { ArgumentError } from '../util/errors'

/** One step as it ran, kernel by kernel. */
export interface RecordedStep extends StepLog {
  /** Updates made with it. */
  readonly step: number
  readonly variableNames: VariableNames
}

/** What the model calls its variables, by their names in graphs and logs. */
export type VariableNames = Readonly<Record<string, string>>

/** Which graph to run node by node: a stage of a signature of a function. */
export interface InspectedGraph {
  readonly function: string
  readonly signature: string
  readonly graph: GraphStage['graph']
}

interface Asked<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/** The views of single steps of one run. */
export class StepViews {
  #log: KernelLog | null = null
  #tapeAsked: Asked<RecordedStep>[] = []
  #inspections: (Asked<Inspection> & { readonly inspected: InspectedGraph })[] = []
  /** What is left of the session after its end. */
  #kept: readonly StepSnapshot[] | null = null

  /** Settles with the log of the next training step; rejects with StoppedError where none follows. */
  recordStep(): Promise<RecordedStep> {
    return new Promise((resolve, reject) => {
      if (this.#kept) reject(new StoppedError())
      else this.#tapeAsked.push({ resolve, reject })
    })
  }

  /** Settles with what the nodes of a graph give for its last arguments and the weights as they are now. */
  inspect(inspected: InspectedGraph): Promise<Inspection> {
    if (this.#kept) return inspectFrom(this.#kept, inspected)
    return new Promise((resolve, reject) => this.#inspections.push({ inspected, resolve, reject }))
  }

  /** Called when a batch begins. */
  beginBatch(): void {
    if (this.#tapeAsked.length > 0) this.#log = new KernelLog()
  }

  /** After how many kernels the record of the batch in progress is full; null if it is not. */
  get cutAfter(): number | null {
    return this.#log?.isFull ? this.#log.size : null
  }

  /** Called when it is over, before anything else runs. Gives whether it was recorded and made an update. */
  endBatch(step: number, madeUpdate: boolean, names: () => VariableNames): boolean {
    const log = this.#log?.close()
    this.#log = null
    if (!log || !madeUpdate) return false
    for (const { resolve } of this.#tapeAsked.splice(0)) resolve({ ...log, step, variableNames: names() })
    return true
  }

  /** Runs the inspections that wait; between batches only. */
  async serve(session: Session | null, step: number): Promise<void> {
    while (this.#inspections.length > 0) await this.#serve(await snapshotsOf(session, step))
  }

  /** The run is over: from now on one looks into what `session` holds at its end; null where it holds nothing. */
  async end(session: Session | null, step: number): Promise<void> {
    this.#log?.close()
    this.#log = null
    for (const { reject } of this.#tapeAsked.splice(0)) reject(new StoppedError())
    this.#kept = await snapshotsOf(session, step)
    await this.#serve(this.#kept)
  }

  async #serve(snapshots: readonly StepSnapshot[]): Promise<void> {
    for (const { inspected, resolve, reject } of this.#inspections.splice(0)) {
      await inspectFrom(snapshots, inspected).then(resolve, reject)
    }
  }
}

/** None where state cannot be had any more. */
async function snapshotsOf(session: Session | null, step: number): Promise<readonly StepSnapshot[]> {
  if (!session) return []
  return withoutCountingAsync(() => session.snapshots(step)).catch(() => [])
}

function inspectFrom(
  snapshots: readonly StepSnapshot[],
  { function: name, signature, graph }: InspectedGraph,
): Promise<Inspection> {
  const snapshot = snapshots.findLast((one) => one.function === name && one.signature === signature)
  if (snapshot) return withoutCountingAsync(() => inspectGraph(graph, snapshot))
  return Promise.reject(
    new ArgumentError(
      `${name}: expected a step to look into, got none: this graph has not run yet. Train a step first.`,
    ),
  )
}
