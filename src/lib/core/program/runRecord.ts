/** What a run records: figures by step and time, what it prints, and the reports that carry them to the page. */
import type { Figures } from '../events/currentRun'
import type { SignatureReport } from '../session/types'
import type { Ledger } from './ledger'
import { Recorder } from './recorder'
import { RunLog } from './runLog'
import type { StepClock } from './stepClock'
import type { ConsoleEntry, RunPort } from './types'

const reportEveryMs = 100

/** How a run is recorded. */
export interface RecordOptions {
  /** Names the run in its events. */
  readonly run: string
  /** Epochs that an earlier part of the run ended. */
  readonly epoch: number
  readonly clock: StepClock
  readonly ledger: Ledger
  readonly port: Pick<RunPort, 'report'>
  /** Milliseconds from any origin. */
  readonly now: () => number
}

/** Where a run is when it reports, and what it holds then. */
export interface ReportedMoment {
  readonly step: number
  readonly line: number
  /** What instruments hold beside the program. */
  readonly watched: { readonly tensors: number; readonly bytes: number }
  readonly signatures: readonly SignatureReport[]
}

/** A loss that is not finite, and the step whose loss it is. */
export interface BadLoss {
  readonly loss: number
  readonly step: number
}

/** The record of one run. */
export class RunRecord {
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

  /** Epochs that have ended. */
  get epoch(): number {
    return this.#epoch
  }

  /** Adds figures of a step, or with null of the step that `stamp` will name. Throws ArgumentError. */
  log(figures: Figures, step: number | null): void {
    this.#log.add(figures, step)
  }

  /** What was logged without a step belongs to this one. */
  stamp(step: number): void {
    this.#log.stamp(step)
  }

  /** Settles when all logged numbers are there; rejects with why one cannot come. */
  arrive(): Promise<void> {
    return this.#log.arrive()
  }

  /** Records the figures that are there; gives the first loss that is not finite. Steps of a block share its time evenly. */
  recordLog(): BadLoss | undefined {
    const arrived = this.#log.takeArrived()
    const until = this.options.clock.trainedMs
    const share = (until - this.#recordedMs) / Math.max(1, arrived.length)
    for (const [index, { step, values }] of arrived.entries()) {
      this.#record(step, this.#recordedMs + share * (index + 1), values)
    }
    if (arrived.length > 0) this.#recordedMs = until
    const bad = arrived.find(
      ({ values: { loss, epoch } }) => epoch === undefined && loss !== undefined && !Number.isFinite(loss),
    )
    return bad && { loss: bad.values.loss ?? NaN, step: bad.step }
  }

  /** Records a value of `step` at the time trained until now. */
  scalar(tag: string, step: number, value: number): void {
    this.#recorder.scalar(tag, step, this.options.clock.trainedMs, value)
  }

  /** Records a fact about the run. */
  text(tag: string, step: number, value: string): void {
    this.#recorder.text(tag, step, this.options.clock.trainedMs, value)
  }

  print(entry: ConsoleEntry): void {
    this.#recorder.print(entry)
  }

  line(line: number): void {
    this.#recorder.line(line)
  }

  /** The epoch whose figures were recorded since the previous call; null for none. */
  takeEndedEpoch(): number | null {
    const ended = this.#endedEpoch
    this.#endedEpoch = null
    return ended
  }

  isReportDue(): boolean {
    return this.options.now() - this.#lastReportMs >= reportEveryMs
  }

  /** Sends everything since the previous report. */
  report({ step, line, watched, signatures }: ReportedMoment): void {
    const { ledger, now, port } = this.options
    this.#lastReportMs = now()
    const stepsPerSecond = ledger.takeWindow()
    if (stepsPerSecond !== null) this.scalar('stepsPerSecond', step, stepsPerSecond)
    port.report({
      step,
      epoch: this.#epoch,
      line,
      ...this.#recorder.take(),
      ledger: ledger.report(watched),
      ...(signatures.length > 0 ? { signatures } : {}),
    })
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
