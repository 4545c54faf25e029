/** What one run of a lane has shown so far. Made for each run, so that nothing of an earlier one is left in it. */
import type { Execution, LaneSettings } from '$lib/core/spec/schema'
import type {
  BackendMeasurement,
  BackendName,
  LaneError,
  LaneMessage,
  LedgerReport,
  Prediction,
  RunReport,
  StartOptions,
} from '$lib/workers/protocol'
import { LaneConsole } from './laneConsole.svelte'
import { LaneGraphs } from './laneGraphs.svelte'
import { LaneRecord } from './laneRecord.svelte'

/** What of a lane can change while it runs. */
export type LaneSwitch = Partial<Pick<LaneSettings, 'execution' | 'backend' | 'stepsPerExecution'>>

/** A change that a running lane could not take: it went back to what it did before. */
export interface Refusal {
  /** The settings that were asked for; none where it was another model. */
  readonly asked: LaneSwitch
  readonly error: LaneError
}

/** What was started: the text and how it is executed. */
type RunIdentity = Pick<StartOptions, 'program' | 'execution'>

/** What a run has shown. */
export class RunView {
  readonly record = new LaneRecord()
  readonly graphs = new LaneGraphs()
  readonly console = new LaneConsole()
  #started = $state.raw<RunIdentity | null>(null)
  #step = $state(0)
  #epoch = $state(0)
  #line = $state(0)
  #ran = $state<Execution | null>(null)
  #recentLines = $state.raw<readonly number[]>([])
  #backend = $state<BackendName | null>(null)
  #backendReason = $state<string | null>(null)
  #ledger = $state.raw<LedgerReport | null>(null)
  /** What `auto` found, on this lane or on the aligned other one. */
  measurements = $state.raw<readonly BackendMeasurement[]>([])
  /** The change that it could not take, and why. */
  refusal = $state.raw<Refusal | null>(null)
  /** What the model answers to the probe. */
  prediction = $state.raw<Prediction | null>(null)
  /** The trained model as an ONNX file, when the run was asked for one and has ended. */
  modelFile = $state.raw<Uint8Array | null>(null)

  /** The text that is running; null before it was started. */
  get program() {
    return this.#started?.program ?? null
  }
  /** How its steps run: what they did, and before the first what it was started for; null before it was started. */
  get execution(): Execution | null {
    return this.#ran ?? this.#started?.execution ?? null
  }
  get step() {
    return this.#step
  }
  get epoch() {
    return this.#epoch
  }
  get line() {
    return this.#line
  }
  get recentLines() {
    return this.#recentLines
  }
  get backend() {
    return this.#backend
  }
  /** Why it is not the backend that was asked for; null where it is. */
  get backendReason() {
    return this.#backendReason
  }
  /** What the steps of this part of the run cost. */
  get ledger() {
    return this.#ledger
  }
  get stepsPerSecond(): number | null {
    return this.record.latest['stepsPerSecond'] ?? null
  }

  /** The run, or its next part, has this program and execution. */
  begin({ program, execution }: RunIdentity): void {
    this.#started = { program, execution }
    this.#ran = null
  }

  /** Another part of the run begins: of the one that ended at step `untilStep` only signatures are kept. */
  beginPart(untilStep: number): void {
    this.graphs.beginPart(untilStep)
    this.#ledger = null
  }

  /** The run stands at this place. */
  moveTo({ step, epoch }: Pick<RunReport, 'step' | 'epoch'>): void {
    this.#step = step
    this.#epoch = epoch
  }

  add(report: RunReport): void {
    this.moveTo(report)
    this.#line = report.line
    this.#ran = report.execution
    // A loop reports the same lines over and over; the pane need not hear of it.
    if (String(this.#recentLines) !== String(report.lines)) this.#recentLines = report.lines
    if (report.ledger) this.#ledger = report.ledger
    if (report.signatures) this.graphs.setSignatures(report.signatures)
    this.console.add(report)
    this.record.add(report)
  }

  /** Notes the backend in use. */
  setBackend({
    backend,
    reason,
  }: Pick<Extract<LaneMessage, { type: 'backend' }>, 'backend' | 'reason'>): void {
    this.#backend = backend
    this.#backendReason = reason ?? null
  }

  /** Something that the page has to say of the run. */
  warn(text: string): void {
    this.console.add({ console: [{ level: 'warn', text, step: this.#step }], droppedConsole: 0 })
  }
}
