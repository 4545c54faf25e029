/** What the page knows of one lane: its worker's messages, turned into state. Decides nothing about the other lane. */
import { handle, type Handlers } from '$lib/core/util/handlers'
import { LaneClient } from '$lib/workers/laneClient'
import type {
  BackendMeasurement,
  BackendName,
  CsvSource,
  DigitSamples,
  Execution,
  LaneAssets,
  LaneCommand,
  LaneError,
  LaneId,
  LaneMessage,
  ModelWeights,
  RetraceCause,
  RunLimit,
  RunReport,
  RunStatus,
  StartOptions,
} from '$lib/workers/protocol'
import { isActive, phaseOf, type LanePhase, type LaneStatus, type Progress } from './lanePhase'
import { LaneQuestions, type WithoutRun } from './laneQuestions'
import { Measuring } from './measuring'
import { PartChange, type Interruption } from './partChange'
import { RunView } from './runView.svelte'

/** Messages that concern more than this lane. */
export interface LaneEvents {
  onStatus(lane: Lane, status: RunStatus): void
  onInitialWeights(lane: Lane, weights: ModelWeights): void
  onNeedInitialWeights(lane: Lane, of: LaneId): void
  /** The run begins again from its weights at `step`, on the lane's backend instead of the one it lost. */
  onBackendLost(lane: Lane, lost: BackendName | null, step: number): void
  onLosses(lane: Lane, steps: Float64Array, values: Float64Array): void
}

type CommandToRun = WithoutRun<Exclude<LaneCommand, { type: 'load' }>>
type MessageOf<Type extends LaneMessage['type']> = Extract<LaneMessage, { type: Type }>

/** One lane of the page: its program, worker and run. */
export class Lane {
  #phase = $state.raw<LanePhase>(phaseOf('idle'))
  #isWaitingForTurn = $state(false)
  readonly #status: LaneStatus = $derived(
    this.#isWaitingForTurn && this.#phase.status === 'paused' ? 'running' : this.#phase.status,
  )
  readonly #isActive: boolean = $derived(isActive(this.#phase))
  #run = $state.raw(new RunView())
  /** Of the data, so they stay when the run is forgotten. */
  #digitSamples = $state.raw<DigitSamples | null>(null)
  #runId = 0
  #limit: RunLimit = { kind: 'none' }
  /** What the run in progress was started with. */
  #options: Omit<StartOptions, 'run'> | null = null
  /** The rate that was chosen while it ran. */
  #learningRate: { readonly learningRate: number; readonly fromStep: number } | null = null
  readonly #partChange = new PartChange()
  readonly #measuring = new Measuring((error) => {
    this.#client.end()
    this.fail(error)
  })
  readonly questions = new LaneQuestions((question) => {
    this.#client.send({ ...question, runId: this.#runId })
    return this.#client.hasWorker
  })
  readonly #client: LaneClient
  readonly #handlers: Handlers<LaneMessage> = {
    ...this.questions.handlers,
    idle: () => this.#endPreparation(),
    broken: ({ message }) => this.#break(message),
    progress: (progress) => {
      this.#setProgress(progress)
      this.#measuring.hear()
    },
    measured: ({ measurements }) => {
      this.#setProgress(null)
      this.#measuring.settle(measurements)
    },
    status: (message) => this.#setStatus(message),
    report: ({ report }) => this.#add(report),
    compiled: ({ report }) => this.#run.graphs.addCompiled(report),
    tape: ({ recorded }) => this.#run.graphs.setTape(recorded),
    interrupted: ({ checkpoint, limit }) => {
      this.#phase = phaseOf('preparing')
      this.#partChange.settle({ checkpoint, limit })
    },
    lost: (message) => this.#goOnElsewhere(message),
    prediction: ({ prediction }) => (this.#run.prediction = prediction),
    digitSamples: ({ samples }) => (this.#digitSamples = samples),
    modelFile: ({ bytes }) => (this.#run.modelFile = bytes),
    initialWeights: ({ weights }) => this.events.onInitialWeights(this, weights),
    needInitialWeights: ({ of }) => this.events.onNeedInitialWeights(this, of),
    backend: (message) => this.#setBackend(message),
  }

  constructor(
    readonly id: LaneId,
    assets: LaneAssets,
    openMeterPort: () => MessagePort,
    private readonly generatedProgram: () => string,
    private readonly events: LaneEvents,
  ) {
    this.#client = new LaneClient(assets, openMeterPort, (message) => this.#receive(message))
  }

  /** In take-turns a lane that waits for the other one still counts as running. */
  get status() {
    return this.#status
  }
  /** True while the worker holds a run that can go on. */
  get isActive() {
    return this.#isActive
  }
  get progress(): Progress | null {
    return isActive(this.#phase) ? this.#phase.progress : null
  }
  /** Why it failed; null while it has not. */
  get error(): LaneError | null {
    return this.#phase.status === 'failed' ? this.#phase.error : null
  }
  /** What the run has shown; another object from the next run on. */
  get run() {
    return this.#run
  }
  /** How far the run was last told to go. */
  get limit(): RunLimit {
    return this.#limit
  }
  /** The text that is running, else the one that would run. */
  get program() {
    return this.#run.program ?? this.generatedProgram()
  }
  get digitSamples() {
    return this.#digitSamples
  }
  /** All events of the run as parts of JSON Lines. */
  eventLines(): Iterable<string> {
    return this.#run.record.eventLines(this.#runName)
  }

  /** Trains a few steps of `program` on each backend. */
  measure(
    program: string,
    execution: Execution,
    backends: readonly BackendName[],
    csv?: CsvSource,
  ): Promise<readonly BackendMeasurement[]> {
    this.#beginRun()
    this.#phase = phaseOf('preparing')
    const measured = this.#measuring.begin()
    this.#send({ type: 'measure', program, execution, backends, csv })
    return measured
  }

  prepare(): void {
    this.clear()
    this.#phase = phaseOf('preparing')
  }

  start(options: Omit<StartOptions, 'run'>): void {
    this.#beginRun()
    this.#phase = phaseOf('preparing')
    this.#options = options
    this.#learningRate = null
    this.#limit = options.limit
    this.#run.begin(options)
    this.#send({ type: 'start', run: this.#runName, ...options })
  }

  /** Ends the run at its next step and gives where it stood; null for one that ends by itself before that. */
  interrupt(): Promise<Interruption | null> {
    const interruption = this.#partChange.awaitInterruption()
    this.#send({ type: 'interrupt' })
    return interruption
  }

  /** Goes on from where an earlier part of the run was interrupted: what it showed stays. */
  goOn(options: Omit<StartOptions, 'run'>): void {
    this.#run.beginPart(this.#run.step)
    this.start({ ...options, limit: this.#partChange.end(options.limit) })
  }

  /** Another part of the run follows the one that failed. */
  prepareToGoOn(): void {
    this.#partChange.begin()
    this.#phase = phaseOf('preparing')
  }

  resume(limit: RunLimit): void {
    this.#isWaitingForTurn = false
    this.#limit = limit
    if (!this.#partChange.keepLimit(limit)) this.#send({ type: 'resume', limit })
  }

  pause(): void {
    this.#isWaitingForTurn = false
    this.#limit = { kind: 'steps', count: 0 }
    if (!this.#partChange.keepLimit(this.#limit)) this.#send({ type: 'pause' })
  }

  waitForTurn(): void {
    this.#isWaitingForTurn = true
  }

  /** Ends the run, with its worker when the program does not yield. */
  stop(): void {
    this.#measuring.giveUp()
    if (!this.isActive) return
    this.#isWaitingForTurn = false
    this.#partChange.giveUp()
    const runId = this.#runId
    this.#client.stop(runId, () => {
      if (runId !== this.#runId) return
      this.questions.giveUp()
      this.#run.warn('The program did not reach a batch boundary within a second; its worker was restarted.')
      this.#end('stopped')
    })
  }

  /** Fails the lane without a run, e.g. when no backend can be used. */
  fail(error: LaneError): void {
    this.#end('failed', error)
  }

  /** The next training step gets a smaller batch, or a number as one more argument. */
  provoke(cause: RetraceCause): void {
    if (this.isActive) this.#send({ type: 'provoke', cause })
  }

  /** A new rate for the updates after step `fromStep`. */
  setLearningRate(learningRate: number, fromStep: number): void {
    if (!this.isActive) return
    this.#learningRate = { learningRate, fromStep }
    this.#send({ type: 'setLearningRate', learningRate, fromStep })
  }

  /** Records the next eager training step; the run's graphs have its tape then. */
  recordTape(): void {
    if (this.isActive) this.#send({ type: 'recordTape' })
  }

  giveInitialWeights(weights: Extract<LaneCommand, { type: 'initialWeights' }>['weights']): void {
    this.#send({ type: 'initialWeights', weights })
  }

  /** Forgets the run: the lane is as before it. */
  clear(): void {
    this.#client.end()
    this.#measuring.giveUp()
    this.#partChange.giveUp()
    this.#beginRun()
    this.#phase = phaseOf('idle')
    this.#isWaitingForTurn = false
    this.#run = new RunView()
  }

  dispose(): void {
    this.questions.giveUp()
    this.#client.dispose()
  }

  get #runName(): string {
    return `${this.id}-${this.#runId}`
  }

  #send(command: CommandToRun): void {
    this.#client.send({ ...command, runId: this.#runId })
  }

  #receive(message: LaneMessage): void {
    if ('runId' in message && message.runId !== this.#runId) return
    handle(this.#handlers, message)
  }

  /** Messages of the run before it are not listened to any more. */
  #beginRun(): void {
    this.#runId++
    this.questions.giveUp()
  }

  /** Ends the lane where the run itself does not say so. */
  #end(status: 'failed' | 'stopped', error?: LaneError): void {
    this.#phase = phaseOf(status, error)
    this.events.onStatus(this, status)
  }

  /** A lane that is stopped before its run began hears nothing else of it. */
  #endPreparation(): void {
    if (this.isActive) this.#end('stopped')
  }

  #break(reason: string): void {
    this.#measuring.giveUp()
    this.#partChange.giveUp()
    this.questions.giveUp()
    this.fail({
      name: 'WorkerError',
      message: `${reason} Reset the lanes.`,
      line: this.#run.line || undefined,
    })
  }

  #setProgress(progress: Progress | null): void {
    if (isActive(this.#phase)) this.#phase = { ...this.#phase, progress }
  }

  #setStatus({ status, step, epoch, error }: MessageOf<'status'>): void {
    this.#phase = phaseOf(status, error)
    this.#run.moveTo({ step, epoch })
    if (!this.isActive) {
      this.#partChange.giveUp()
      this.#measuring.giveUp()
    }
    this.events.onStatus(this, status)
  }

  #add(report: RunReport): void {
    this.#run.add(report)
    const losses = report.scalars.find(({ tag }) => tag === 'loss')
    if (losses) this.events.onLosses(this, losses.steps, losses.values)
  }

  /** After a lost backend the run goes on from an earlier step; what came after that never happened. */
  #setBackend({ backend, reason, fromStep }: MessageOf<'backend'>): void {
    const lost = this.#run.backend
    this.#run.setBackend({ backend, reason })
    if (fromStep === undefined) return
    this.#run.record.goBackTo(fromStep)
    this.events.onBackendLost(this, lost, fromStep)
  }

  /** The run goes on from its last checkpoint in a fresh worker, on the next of its backends. */
  #goOnElsewhere({ reason, fallbacks, checkpoint }: MessageOf<'lost'>): void {
    const [backend, ...others] = fallbacks
    if (!this.#options || !backend) return this.fail({ name: 'BackendError', message: reason })
    const limit: RunLimit = this.#phase.status === 'paused' ? { kind: 'steps', count: 0 } : this.#limit
    const rate = this.#learningRate
    this.#run.beginPart(checkpoint?.step ?? 0)
    this.start({ ...this.#options, backend, fallbacks: others, checkpoint, limit, lost: reason })
    if (rate) this.setLearningRate(rate.learningRate, rate.fromStep)
    // The worker that was asked to is gone.
    if (this.#partChange.isAwaited) this.#send({ type: 'interrupt' })
  }
}
