/** One run of a program: evaluates it, meets it at every batch boundary, and reports what happens. */
import { setCurrentRun, StoppedError, type CurrentRun } from '../events/currentRun'
import { engineCounts, memoryInUse } from '../eager/counters'
import { setUpdateObserver, type UpdateObserver } from '../optim/updateObserver'
import { ArgumentError } from '../util/errors'
import { evaluate, LocatedError, type ModuleHost } from './evaluate'
import { restoreCheckpoint, type Checkpoint } from './checkpoint'
import { explainLocated } from './laneError'
import { NonFiniteLossError, NonFiniteWatch } from './nonFinite'
import { Instruments } from './instruments'
import { programModules } from './modules'
import { Recorder } from './recorder'
import { openRunScope } from './runScope'
import { StepClock } from './stepClock'
import { asTrainedModel, asTrainedOptimizer, type TrainedModel, type TrainedOptimizer } from './trained'
import type { LaneError, LedgerReport, Probe, RunLimit, RunPort, RunStatus } from './types'

type StepCosts = Omit<LedgerReport, 'liveTensors' | 'liveBytes'>

const reportEveryMs = 100
const ledgerWindowMs = 250
const yieldEveryMs = 8

export interface LaneRunOptions {
  /** Program text, exactly as shown. */
  readonly program: string
  /** Names the run in its events. */
  readonly run: string
  readonly limit: RunLimit
  readonly probe: Probe
  /** Post weights at steps 1, 2, 4, 8 …, at ends of epochs (all up to 99, then round ones) and on pause. */
  readonly compareWeights: boolean
  /** Copy weights and slots to the host every few seconds, for a backend that can be lost. */
  readonly keepsCheckpoints: boolean
  /** Where to go on from after a backend was lost. */
  readonly checkpoint?: Checkpoint | undefined
  readonly host: ModuleHost
  readonly port: RunPort
  /** Milliseconds from any origin. */
  readonly now: () => number
  /** Lets waiting messages in. */
  readonly yieldToHost: () => Promise<void>
}

export class LaneRun implements CurrentRun {
  #step = 0
  #epoch = 0
  #line = 0
  #status: RunStatus = 'preparing'
  #limit: RunLimit
  #limitStart = { step: 0, ms: 0 }
  #resume: (() => void) | null = null
  #stopReason: Error | null = null
  #nextLearningRate: { learningRate: number; fromStep: number } | null = null
  #getters: Readonly<Record<string, () => unknown>> = {}
  #model: TrainedModel | null = null
  #optimizer: TrainedOptimizer | null = null
  #pendingLogs: Readonly<Record<string, number>>[] = []
  #stepAtBoundary = 0
  #boundaries = 0
  #boundariesSinceUpdate = 0
  #lastReportMs = 0
  #lastYieldMs = 0
  #endedEpoch: number | null = null
  #costs: StepCosts | null = null
  readonly #recorder: Recorder
  readonly #clock: StepClock
  readonly #instruments: Instruments
  readonly #watch = new NonFiniteWatch()

  constructor(private readonly options: LaneRunOptions) {
    this.#limit = options.limit
    this.#recorder = new Recorder(options.run)
    this.#clock = new StepClock(options.now, engineCounts, options.checkpoint?.trainedMs)
    this.#instruments = new Instruments({
      now: options.now,
      clock: this.#clock,
      port: options.port,
      probe: options.probe,
      compareWeights: options.compareWeights,
      keepsCheckpoints: options.keepsCheckpoints,
    })
  }

  /** The last copy of weights and slots on the host. */
  get checkpoint(): Checkpoint | undefined {
    return this.#instruments.checkpoint
  }

  /** How far the run may go from here: nowhere while it is paused. */
  get limit(): RunLimit {
    return this.#status === 'paused' ? { kind: 'steps', count: 0 } : this.#limit
  }

  /** Records a fact about the run. */
  note(tag: string, value: string): void {
    this.#recorder.text(tag, this.#step, this.#clock.trainedMs, value)
  }

  /**
   * Evaluates the program to its end. Never rejects: the outcome is the last status. Gives back the reason when
   * the run was interrupted by `stop(reason)`, so that it can go on elsewhere.
   */
  async run(): Promise<Error | null> {
    const { program, host } = this.options
    const scope = openRunScope()
    setCurrentRun(this)
    setUpdateObserver(this.#observeUpdate)
    try {
      await evaluate({
        text: program,
        modules: programModules((lane) => this.options.port.requestInitialWeights(lane)),
        hooks: { onLine: this.#onLine, onExports: (getters) => (this.#getters = getters) },
        host,
      })
      await this.#finish()
      return null
    } catch (error) {
      return await this.#fail(error instanceof LocatedError ? error : new LocatedError(error))
    } finally {
      setUpdateObserver(null)
      setCurrentRun(null)
      this.#watch.dispose()
      this.#instruments.dispose()
      scope.close()
    }
  }

  pause(): void {
    if (this.#status === 'running' || this.#status === 'preparing') this.#limit = { kind: 'steps', count: 0 }
  }

  resume(limit: RunLimit): void {
    this.#setLimit(limit)
    this.#resume?.()
  }

  /** Ends the program at its next batch boundary; `reason` is what the boundary throws. */
  stop(reason: Error = new StoppedError()): void {
    this.#stopReason = reason
    this.#resume?.()
  }

  /** Counts for the update after step `fromStep`, or for the next one if that is past. */
  setLearningRate(learningRate: number, fromStep = 0): void {
    this.#nextLearningRate = { learningRate, fromStep }
    if (this.#status !== 'preparing') this.#applyLearningRate()
  }

  #applyLearningRate(): void {
    const next = this.#nextLearningRate
    if (next === null || this.#step < next.fromStep) return
    this.#findExports()
    if (!this.#optimizer) return
    this.#nextLearningRate = null
    this.#optimizer.setLearningRate(next.learningRate)
    this.note('learningRate', String(next.learningRate))
    this.#report()
  }

  async batchBoundary(): Promise<void> {
    this.#clock.pause(this.#step - this.#stepAtBoundary)
    this.#flushLogs()
    this.#findExports()
    if (this.#boundaries++ === 0) await this.#begin()
    await this.#observe()
    this.#reportIfDue()
    if (this.#isLimitReached()) await this.#waitForResume()
    else await this.#yieldIfDue()
    if (this.#stopReason) throw this.#stopReason
    this.#applyLearningRate()
    this.#stepAtBoundary = this.#step
    this.#boundariesSinceUpdate++
    this.#clock.resume()
  }

  log(values: Readonly<Record<string, number>>): void {
    assertNumbers(values)
    this.#pendingLogs.push({ ...values })
    const { loss } = values
    if (loss === undefined || Number.isFinite(loss)) return
    const isUpdated = this.#boundariesSinceUpdate === 0
    throw new NonFiniteLossError(loss, isUpdated ? this.#step : this.#step + 1)
  }

  print(text: string, level: 'log' | 'warn' | 'error' = 'log'): void {
    this.#recorder.print({ level, text, step: this.#step, line: this.#line || undefined })
    this.#reportIfDue()
  }

  #onLine = (line: number): void => {
    this.#line = line
    this.#recorder.line(line)
  }

  /** Called by the optimizers with the gradients of an update, before they apply it. */
  #observeUpdate: UpdateObserver = (gradients) => {
    if (this.#boundariesSinceUpdate === 0) this.#flushLogs()
    this.#step++
    this.#boundariesSinceUpdate = 0
    this.#clock.instrument(() => this.#watch.keep(this.#model))
    this.#instruments.observeGradients(gradients, this.#step)
  }

  async #observe(): Promise<void> {
    await this.#recordGradientNorm()
    if (this.#model) {
      await this.#instruments.atBoundary(this.#model, this.#optimizer, {
        step: this.#step,
        endedEpoch: this.#endedEpoch,
      })
    }
    this.#endedEpoch = null
  }

  async #recordGradientNorm(): Promise<void> {
    const taken = await this.#instruments.takeGradientNorm()
    if (taken) this.#recorder.scalar('gradientNorm', taken.step, this.#clock.trainedMs, taken.norm)
  }

  async #begin(): Promise<void> {
    this.#setStatus('running')
    const { checkpoint } = this.options
    if (checkpoint && this.#model) {
      restoreCheckpoint(checkpoint, this.#model, this.#optimizer)
      this.#step = checkpoint.step
    }
    this.#setLimit(this.#limit)
    if (this.#model) await this.#instruments.postInitialWeights(this.#model)
  }

  #findExports(): void {
    this.#model ??= asTrainedModel(this.#exported('model'))
    this.#optimizer ??= asTrainedOptimizer(this.#exported('optimizer'))
  }

  /** An exported binding, or undefined while the program has not reached its declaration. */
  #exported(name: string): unknown {
    try {
      return this.#getters[name]?.()
    } catch (error) {
      if (error instanceof ReferenceError) return undefined
      throw error
    }
  }

  #scalar(tag: string, value: number): void {
    this.#recorder.scalar(tag, this.#step, this.#clock.trainedMs, value)
  }

  #flushLogs(): void {
    for (const { epoch, ...values } of this.#pendingLogs) {
      if (epoch !== undefined) {
        this.#epoch = epoch
        this.#endedEpoch = epoch
        this.#scalar('epoch', epoch)
      }
      for (const [tag, value] of Object.entries(values)) {
        this.#scalar(epoch === undefined ? tag : `epoch/${tag}`, value)
      }
    }
    this.#pendingLogs = []
  }

  #setLimit(limit: RunLimit): void {
    this.#limit = limit
    this.#limitStart = { step: this.#step, ms: this.options.now() }
  }

  #isLimitReached(): boolean {
    switch (this.#limit.kind) {
      case 'none':
        return false
      case 'steps':
        return this.#step - this.#limitStart.step >= this.#limit.count
      case 'duration':
        return this.options.now() - this.#limitStart.ms >= this.#limit.durationMs
    }
  }

  async #waitForResume(): Promise<void> {
    if (this.#stopReason) return
    if (this.#model) await this.#instruments.onPause(this.#model, this.#step)
    // Stop or resume may have come while weights and predictions were read.
    if (this.#isStopped() || !this.#isLimitReached()) return
    this.#report()
    this.#setStatus('paused')
    await new Promise<void>((resolve) => (this.#resume = resolve))
    this.#resume = null
    if (!this.#isStopped()) this.#setStatus('running')
  }

  /** Behind a method because a message sets the reason where the compiler does not see it. */
  #isStopped(): boolean {
    return this.#stopReason !== null
  }

  async #yieldIfDue(): Promise<void> {
    if (this.options.now() - this.#lastYieldMs < yieldEveryMs) return
    await this.options.yieldToHost()
    this.#lastYieldMs = this.options.now()
    // A pause may have arrived meanwhile.
    if (this.#isLimitReached()) await this.#waitForResume()
  }

  #reportIfDue(): void {
    if (this.options.now() - this.#lastReportMs >= reportEveryMs) this.#report()
  }

  #report(): void {
    this.#lastReportMs = this.options.now()
    const window = this.#takeWindow()
    if (window) this.#scalar('stepsPerSecond', 1000 / window.msPerStep)
    this.#costs = window ?? this.#costs
    this.options.port.report({
      step: this.#step,
      epoch: this.#epoch,
      line: this.#line,
      ...this.#recorder.take(),
      ledger: this.#costs ? { ...this.#costs, ...this.#memory() } : undefined,
    })
  }

  /** What steps cost, once there are enough of them to tell; the first few are told at once. */
  #takeWindow(): StepCosts | null {
    if (this.#costs && this.#clock.untakenMs < ledgerWindowMs) return null
    const { trainMs, instrumentMs, kernels, hostReads, steps } = this.#clock.take()
    if (steps === 0 || trainMs === 0) return null
    return {
      kernelsPerStep: kernels / steps,
      hostReadsPerStep: hostReads / steps,
      msPerStep: trainMs / steps,
      instrumentMsPerStep: instrumentMs / steps,
      steps,
    }
  }

  /** What the program holds now, without what we remember beside it. */
  #memory(): Omit<LedgerReport, keyof StepCosts> {
    const { tensors, bytes } = memoryInUse()
    const watched = this.#watch.held()
    return { liveTensors: tensors - watched.tensors, liveBytes: bytes - watched.bytes }
  }

  #setStatus(status: RunStatus, error?: LaneError): void {
    this.#status = status
    this.options.port.status(status, { step: this.#step, epoch: this.#epoch }, error)
  }

  async #finish(): Promise<void> {
    this.#clock.pause(this.#step - this.#stepAtBoundary)
    this.#flushLogs()
    this.#findExports()
    await this.#recordGradientNorm()
    if (this.#model) await this.#instruments.onPause(this.#model, this.#step)
    this.#report()
    this.#setStatus('finished')
  }

  async #fail(located: LocatedError): Promise<Error | null> {
    this.#clock.pause(0)
    this.#flushLogs()
    this.#report()
    // What the program threw may be the first sign of a lost backend; its notice is a message away.
    await this.options.yieldToHost()
    if (this.#stopReason && !(this.#stopReason instanceof StoppedError)) return this.#stopReason
    if (located.error instanceof StoppedError || this.#stopReason) this.#setStatus('stopped')
    else this.#setStatus('failed', explainLocated(await this.#diagnosed(located), this.#line))
    return null
  }

  async #diagnosed(located: LocatedError): Promise<LocatedError> {
    if (!(located.error instanceof NonFiniteLossError)) return located
    return new LocatedError(await this.#watch.explain(located.error), located.line)
  }
}

function assertNumbers(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number') continue
    const isPending = typeof value === 'object' && value !== null && 'then' in value
    throw new ArgumentError(
      isPending
        ? `log: expected a number for ${name}, got a value that is still being read back. Write await before it.`
        : `log: expected a number for ${name}, got ${typeof value}. Call await tensor.item() for its number.`,
    )
  }
}
