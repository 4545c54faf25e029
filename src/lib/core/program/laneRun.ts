/** One run of a program: evaluates it, meets it at every batch boundary, and reports what happens. */
import { at, last } from '../util/at'
import { setCurrentRun, StoppedError, type CurrentRun, type Figures } from '../events/currentRun'
import { engineCounts, withoutCountingAsync } from '../eager/counters'
import { setLineSource } from '../eager/origin'
import { exportInference, type ExportedExample } from '../export/index'
import { setUpdateObserver, type UpdateObserver } from '../optim/updateObserver'
import type { Inspection } from '../session/inspect'
import { Session, setCurrentSession } from '../session/session'
import type { BlockReport, CompiledReport, SessionObserver, SessionSettings } from '../session/types'
import { isInstance } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { retraceText } from '../util/retrace'
import { AsideError, type AsideOrigin } from './asideError'
import { BatchCount } from './batchCount'
import { evaluate, LocatedError, type Locate, type ModuleHost } from './evaluate'
import { classify, digitShape } from './classify'
import { restoreCheckpoint, takeCheckpoint, type Checkpoint, type Progress } from './checkpoint'
import { describeFit, isChanged } from './fitWeights'
import { explainLocated } from './laneError'
import { LearningRateChange } from './learningRateChange'
import { NonFiniteLossError, NonFiniteWatch } from './nonFinite'
import { betweenBatches, Instruments } from './instruments'
import { Ledger } from './ledger'
import { assertMemory } from './memoryLimit'
import { programModules } from './modules'
import { Provocations } from './provocations'
import { ProgramExports } from './programExports'
import { keepModel, ModelQuestions, noModel, notKept, type AskedModel } from './questions'
import { nowhere, RunPacing } from './runPacing'
import { RunRecord } from './runRecord'
import { openRunScope } from './runScope'
import { StepClock } from './stepClock'
import { checkFile, WeightLoads, type GivenFile, type LoadedWeights } from './weightLoads'
import { StepViews, type InspectedGraph, type RecordedStep } from './stepViews'
import type { TrainedModel } from './trained'
import type {
  Classification,
  Execution,
  LaneError,
  Probe,
  RetraceCause,
  RunLimit,
  RunPort,
  RunStatus,
  TakenWeights,
} from './types'

const observeEveryMs = 250
/** A program that makes no update for so long is not in a validation. */
const mostValidationBatches = 1000

/** Thrown through a program that is to go on elsewhere. */
export class InterruptedError extends Error {
  override name = 'InterruptedError'
}

/** What a run is made of. */
export interface LaneRunOptions {
  /** Program text, exactly as shown. */
  readonly program: string
  /** Names the run in its events. */
  readonly run: string
  readonly execution: Execution
  /** Where compiled functions run. */
  readonly session: SessionSettings
  readonly limit: RunLimit
  readonly probe: Probe
  /** Post weights at steps 1, 2, 4, 8 …, at ends of epochs (all up to 99, then round ones) and on pause. */
  readonly compareWeights: boolean
  /** Copy weights and slots to the host every few seconds, for a backend that can be lost. */
  readonly keepsCheckpoints: boolean
  /** One example: the model is then exported as an ONNX file when it is trained. */
  readonly exportExample?: ExportedExample | undefined
  /** Where to go on from: after a backend was lost, or when the execution was changed. */
  readonly checkpoint?: Checkpoint | undefined
  readonly host: ModuleHost
  readonly port: RunPort
  /** Milliseconds from any origin. */
  readonly now: () => number
  /** Lets waiting messages in. */
  readonly yieldToHost: () => Promise<void>
}

/** One run of one program. */
export class LaneRun implements CurrentRun, SessionObserver {
  #step: number
  #line = 0
  #status: RunStatus = 'preparing'
  #stepAtBoundary = 0
  #calledAtBoundary = 0
  /** Steps since the boundary that were run for an instrument: they say nothing of what steps cost. */
  #observedSteps = 0
  #boundariesSinceUpdate = 0
  #nextObservationMs = 0
  #session: Session | null = null
  #interrupted: Checkpoint | null = null
  readonly #batches: BatchCount
  readonly #learningRate = new LearningRateChange()
  readonly #pacing: RunPacing
  readonly #record: RunRecord
  readonly #ledger: Ledger
  readonly #clock: StepClock
  readonly #instruments: Instruments
  readonly #exports = new ProgramExports()
  readonly #watch = new NonFiniteWatch()
  readonly #views = new StepViews()
  readonly #questions = new ModelQuestions((run) => betweenBatches(this.#clock, run))
  readonly #provocations = new Provocations()
  readonly #weightLoads = new WeightLoads()
  #failedTrace: string | undefined
  /** Knows the program's lines, once there is a program. */
  #locate: Locate = (error) => new LocatedError(error)
  /** Something was thrown beside the program's course. */
  #saidAside = false
  /** The checkpoint was of another model: what goes on is traced again. */
  #isModelChanged = false

  constructor(private readonly options: LaneRunOptions) {
    const { run, now, port, limit, yieldToHost } = options
    const { step = 0, epoch = 0, trainedMs } = options.checkpoint ?? {}
    this.#step = step
    this.#batches = new BatchCount(options.checkpoint?.batches ?? 0)
    this.#pacing = new RunPacing({ limit, step, now, yieldToHost })
    this.#clock = new StepClock(now, engineCounts, trainedMs)
    this.#ledger = new Ledger(this.#clock)
    this.#record = new RunRecord({ run, epoch, now, port, clock: this.#clock, ledger: this.#ledger })
    this.#instruments = new Instruments({
      now: options.now,
      clock: this.#clock,
      port: options.port,
      probe: options.probe,
      compareWeights: options.compareWeights,
      keepsCheckpoints: options.keepsCheckpoints,
      warn: (message) => this.warn(message),
    })
  }

  get execution(): Execution {
    return this.options.execution
  }

  get lineText(): string {
    return this.options.program.split('\n')[this.#line - 1] ?? ''
  }

  /** The last copy of weights and slots on the host: the one it was interrupted at, if it was. */
  get checkpoint(): Checkpoint | undefined {
    return this.#interrupted ?? this.#instruments.checkpoint
  }

  /** How far the run may go from here: nowhere while it is paused. */
  get limit(): RunLimit {
    return this.#status === 'paused' ? nowhere : this.#pacing.limit
  }

  /** Records a fact about the run. */
  note(tag: string, value: string): void {
    this.#record.text(tag, this.#step, value)
  }

  /**
   * Evaluates the program to its end. Never rejects: the outcome is the last status. Gives back the reason when
   * the run was interrupted by `stop(reason)`, so that it can go on elsewhere.
   */
  async run(): Promise<Error | null> {
    const { program, host } = this.options
    const scope = openRunScope()
    let reason: Error | null = null
    setCurrentRun(this)
    setUpdateObserver(this.#observeUpdate)
    setLineSource(() => this.#line)
    try {
      this.#session = new Session({ ...this.options.session, observer: this, now: this.options.now })
      setCurrentSession(this.#session)
      await evaluate({
        text: program,
        modules: programModules((lane) => this.options.port.requestInitialWeights(lane)),
        hooks: {
          onLine: this.#onLine,
          onExports: (getters) => this.#exports.setGetters(getters),
          onLocate: (locate) => (this.#locate = locate),
        },
        host,
      })
      await this.#finish()
      return null
    } catch (error) {
      return (reason = await this.#fail(isInstance(error, LocatedError) ? error : new LocatedError(error)))
    } finally {
      await this.#keepModel(reason)
      setLineSource(null)
      setUpdateObserver(null)
      setCurrentRun(null)
      setCurrentSession(null)
      // A backend that was lost would never answer.
      await this.#views.end(reason === null ? this.#session : null, this.#step)
      this.#session?.dispose()
      this.#watch.dispose()
      this.#instruments.dispose()
      scope.close()
    }
  }

  pause(): void {
    if (this.#status === 'running' || this.#status === 'preparing') this.#pacing.pause()
  }

  resume(limit: RunLimit): void {
    this.#pacing.resume(limit, this.#step)
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
    const { probe } = this.options
    if (probe.kind !== 'digits') {
      return Promise.reject(
        new ArgumentError('classify: expected a run on digits, got one on other data. Run on digits.'),
      )
    }
    return this.#ask(async (model) => ({ ...(await classify(model, pixels, probe)), step: this.#step }))
  }

  /** Settles with a copy of the weights; also after the end of the run. */
  takeWeights(): Promise<TakenWeights> {
    return this.#ask(async (model) => ({ weights: await model.weights(), step: this.#step }))
  }

  /** Settles when the model has the weights of a safetensors file: before the next batch. Rejects with what is wrong with it. */
  loadWeights(file: GivenFile): Promise<LoadedWeights> {
    if (this.#weightLoads.isOver)
      return this.#ask(async (model) => ({ ...(await checkFile(file, model)), step: this.#step }))
    const loaded = this.#weightLoads.ask(file)
    this.#pacing.call()
    return loaded
  }

  #ask<T>(question: (model: AskedModel) => Promise<T>): Promise<T> {
    const answer = this.#questions.ask(question)
    this.#pacing.call()
    return answer
  }

  /** What was asked for since the last batch. */
  async #serve(): Promise<void> {
    await this.#loadGiven('later')
    await this.#views.serve(this.#session, this.#step)
    await this.#questions.serve(this.#exports.model)
  }

  /** Puts weights of files into the model; what is on screen follows where the lane rests. */
  async #loadGiven(when: 'initially' | 'later'): Promise<void> {
    const { model } = this.#exports
    if (model === null || !this.#weightLoads.areWaiting) return
    const said = await betweenBatches(this.#clock, () =>
      this.#weightLoads.serve(model, { step: this.#step, when }),
    )
    for (const text of said) {
      this.note('weights', text)
      this.print(text)
    }
    if (said.length === 0) return
    await this.#instruments.onReplacedWeights(model, this.#step)
    this.#report()
  }

  /** Of a run that is over for good one can still ask what its model does. */
  async #keepModel(reason: Error | null): Promise<void> {
    this.#weightLoads.end()
    try {
      await this.#questions.end(reason === null ? await this.#keptModel() : noModel('interrupted'))
    } catch (error) {
      // The run is still to be cleaned up.
      await this.#questions.end(notKept(error))
    }
  }

  /** Rather why there is none, than nothing: it is what the page tells. */
  async #keptModel(): Promise<AskedModel | Error> {
    const { model } = this.#exports
    const { probe } = this.options
    if (model === null)
      return noModel(this.#status === 'finished' || this.#status === 'stopped' ? this.#status : 'failed')
    const exampleShape = probe.kind === 'digits' ? digitShape(probe) : null
    return withoutCountingAsync(() => keepModel(model, exampleShape)).catch(notKept)
  }

  /**
   * Ends the program at its next batch boundary; `reason` is what the boundary throws. A run that is ending for
   * another reason is not interrupted.
   */
  stop(reason: Error = new StoppedError()): void {
    if (reason instanceof InterruptedError && this.#pacing.isStopped()) return
    this.#pacing.stop(reason)
  }

  /**
   * What the program threw beside its own course: in a promise that nobody awaited, or in a callback such as a timer's.
   * It is printed at once and ends the run at its next batch boundary, or at its end. A run that is ending, or was ended
   * by something else, has nothing to add.
   */
  throwAside(error: unknown, origin: AsideOrigin): void {
    if (this.#pacing.isStopped() || this.#status === 'failed' || this.#status === 'stopped') return
    const located = this.#locate(error)
    const { name, message } = explainLocated(located, 0)
    const { line } = located
    const said = new AsideError(origin, `${name}: ${message}`)
    this.#record.print({ level: 'error', text: said.message, step: this.#step, line })
    if (this.#status !== 'finished') this.#pacing.stop(new LocatedError(said, line))
    // After the end nothing else would tell of the first one; a flood is told as often as reports are due.
    else if (!this.#saidAside) this.#report()
    this.#saidAside = true
    this.#reportIfDue()
  }

  /** Counts for the update after step `fromStep`, or for the next one if that is past. */
  setLearningRate(learningRate: number, fromStep = 0): void {
    this.#learningRate.set(learningRate, fromStep)
    if (this.#status !== 'preparing') this.#applyLearningRate()
  }

  /** Gives the next training step a smaller batch, or one more argument if it is compiled. */
  provoke(cause: RetraceCause): void {
    const number = this.#provocations.ask(cause)
    if (number === null) return
    this.#session?.passNumber(number)
    this.note('numberArgument', String(number))
  }

  batchRows(rows: number): number {
    const taken = this.#provocations.takeRows(rows)
    if (taken !== rows) this.note('batchRows', String(taken))
    return taken
  }

  #applyLearningRate(): void {
    const learningRate = this.#learningRate.dueAfter(this.#step)
    if (learningRate === null) return
    this.#exports.find()
    if (!this.#exports.optimizer) return
    this.#learningRate.clear()
    this.#exports.optimizer.setLearningRate(learningRate)
    this.note('learningRate', String(learningRate))
    this.#report()
  }

  async batchBoundary(): Promise<boolean> {
    if (this.#isBehind()) return true
    assertMemory()
    await this.#session?.settle()
    // Between the steps of a block nothing happens, unless somebody waits for the lane.
    if (this.#queuedSteps > 0) {
      if (!this.#pacing.isLimitReached(this.#step) && !this.#pacing.isStopped()) {
        this.#calledAtBoundary = this.#calledSteps
        this.#record.stamp(this.#calledSteps)
        this.#batches.add()
        return false
      }
      await this.#session?.settle(true)
    }
    // Recording a step costs time that steps do not cost otherwise.
    if (this.#endBatch()) this.#observedSteps++
    this.#clock.pause(this.#step - this.#stepAtBoundary - this.#observedSteps)
    await this.#flushLog()
    this.#exports.find()
    const isAtStart = this.#batches.isAtStart
    this.#batches.add()
    if (isAtStart) await this.#begin()
    await this.#observe()
    await this.#serve()
    this.#reportIfDue()
    if (this.#pacing.isLimitReached(this.#step)) await this.#waitForResume()
    else if (this.#pacing.isYieldDue()) await this.#yield()
    if (this.#pacing.stopReason) await this.#end(this.#pacing.stopReason)
    this.#applyLearningRate()
    this.#stepAtBoundary = this.#step
    this.#calledAtBoundary = this.#calledSteps
    this.#observedSteps = 0
    this.#boundariesSinceUpdate++
    this.#views.beginBatch()
    this.#clock.resume()
    return false
  }

  log(figures: Figures): void {
    if (this.#batches.isRepeating) return
    // What is logged before the first step of a batch belongs to that step.
    const isCalled = this.#queuedSteps > 0 && this.#calledSteps > this.#calledAtBoundary
    this.#record.log(figures, isCalled ? this.#calledSteps : null)
    const { loss } = figures
    if (typeof loss === 'number')
      this.#assertFinite(loss, this.#step + (this.#boundariesSinceUpdate === 0 ? 0 : 1))
  }

  #assertFinite(loss: number, step: number): void {
    if (!Number.isFinite(loss)) throw new NonFiniteLossError(loss, step)
  }

  get #queuedSteps(): number {
    return this.#session?.queuedUpdates ?? 0
  }

  /** Updates that were made or are queued. */
  get #calledSteps(): number {
    return this.#step + this.#queuedSteps
  }

  /** Counts a batch that an earlier part of the run went through already. */
  #isBehind(): boolean {
    if (!this.#batches.isBehind) return false
    if (this.#pacing.stopReason) throw this.#pacing.stopReason
    this.#batches.add()
    return true
  }

  /** Ends the program; one that is to go on elsewhere first finishes a validation, whose figures would be lost. */
  async #end(reason: Error): Promise<void> {
    if (reason instanceof InterruptedError) {
      const isValidating =
        this.#boundariesSinceUpdate > 0 && this.#step > (this.options.checkpoint?.step ?? 0)
      if (isValidating && this.#boundariesSinceUpdate < mostValidationBatches) return
      await this.#keepInterruption()
    }
    throw reason
  }

  async #keepInterruption(): Promise<void> {
    const { model, optimizer } = this.#exports
    if (model) this.#interrupted = await takeCheckpoint(this.#progress(), model, optimizer)
  }

  /** Ends the record of a step; gives whether there was one. */
  #endBatch(): boolean {
    const { cutAfter } = this.#views
    if (cutAfter !== null)
      this.print(`The tape shows the first ${cutAfter} kernels of this step, which has more.`, 'warn')
    return this.#views.endBatch(this.#step, this.#boundariesSinceUpdate === 0, () =>
      this.#exports.variableNames(),
    )
  }

  #progress(): Progress {
    const { trainedMs } = this.#clock
    // The batch whose boundary this is has not begun.
    return { step: this.#step, epoch: this.#record.epoch, batches: this.#batches.begun - 1, trainedMs }
  }

  stepLimit(): number {
    return Math.min(this.#pacing.stepsLeft(this.#step), this.#learningRate.stepsLeft(this.#step))
  }

  wantsObservation(): boolean {
    if (this.options.now() < this.#nextObservationMs) return false
    this.#nextObservationMs = this.options.now() + observeEveryMs
    return true
  }

  compiled(report: CompiledReport): void {
    const { traceMs, passesMs, compileMs, stages, signature } = report
    this.#clock.addBuild(traceMs + passesMs + compileMs)
    this.#ledger.addBuild(report)
    this.options.port.compiled({ ...report, variableNames: this.#exports.variableNames() })
    const nodes = stages.map(({ graph }) => graph.nodes.length)
    const text = `${report.function}(${signature}): ${at(nodes, 0)} nodes traced, ${last(nodes)} after the passes`
    this.note('trace', text)
    if (report.retrace) this.note('retrace', retraceText(report.function, report.retrace))
    if (this.#isModelChanged) this.print(`Traced for the changed model: ${text}.`)
  }

  traceFailed(functionName: string): void {
    this.#failedTrace = functionName
  }

  ran(block: BlockReport): void {
    if (block.updates === 0) return
    this.#step += block.updates
    this.#boundariesSinceUpdate = 0
    if (!block.observed) {
      this.#ledger.addBlock(block)
      return
    }
    this.#observedSteps += block.updates
    this.#clock.addInstrument(block.dispatchMs + block.computeMs)
    for (const [tag, value] of Object.entries(block.observed)) this.#record.scalar(tag, this.#step, value)
  }

  warn(message: string): void {
    this.print(message, 'warn')
  }

  print(text: string, level: 'log' | 'warn' | 'error' = 'log'): void {
    this.#record.print({ level, text, step: this.#step, line: this.#line || undefined })
    this.#reportIfDue()
  }

  #onLine = (line: number): void => {
    this.#line = line
    this.#record.line(line)
    assertMemory()
  }

  /** Called by the optimizers with the gradients of an update, before they apply it. */
  #observeUpdate: UpdateObserver = (gradients) => {
    if (this.#boundariesSinceUpdate === 0) this.#record.stamp(this.#step)
    this.#ledger.observeMemory(this.#watch.heldTensors)
    this.#step++
    this.#boundariesSinceUpdate = 0
    this.#clock.instrument(() => this.#watch.keep(this.#exports.model))
    this.#instruments.observeGradients(gradients, this.#step)
  }

  async #observe(): Promise<void> {
    await this.#recordGradientNorm()
    const { model, optimizer } = this.#exports
    const endedEpoch = this.#record.takeEndedEpoch()
    if (!model) return
    await this.#instruments.atBoundary(model, optimizer, {
      ...this.#progress(),
      endedEpoch,
      isAfterUpdate: this.#boundariesSinceUpdate === 0,
    })
  }

  async #recordGradientNorm(): Promise<void> {
    const taken = await this.#instruments.takeGradientNorm()
    if (taken) this.#record.scalar('gradientNorm', taken.step, taken.norm)
  }

  async #begin(): Promise<void> {
    this.#setStatus('running')
    const { checkpoint } = this.options
    const { model } = this.#exports
    if (checkpoint && model) {
      this.#step = checkpoint.step
      await this.#restore(checkpoint, model)
    }
    this.#pacing.setLimit(this.#pacing.limit, this.#step)
    // Before the other lane hears of them.
    await this.#loadGiven('initially')
    if (model) await this.#instruments.postInitialWeights(model)
  }

  async #restore(checkpoint: Checkpoint, model: TrainedModel): Promise<void> {
    const fit = await restoreCheckpoint(checkpoint, model, this.#exports.optimizer)
    this.#isModelChanged = isChanged(fit)
    if (!this.#isModelChanged) return
    this.note('model', describeFit(fit))
    this.print(describeFit(fit))
  }

  /** Records what was logged; waits for numbers that are being read, not for steps that are still queued. */
  async #flushLog(): Promise<void> {
    this.#record.stamp(this.#step)
    if (!this.#session || this.#session.queuedSteps === 0) await this.#record.arrive()
    const bad = this.#record.recordLog()
    if (bad) this.#assertFinite(bad.loss, bad.step)
  }

  async #waitForResume(): Promise<void> {
    if (this.#pacing.isStopped()) return
    if (this.#exports.model) await this.#instruments.onPause(this.#exports.model, this.#step)
    // Stop or resume may have come while weights and predictions were read.
    if (this.#pacing.isStopped() || !this.#pacing.isLimitReached(this.#step)) return
    this.#report()
    this.#setStatus('paused')
    await this.#pacing.rest(() => this.#serve())
    if (!this.#pacing.isStopped()) this.#setStatus('running')
  }

  async #yield(): Promise<void> {
    await this.#pacing.yieldToHost()
    // A pause may have arrived meanwhile.
    if (this.#pacing.isLimitReached(this.#step)) await this.#waitForResume()
  }

  #reportIfDue(): void {
    if (this.#record.isReportDue()) this.#report()
  }

  #report(): void {
    this.#record.report({
      step: this.#step,
      line: this.#line,
      watched: this.#watch.held(),
      signatures: this.#session?.signatures() ?? [],
    })
  }

  #setStatus(status: RunStatus, error?: LaneError): void {
    this.#status = status
    this.options.port.status(status, { step: this.#step, epoch: this.#record.epoch }, error)
  }

  async #finish(): Promise<void> {
    await this.#session?.settle(true)
    // What was rejected in the last moments is told in a turn of its own, which comes after one that was asked for before.
    await this.options.yieldToHost()
    await this.options.yieldToHost()
    if (this.#pacing.stopReason instanceof LocatedError) throw this.#pacing.stopReason
    this.#endBatch()
    this.#clock.pause(this.#step - this.#stepAtBoundary - this.#observedSteps)
    await this.#flushLog()
    this.#exports.find()
    const { model } = this.#exports
    await this.#recordGradientNorm()
    if (model) await this.#instruments.onPause(model, this.#step)
    this.#report()
    if (model) await this.#exportModel(model)
    this.#setStatus('finished')
  }

  async #exportModel(model: TrainedModel): Promise<void> {
    const { exportExample: example, port } = this.options
    if (!example || !port.modelFile) return
    const weights = model.variables()
    const { bytes } = await exportInference({ name: 'model', example, forward: model.forward, weights })
    port.modelFile(bytes)
  }

  async #fail(located: LocatedError): Promise<Error | null> {
    this.#clock.pause(0)
    this.#record.stamp(this.#step)
    this.#record.recordLog()
    this.#report()
    // What the program threw may be the first sign of a lost backend; its notice is a message away.
    await this.options.yieldToHost()
    const { stopReason } = this.#pacing
    if (stopReason && this.#isReason(stopReason, located.error)) return stopReason
    if (isInstance(located.error, StoppedError) || stopReason instanceof StoppedError)
      this.#setStatus('stopped')
    else {
      const error = explainLocated(await this.#diagnosed(located), this.#line)
      this.#setStatus(
        'failed',
        this.#failedTrace === undefined ? error : { ...error, tracing: this.#failedTrace },
      )
    }
    return null
  }

  /** Whether the run is to go on elsewhere: an error of the program itself is told also when it is interrupted. */
  #isReason(reason: Error, thrown: unknown): boolean {
    if (reason instanceof InterruptedError) return thrown === reason
    if (reason instanceof LocatedError) return false
    // What the program throws on a lost backend can be anything.
    return !(reason instanceof StoppedError)
  }

  async #diagnosed(located: LocatedError): Promise<LocatedError> {
    const { error, line } = located
    return isInstance(error, NonFiniteLossError)
      ? new LocatedError(await this.#watch.explain(error), line)
      : located
  }
}
