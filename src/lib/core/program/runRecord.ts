/** What a run tells: figures by step and time, what it prints, its status, and the reports that carry them to the page. */
import type { Figures } from '../events/currentRun'
import type { SignatureReport } from '../session/types'
import type { Ledger } from './ledger'
import { Recorder } from './recorder'
import { RunLog } from './runLog'
import type { StepClock } from './stepClock'
import type { StepCount } from './stepCount'
import type { ConsoleEntry, LaneError, RunPort, RunStatus } from './types'

const reportEveryMs = 100

/** How a run is recorded. */
export interface RecordOptions {
  /** Names the run in its events. */
  readonly run: string
  /** Epochs that an earlier part of the run ended. */
  readonly epoch: number
  readonly clock: StepClock
  readonly ledger: Ledger
  readonly port: Pick<RunPort, 'report' | 'status'>
  readonly steps: Pick<StepCount, 'step' | 'execution'>
  /** What instruments hold beside the program. */
  readonly watched: () => { readonly tensors: number; readonly bytes: number }
  readonly signatures: () => readonly SignatureReport[]
  /** Milliseconds from any origin. */
  readonly now: () => number
}

/** A loss that is not finite, and the step whose loss it is. */
export interface BadLoss {
  readonly loss: number
  readonly step: number
}

/** The record of one run. */
export class RunRecord {
  #status: RunStatus = 'preparing'
  #line = 0
  #epoch: number
  #endedEpoch: number | null = null
  #recordedMs: number
  #lastReportMs = 0
  readonly #log = new RunLog()
  readonly #recorder: Recorder

  constructor(private readonly options: RecordOptions) {
    this.#epoch = options.epoch
    this.#recorder = new Recorder(options.run)
    this.#recordedMs = options.clock.trainedMs
  }

  get status(): RunStatus {
    return this.#status
  }

  setStatus(status: RunStatus, error?: LaneError): void {
    this.#status = status
    this.options.port.status(status, { step: this.#step, epoch: this.#epoch }, error)
  }

  /** Epochs that have ended. */
  get epoch(): number {
    return this.#epoch
  }

  /** Adds figures of a step, or with null of the step that `stamp` will name. Throws ArgumentError. */
  log(figures: Figures, step: number | null): void {
    this.#log.add(figures, step)
  }

  /** The program was told of all losses so far that are not finite: it may have caught that. */
  tellLosses(): void {
    this.#log.tell()
  }

  /** What was logged without a step belongs to this one. */
  stamp(step: number): void {
    this.#log.stamp(step)
  }

  /** Settles when all logged numbers are there; rejects with why one cannot come. */
  arrive(): Promise<void> {
    return this.#log.arrive()
  }

  /** Records the figures that are there; gives the first loss that is not finite and was not told. Steps of a block share its time evenly. */
  recordLog(): BadLoss | undefined {
    const arrived = this.#log.takeArrived()
    const until = this.options.clock.trainedMs
    const share = (until - this.#recordedMs) / Math.max(1, arrived.length)
    for (const [index, { step, values }] of arrived.entries()) {
      this.#record(step, this.#recordedMs + share * (index + 1), values)
    }
    if (arrived.length > 0) this.#recordedMs = until
    const bad = arrived.find(
      ({ values: { loss, epoch }, isTold }) =>
        !isTold && epoch === undefined && loss !== undefined && !Number.isFinite(loss),
    )
    return bad && { loss: bad.values.loss ?? NaN, step: bad.step }
  }

  /** Records a value of `step` at the time trained until now. */
  scalar(tag: string, step: number, value: number): void {
    this.#recorder.scalar(tag, step, this.options.clock.trainedMs, value)
  }

  /** Records a fact about the run. */
  note(tag: string, value: string): void {
    this.#recorder.text(tag, this.#step, this.options.clock.trainedMs, value)
  }

  /** Prints a line from where the run is, and reports if that is due. */
  say(text: string, level: ConsoleEntry['level'] = 'log'): void {
    this.print({ level, text, step: this.#step, line: this.#line || undefined })
    this.reportIfDue()
  }

  /** Adds a line to the next report. */
  print(entry: ConsoleEntry): void {
    this.#recorder.print(entry)
  }

  /** The line of the program in progress; 0 before the first statement. */
  get line(): number {
    return this.#line
  }

  /** A line of the program begins. */
  enterLine(line: number): void {
    this.#line = line
    this.#recorder.line(line)
  }

  /** The epoch whose figures were recorded since the previous call; null for none. */
  takeEndedEpoch(): number | null {
    const ended = this.#endedEpoch
    this.#endedEpoch = null
    return ended
  }

  reportIfDue(): void {
    if (this.options.now() - this.#lastReportMs >= reportEveryMs) this.report()
  }

  /** Sends everything since the previous report. */
  report(): void {
    const { ledger, now, port, watched } = this.options
    const step = this.#step
    const signatures = this.options.signatures()
    this.#lastReportMs = now()
    const stepsPerSecond = ledger.takeWindow()
    if (stepsPerSecond !== null) this.scalar('stepsPerSecond', step, stepsPerSecond)
    port.report({
      step,
      epoch: this.#epoch,
      execution: this.options.steps.execution,
      line: this.#line,
      ...this.#recorder.take(),
      ledger: ledger.report(watched()),
      ...(signatures.length > 0 ? { signatures } : {}),
    })
  }

  get #step(): number {
    return this.options.steps.step
  }

  #record(step: number, wallTimeMs: number, { epoch, ...values }: Readonly<Record<string, number>>): void {
    if (epoch !== undefined) {
      this.#epoch = epoch
      this.#endedEpoch = epoch
      this.#recorder.scalar('epoch', step, wallTimeMs, epoch)
    }
    for (const [tag, value] of Object.entries(values)) {
      this.#recorder.scalar(epoch === undefined ? tag : `epoch/${tag}`, step, wallTimeMs, value)
    }
  }
}
