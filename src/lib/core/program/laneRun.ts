/** One run of a program: evaluates it, meets it at every batch boundary, and reports what happens. */
import { setCurrentRun, StoppedError, type CurrentRun, type Figures } from '../events/currentRun'
import { engineCounts } from '../eager/counters'
import { setLineSource } from '../eager/origin'
import { setUpdateObserver } from '../optim/updateObserver'
import type { Inspection } from '../session/inspect'
import { Session, setCurrentSession } from '../session/session'
import { isInstance } from '../util/describeValue'
import type { AsideOrigin } from './asideError'
import { BatchCount } from './batchCount'
import { CompiledSteps } from './compiledSteps'
import { EagerSteps } from './eagerSteps'
import { evaluate, LocatedError } from './evaluate'
import { exportModel } from './exportModel'
import type { Checkpoint } from './checkpoint'
import { Continuation } from './continuation'
import type { LaneRunOptions } from './laneRunOptions'
import { LearningRateChange } from './learningRateChange'
import { ModelRequests } from './modelRequests'
import { assertFinite, NonFiniteWatch } from './nonFinite'
import { Instruments } from './instruments'
import { Ledger } from './ledger'
import { assertMemory } from './memoryLimit'
import { programModules } from './modules'
import { Provocations } from './provocations'
import { ProgramExports } from './programExports'
import { RunEnding } from './runEnding'
import { nowhere, RunPacing } from './runPacing'
import { RunRecord } from './runRecord'
import { openRunScope } from './runScope'
import { StepClock } from './stepClock'
import { StepCount } from './stepCount'
import { UnfinishedCalls } from './unfinishedCalls'
import type { GivenFile, LoadedWeights } from './weightLoads'
import { StepViews, type InspectedGraph, type RecordedStep } from './stepViews'
import type { Classification, Execution, RetraceCause, RunLimit, TakenWeights } from './types'

export { InterruptedError } from './runEnding'

/** One run of one program. */
export class LaneRun implements CurrentRun {
  #session: Session | null = null
  readonly #steps: StepCount
  readonly #batches: BatchCount
  readonly #pacing: RunPacing
  readonly #clock: StepClock
  readonly #record: RunRecord
  readonly #eager: EagerSteps
  readonly #compiled: CompiledSteps
  readonly #continuation: Continuation
  readonly #ending: RunEnding
  readonly #instruments: Instruments
  readonly #requests: ModelRequests
  readonly #learningRate: LearningRateChange
  readonly #exports = new ProgramExports()
  readonly #watch = new NonFiniteWatch()
  readonly #views = new StepViews()
  readonly #provocations = new Provocations()
  readonly #unfinished = new UnfinishedCalls()
  readonly track: NonNullable<CurrentRun['track']> = (name, work) =>
    this.#unfinished.add(name, this.#record.line, work)

  constructor(private readonly options: LaneRunOptions) {
    const { step = 0, epoch = 0, batches = 0, trainedMs } = options.checkpoint ?? {}
    const steps = (this.#steps = new StepCount(step, () => this.#session?.queuedUpdates ?? 0))
    const clock = (this.#clock = new StepClock(options.now, engineCounts, trainedMs))
    const ledger = new Ledger(clock)
    const record = (this.#record = new RunRecord({
      ...{ ...options, epoch, steps, clock, ledger },
      watched: () => this.#watch.held(),
      signatures: () => this.#session?.signatures() ?? [],
    }))
    const parts = { ...options, steps, clock, ledger, record, exports: this.#exports, watch: this.#watch }
    const pacing = (this.#pacing = new RunPacing({ ...options, step }))
    const compiled = (this.#compiled = new CompiledSteps(parts, () => this.#stepLimit()))
    const warn = (message: string) => record.say(message, 'warn')
    const instruments = (this.#instruments = new Instruments({ ...parts, warn }))
    const usesGraphs = () => this.#session?.hasParts ?? false
    this.#eager = new EagerSteps({ ...parts, instruments, usesGraphs })
    this.#learningRate = new LearningRateChange(parts)
    this.#requests = new ModelRequests({ ...parts, instruments }, () => pacing.call())
    this.#batches = new BatchCount(batches)
    this.#continuation = new Continuation({ ...parts, batches: this.#batches, compiled })
    this.#ending = new RunEnding({ ...parts, pacing, compiled, continuation: this.#continuation })
  }

  get execution(): Execution {
    return this.options.execution
  }

  get lineText(): string {
    return this.options.program.split('\n')[this.#record.line - 1] ?? ''
  }

  /** The last copy of weights and slots on the host: the one it was interrupted at, if it was. */
  get checkpoint(): Checkpoint | undefined {
    return this.#continuation.interrupted ?? this.#instruments.checkpoint
  }

  /** How far the run may go from here: nowhere while it is paused. */
  get limit(): RunLimit {
    return this.#record.status === 'paused' ? nowhere : this.#pacing.limit
  }

  /** Records a fact about the run. */
  note(tag: string, value: string): void {
    this.#record.note(tag, value)
  }

  /**
   * Evaluates the program to its end. Never rejects: the outcome is the last status. Gives back the reason when
   * the run was interrupted by `stop(reason)`, so that it can go on elsewhere.
   */
  async run(): Promise<Error | null> {
    const scope = openRunScope()
    let reason: Error | null = null
    setCurrentRun(this)
    setUpdateObserver(this.#eager.observe)
    setLineSource(() => this.#record.line)
    try {
      await this.#evaluate()
      await this.#finish()
      return null
    } catch (error) {
      return (reason = await this.#fail(isInstance(error, LocatedError) ? error : new LocatedError(error)))
    } finally {
      await this.#requests.end(reason !== null)
      setLineSource(null)
      setUpdateObserver(null)
      setCurrentRun(null)
      setCurrentSession(null)
      // A backend that was lost would never answer.
      await this.#views.end(reason === null ? this.#session : null, this.#steps.step)
      this.#session?.dispose()
      this.#watch.dispose()
      this.#instruments.dispose()
      scope.close()
    }
  }

  pause(): void {
    const { status } = this.#record
    if (status === 'running' || status === 'preparing') this.#pacing.pause()
  }

  resume(limit: RunLimit): void {
    this.#pacing.resume(limit, this.#steps.step)
  }

  /**
   * Ends the program at its next batch boundary; `reason` is what the boundary throws. A run that is ending for
   * another reason is not interrupted.
   */
  stop(reason: Error = new StoppedError()): void {
    this.#ending.stop(reason)
  }

  /**
   * What the program threw beside its own course: in a promise that nobody awaited, or in a callback such as a timer's.
   * It is printed at once and ends the run at its next batch boundary, or at its end. A run that is ending, or was ended
   * by something else, has nothing to add.
   */
  throwAside(error: unknown, origin: AsideOrigin): void {
    this.#ending.throwAside(error, origin)
  }

  /** Settles with the kernels of the next training step; rejects where none follows. For eager runs. */
  recordStep(): Promise<RecordedStep> {
    return this.#views.recordStep()
  }

  /** Settles with what the nodes of a compiled graph give now; also after the end of the run. */
  inspect(inspected: InspectedGraph): Promise<Inspection> {
    const inspection = this.#views.inspect(inspected)
    this.#pacing.call()
    return inspection
  }

  /** Settles with what the model reads in 28 × 28 `pixels` now; also after the end of the run. */
  classify(pixels: Float32Array): Promise<Classification> {
    return this.#requests.classify(pixels)
  }

  /** Settles with a copy of the weights; also after the end of the run. */
  takeWeights(): Promise<TakenWeights> {
    return this.#requests.takeWeights()
  }

  /** Settles when the model has the weights of a safetensors file: before the next batch. Rejects with what is wrong with it. */
  loadWeights(file: GivenFile): Promise<LoadedWeights> {
    return this.#requests.loadWeights(file)
  }

  /** Counts for the update after step `fromStep`, or for the next one if that is past. */
  setLearningRate(learningRate: number, fromStep = 0): void {
    this.#learningRate.set(learningRate, fromStep)
    if (this.#record.status !== 'preparing') this.#learningRate.apply()
  }

  /** Gives the next training step a smaller batch, or one more argument if it is compiled. */
  provoke(cause: RetraceCause): void {
    const number = this.#provocations.ask(cause)
    if (number === null) return
    this.#session?.passNumber(number)
    this.#record.note('numberArgument', String(number))
  }

  batchRows(rows: number): number {
    const taken = this.#provocations.takeRows(rows)
    if (taken !== rows) this.#record.note('batchRows', String(taken))
    return taken
  }

  async batchBoundary(): Promise<boolean> {
    if (this.#isBehind()) return true
    assertMemory()
    await this.#session?.settle()
    if (await this.#isWithinBlock()) return false
    await this.#endBatch()
    this.#exports.find()
    const isAtStart = this.#batches.isAtStart
    this.#batches.add()
    if (isAtStart) await this.#begin()
    await this.#observe()
    await this.#serve()
    this.#record.reportIfDue()
    await this.#giveWay()
    await this.#ending.endIfStopped()
    this.#learningRate.apply()
    this.#steps.beginBatch()
    this.#views.beginBatch()
    this.#clock.resume()
    return false
  }

  log(figures: Figures): void {
    if (this.#batches.isRepeating) return
    // What is logged before the first step of a batch belongs to that step.
    this.#record.log(figures, this.#steps.queuedOfBatch)
    const { loss } = figures
    if (typeof loss === 'number') this.#assertFinite(loss, this.#steps.inProgress)
  }

  /** A program that catches the error is not told of the same losses again. */
  #assertFinite(loss: number, step: number): void {
    if (!Number.isFinite(loss)) this.#record.tellLosses()
    assertFinite(loss, step)
  }

  print(text: string, level: 'log' | 'warn' | 'error' = 'log'): void {
    this.#record.say(text, level)
  }

  #evaluate(): Promise<void> {
    const { program, host, port, session, now } = this.options
    this.#session = new Session({ ...session, observer: this.#compiled, now })
    setCurrentSession(this.#session)
    return evaluate({
      text: program,
      modules: programModules((lane) => port.requestInitialWeights(lane)),
      hooks: {
        onLine: (line) => {
          this.#record.enterLine(line)
          assertMemory()
        },
        onExports: (getters) => this.#exports.setGetters(getters),
        onLocate: (locate) => this.#ending.setLocate(locate),
      },
      host,
    })
  }

  /** Updates until the run wants control again. */
  #stepLimit(): number {
    return Math.min(this.#pacing.stepsLeft(this.#steps.step), this.#learningRate.stepsLeft())
  }

  /** Counts a batch that an earlier part of the run went through already. */
  #isBehind(): boolean {
    if (!this.#batches.isBehind) return false
    if (this.#pacing.stopReason) throw this.#pacing.stopReason
    this.#batches.add()
    return true
  }

  /** Between the steps of a block nothing happens, unless somebody waits for the lane: then the block ends here. */
  async #isWithinBlock(): Promise<boolean> {
    if (this.#steps.queued === 0) return false
    if (this.#pacing.isLimitReached(this.#steps.step) || this.#pacing.isStopped()) {
      await this.#session?.settle(true)
      return false
    }
    this.#steps.beginWithinBlock()
    this.#record.stamp(this.#steps.called)
    this.#batches.add()
    return true
  }

  /** Ends the record of a step, if there is one, and books what the steps since the boundary cost. */
  async #endBatch(): Promise<void> {
    const { cutAfter } = this.#views
    if (cutAfter !== null)
      this.print(`The tape shows the first ${cutAfter} kernels of this step, which has more.`, 'warn')
    const { step, isAfterUpdate } = this.#steps
    // Recording a step costs time that steps do not cost otherwise.
    if (this.#views.endBatch(step, isAfterUpdate, () => this.#exports.variableNames()))
      this.#steps.leaveOut(1)
    this.#clock.pause(this.#steps.timed)
    await this.#flushLog()
  }

  /** Records what was logged; waits for numbers that are being read, not for steps that are still queued. */
  async #flushLog(): Promise<void> {
    this.#record.stamp(this.#steps.step)
    if (!this.#session || this.#session.queuedSteps === 0) await this.#record.arrive()
    const bad = this.#record.recordLog()
    if (bad) this.#assertFinite(bad.loss, bad.step)
  }

  async #begin(): Promise<void> {
    this.#record.setStatus('running')
    await this.#continuation.begin()
    this.#pacing.setLimit(this.#pacing.limit, this.#steps.step)
    // Before the other lane hears of them.
    await this.#requests.loadGiven('initially')
    const { model } = this.#exports
    if (model) await this.#instruments.postInitialWeights(model)
  }

  async #observe(): Promise<void> {
    await this.#eager.recordGradientNorm()
    const { model, optimizer } = this.#exports
    const endedEpoch = this.#record.takeEndedEpoch()
    if (!model) return
    const { isAfterUpdate } = this.#steps
    await this.#instruments.atBoundary(model, optimizer, {
      ...this.#continuation.progress,
      endedEpoch,
      isAfterUpdate,
    })
  }

  /** What was asked for since the last batch. */
  async #serve(): Promise<void> {
    await this.#requests.loadGiven('later')
    await this.#views.serve(this.#session, this.#steps.step)
    await this.#requests.answer()
  }

  /** Rests at the limit; before it, lets messages in when that is due. */
  async #giveWay(): Promise<void> {
    if (!this.#pacing.isLimitReached(this.#steps.step)) {
      if (!this.#pacing.isYieldDue()) return
      await this.#pacing.yieldToHost()
      // A pause may have arrived meanwhile.
      if (!this.#pacing.isLimitReached(this.#steps.step)) return
    }
    await this.#waitForResume()
  }

  async #waitForResume(): Promise<void> {
    if (this.#pacing.isStopped()) return
    const { step } = this.#steps
    if (this.#exports.model) await this.#instruments.onPause(this.#exports.model, step)
    // Stop or resume may have come while weights and predictions were read.
    if (this.#pacing.isStopped() || !this.#pacing.isLimitReached(step)) return
    this.#record.report()
    this.#record.setStatus('paused')
    await this.#pacing.rest(() => this.#serve())
    if (!this.#pacing.isStopped()) this.#record.setStatus('running')
  }

  async #finish(): Promise<void> {
    this.#unfinished.assertNone()
    await this.#session?.settle(true)
    // What was rejected in the last moments is told in a turn of its own, which comes after one that was asked for before.
    await this.options.yieldToHost()
    await this.options.yieldToHost()
    this.#ending.throwSaidAside()
    await this.#endBatch()
    this.#exports.find()
    const { model } = this.#exports
    await this.#eager.recordGradientNorm()
    if (model) await this.#instruments.onPause(model, this.#steps.step)
    this.#record.report()
    if (model) await exportModel(model, this.options.exportExample, this.options.port)
    this.#record.setStatus('finished')
  }

  async #fail(located: LocatedError): Promise<Error | null> {
    this.#clock.pause(0)
    this.#record.stamp(this.#steps.step)
    this.#record.recordLog()
    this.#record.report()
    // What the program threw may be the first sign of a lost backend; its notice is a message away.
    await this.options.yieldToHost()
    return this.#ending.fail(located)
  }
}
