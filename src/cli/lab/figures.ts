/** What a run of the lab tells in numbers: its events as they come, and its summary at the end. */
import type { RunReport } from '../../lib/core/program/types'
import type { CompiledReport } from '../../lib/core/session/types'

/** One line of `events.jsonl`. */
export interface LabEvent {
  readonly step: number
  /** `loss` for the mean loss of a batch before its update, `epoch/…` for figures of an epoch. */
  readonly tag: string
  /** Null where it is not finite. */
  readonly value: number | null
}

/** What a run came to. */
export interface Summary {
  /** Updates that were made. */
  readonly steps: number
  /** Of the last batch. */
  readonly loss: number | null
  /** Of the last epoch that ended. */
  readonly metrics: Readonly<Record<string, number | null>>
  /** Mean over the run, without what built graphs; null for runs too short to tell. */
  readonly microsecondsPerStep: number | null
  /** Of all graphs: recording and making them smaller. Null in eager execution, as the next two. */
  readonly traceMs: number | null
  /** Milliseconds that the runtime took to load all graphs. */
  readonly compileMs: number | null
  /** Of the graph of the training step. */
  readonly nodes: number | null
}

interface Window {
  readonly steps: number
  readonly ms: number
}

const epochPrefix = 'epoch/'

/** Collects the latest loss and metrics of a run. */
export class RunFigures {
  #loss: number | null = null
  #metrics: { readonly step: number; readonly values: Record<string, number | null> } | null = null
  #build: { traceMs: number; compileMs: number } | null = null
  #nodes: number | null = null
  readonly #windows: Window[] = []

  /** Loss of the last batch so far. */
  get loss(): number | null {
    return this.#loss
  }

  /** Takes what a report tells; gives its events in the order of their steps. */
  add({ scalars, ledger }: RunReport): readonly LabEvent[] {
    const events = scalars
      .filter(({ tag }) => tag === 'loss' || tag.startsWith(epochPrefix))
      .flatMap(({ tag, steps, values }) =>
        Array.from(steps, (step, index) => eventOf(step, tag, values[index])),
      )
      .sort((a, b) => a.step - b.step || Number(b.tag === 'loss') - Number(a.tag === 'loss'))
    for (const event of events) this.#keep(event)
    // The ledger repeats a window until the next one; its speed is told once.
    if (ledger && scalars.some(({ tag }) => tag === 'stepsPerSecond')) {
      this.#windows.push({ steps: ledger.steps, ms: ledger.steps * ledger.msPerStep })
    }
    return events
  }

  addCompiled({ traceMs, passesMs, compileMs, stages, isTraining }: CompiledReport): void {
    const build = this.#build ?? { traceMs: 0, compileMs: 0 }
    this.#build = { traceMs: build.traceMs + traceMs + passesMs, compileMs: build.compileMs + compileMs }
    if (isTraining) this.#nodes ??= stages.at(-1)?.graph.nodes.length ?? null
  }

  summary(steps: number): Summary {
    return {
      steps,
      loss: this.#loss,
      metrics: this.#metrics?.values ?? {},
      microsecondsPerStep: this.#microsecondsPerStep(),
      traceMs: this.#build && rounded(this.#build.traceMs),
      compileMs: this.#build && rounded(this.#build.compileMs),
      nodes: this.#nodes,
    }
  }

  #keep({ step, tag, value }: LabEvent): void {
    if (tag === 'loss') {
      this.#loss = value
      return
    }
    if (this.#metrics?.step !== step) this.#metrics = { step, values: {} }
    this.#metrics.values[tag.slice(epochPrefix.length)] = value
  }

  /** The first window warms the engine up: it counts only where there is no other. */
  #microsecondsPerStep(): number | null {
    const windows = this.#windows.length > 1 ? this.#windows.slice(1) : this.#windows
    const steps = windows.reduce((sum, window) => sum + window.steps, 0)
    const ms = windows.reduce((sum, window) => sum + window.ms, 0)
    return steps === 0 ? null : rounded((1000 * ms) / steps)
  }
}

function eventOf(step: number, tag: string, value = NaN): LabEvent {
  return { step, tag, value: Number.isFinite(value) ? value : null }
}

/** To three decimals: clocks tell no more. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
