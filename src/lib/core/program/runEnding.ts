/** How a run ends: it is stopped, fails, diverges, or is interrupted to go on elsewhere. */
import { StoppedError } from '../events/currentRun'
import { isInstance } from '../util/describeValue'
import { AsideError, type AsideOrigin } from './asideError'
import type { CompiledSteps } from './compiledSteps'
import type { Continuation } from './continuation'
import { LocatedError, type Locate } from './evaluate'
import { explainLocated } from './laneError'
import { NonFiniteLossError, type NonFiniteWatch } from './nonFinite'
import type { RunPacing } from './runPacing'
import type { RunRecord } from './runRecord'
import type { StepCount } from './stepCount'
import type { LaneError } from './types'

/** Thrown through a program that is to go on elsewhere. */
export class InterruptedError extends Error {
  override name = 'InterruptedError'
}

/** What the end of a run is decided by and told to. */
interface EndingOptions {
  readonly pacing: RunPacing
  readonly record: RunRecord
  readonly steps: StepCount
  readonly watch: NonFiniteWatch
  readonly continuation: Continuation
  readonly compiled: Pick<CompiledSteps, 'failedTrace'>
}

/** Decides whether and how one run ends. */
export class RunEnding {
  /** Knows the program's lines, once there is a program. */
  #locate: Locate = (error) => new LocatedError(error)
  /** Something was thrown beside the program's course. */
  #saidAside = false

  constructor(private readonly options: EndingOptions) {}

  /** From now on errors are found in the program by `locate`. */
  setLocate(locate: Locate): void {
    this.#locate = locate
  }

  /** The next boundary throws `reason`. A run that is ending for another reason is not interrupted. */
  stop(reason: Error): void {
    const { pacing } = this.options
    if (reason instanceof InterruptedError && pacing.isStopped()) return
    pacing.stop(reason)
  }

  /** Prints at once what was thrown beside the program's course, and ends the run with it if it is not over. */
  throwAside(error: unknown, origin: AsideOrigin): void {
    const { pacing, record, steps } = this.options
    if (pacing.isStopped() || record.status === 'failed' || record.status === 'stopped') return
    const located = this.#locate(error)
    const { name, message } = explainLocated(located, 0)
    const { line } = located
    const said = new AsideError(origin, `${name}: ${message}`)
    record.print({ level: 'error', text: said.message, step: steps.step, line })
    if (record.status !== 'finished') pacing.stop(new LocatedError(said, line))
    // After the end nothing else would tell of the first one; a flood is told as often as reports are due.
    else if (!this.#saidAside) record.report()
    this.#saidAside = true
    record.reportIfDue()
  }

  /** At a boundary: throws why the program is to end. One that is to go on elsewhere first finishes a validation, whose figures would be lost. */
  async endIfStopped(): Promise<void> {
    const { pacing, steps, continuation } = this.options
    const reason = pacing.stopReason
    if (!reason) return
    if (reason instanceof InterruptedError) {
      if (steps.isValidating) return
      await continuation.interrupt()
    }
    throw reason
  }

  /** After the program's last statement: throws what was thrown beside it. */
  throwSaidAside(): void {
    const { stopReason } = this.options.pacing
    if (stopReason instanceof LocatedError) throw stopReason
  }

  /** Tells how the program ended that threw this; returns the reason if it is to go on elsewhere. */
  async fail(located: LocatedError): Promise<Error | null> {
    const { pacing, record } = this.options
    const { stopReason } = pacing
    if (stopReason && isReason(stopReason, located.error)) return stopReason
    if (isInstance(located.error, StoppedError) || stopReason instanceof StoppedError)
      record.setStatus('stopped')
    else record.setStatus('failed', await this.#explain(located))
    return null
  }

  async #explain(located: LocatedError): Promise<LaneError> {
    const { record, compiled } = this.options
    const error = explainLocated(await this.#diagnosed(located), record.line)
    const tracing = compiled.failedTrace
    return tracing === undefined ? error : { ...error, tracing }
  }

  async #diagnosed(located: LocatedError): Promise<LocatedError> {
    const { error, line } = located
    return isInstance(error, NonFiniteLossError)
      ? new LocatedError(await this.options.watch.explain(error), line)
      : located
  }
}

/** Whether the run is to go on elsewhere: an error of the program itself is told also when it is interrupted. */
function isReason(reason: Error, thrown: unknown): boolean {
  if (reason instanceof InterruptedError) return thrown === reason
  if (reason instanceof LocatedError) return false
  // What the program throws on a lost backend can be anything.
  return !(reason instanceof StoppedError)
}
