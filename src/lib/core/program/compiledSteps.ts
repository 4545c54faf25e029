/** What a run hears of its compiled functions: graphs that were made, and the blocks of steps that ran. */
import type { BlockReport, CompiledReport, SessionObserver } from '../session/types'
import { at, last } from '../util/at'
import { retraceText } from '../util/retrace'
import type { Ledger } from './ledger'
import type { ProgramExports } from './programExports'
import type { RunRecord } from './runRecord'
import type { StepClock } from './stepClock'
import type { StepCount } from './stepCount'
import type { RunPort } from './types'

const observeEveryMs = 250

/** Where the reports go. */
interface CompiledStepsOptions {
  readonly steps: StepCount
  readonly record: RunRecord
  readonly clock: StepClock
  readonly ledger: Ledger
  readonly exports: ProgramExports
  readonly port: Pick<RunPort, 'compiled'>
  /** Milliseconds from any origin. */
  readonly now: () => number
}

/** Counts, times and records the compiled steps of one run. */
export class CompiledSteps implements SessionObserver {
  #nextObservationMs = 0
  #failedTrace: string | undefined
  #saysTraces = false

  constructor(
    private readonly options: CompiledStepsOptions,
    /** Updates until the run wants control again. */
    readonly stepLimit: () => number,
  ) {}

  /** The function whose trace failed last. */
  get failedTrace(): string | undefined {
    return this.#failedTrace
  }

  /** From now on every trace is printed: the model is not the one that was traced before. */
  sayTraces(): void {
    this.#saysTraces = true
  }

  wantsObservation(): boolean {
    if (this.options.now() < this.#nextObservationMs) return false
    this.#nextObservationMs = this.options.now() + observeEveryMs
    return true
  }

  compiled(report: CompiledReport): void {
    const { clock, ledger, port, exports, record } = this.options
    const { traceMs, passesMs, compileMs, stages, signature } = report
    clock.addBuild(traceMs + passesMs + compileMs)
    ledger.addBuild(report)
    port.compiled({ ...report, variableNames: exports.variableNames() })
    const nodes = stages.map(({ graph }) => graph.nodes.length)
    const text = `${report.function}(${signature}): ${at(nodes, 0)} nodes traced, ${last(nodes)} after the passes`
    record.note('trace', text)
    if (report.retrace) record.note('retrace', retraceText(report.function, report.retrace))
    if (this.#saysTraces) record.say(`Traced for the changed model: ${text}.`)
  }

  traceFailed(functionName: string): void {
    this.#failedTrace = functionName
  }

  ran(block: BlockReport): void {
    if (block.updates === 0) return
    const { steps, ledger, clock, record } = this.options
    steps.add(block.updates, 'static')
    if (!block.observed) {
      ledger.addBlock(block)
      return
    }
    steps.leaveOut(block.updates)
    clock.addInstrument(block.dispatchMs + block.computeMs)
    for (const [tag, value] of Object.entries(block.observed)) record.scalar(tag, steps.step, value)
  }

  warn(message: string): void {
    this.options.record.say(message, 'warn')
  }
}
