/** What the page knows of one lane: its worker's messages, turned into state. Decides nothing about the other lane. */
import { answerOf, PendingRequests } from '$lib/core/util/pendingRequests'
import type { Series } from '$lib/core/events/series'
import type { LaneSettings } from '$lib/core/spec/schema'
import { LaneClient } from '$lib/workers/laneClient'
import type {
  BackendMeasurement,
  BackendName,
  Classification,
  ConsoleEntry,
  CsvSource,
  DigitSamples,
  Execution,
  Graph,
  InspectedGraph,
  Inspection,
  LaneAssets,
  LaneError,
  LaneId,
  LaneMessage,
  LedgerReport,
  ModelWeights,
  Prediction,
  RetraceCause,
  RunLimit,
  RunReport,
  RunStatus,
  StartOptions,
} from '$lib/workers/protocol'
import { LaneConsole } from './laneConsole.svelte'
import { LaneGraphs } from './laneGraphs.svelte'
import { LaneRecord } from './laneRecord.svelte'
import { LaneWeights } from './laneWeights'

/** What a lane is doing. */
export type LaneStatus = 'idle' | RunStatus

/** How far a download or a compilation is. */
export interface Progress {
  readonly label: string
  readonly loaded: number
  readonly total: number
}

/** Messages that concern more than this lane. */
export interface LaneEvents {
  onStatus(lane: Lane, status: RunStatus): void
  onInitialWeights(lane: Lane, weights: ModelWeights): void
  onNeedInitialWeights(lane: Lane, of: LaneId): void
  /** The run begins again from its weights at `step`, on the lane's backend instead of the one it lost. */
  onBackendLost(lane: Lane, lost: BackendName | null, step: number): void
  onLosses(lane: Lane, steps: Float64Array, values: Float64Array): void
}

/** What of a lane can change while it runs. */
export type LaneSwitch = Partial<Pick<LaneSettings, 'execution' | 'backend' | 'stepsPerExecution'>>

/** Where a run stood when it was interrupted. */
export type Interruption = Pick<Extract<LaneMessage, { type: 'interrupted' }>, 'checkpoint' | 'limit'>

/** A change that a running lane could not take: it went back to what it did before. */
export interface Refusal {
  /** The settings that were asked for; none where it was another model. */
  readonly asked: LaneSwitch
  readonly error: LaneError
}

/** How long a measurement may say nothing: software GPUs take their time for a convolution. */
const mostSilenceMs = 120_000

/** One lane of the page: its program, worker and run. */
export class Lane {
  #status = $state<LaneStatus>('idle')
  #isWaitingForTurn = $state(false)
  #step = $state(0)
  #epoch = $state(0)
  #runningProgram = $state<string | null>(null)
  #execution = $state<Execution | null>(null)
  #refusal = $state.raw<Refusal | null>(null)
  #line = $state(0)
  #recentLines = $state.raw<readonly number[]>([])
  #backend = $state<BackendName | null>(null)
  #backendReason = $state<string | null>(null)
  #measurements = $state.raw<readonly BackendMeasurement[]>([])
  #progress = $state.raw<Progress | null>(null)
  #error = $state.raw<LaneError | null>(null)
  #ledger = $state.raw<LedgerReport | null>(null)
  #prediction = $state.raw<Prediction | null>(null)
  #digitSamples = $state.raw<DigitSamples | null>(null)
  #modelFile = $state.raw<Uint8Array | null>(null)
  #runId = 0
  #limit: RunLimit = { kind: 'none' }
  #interrupted: ((interruption: Interruption | null) => void) | null = null
  /** Set between two parts of a run: how far the next one may go, if somebody said so meanwhile. */
  #between: { limit: RunLimit | null } | null = null
  #silence: ReturnType<typeof setTimeout> | undefined
  #measured: ((measurements: readonly BackendMeasurement[]) => void) | null = null
  readonly #record = new LaneRecord()
  readonly #graphs = new LaneGraphs()
  readonly #console = new LaneConsole()
  readonly #inspections = new PendingRequests<Inspection>()
  readonly #files = new PendingRequests<Uint8Array<ArrayBuffer>>()
  readonly #classifications = new PendingRequests<Classification>()
  readonly weights = new LaneWeights((command) => {
    this.#client.send({ ...command, runId: this.#runId })
    return this.#client.hasWorker
  })
  /** What the run in progress was started with. */
  #options: Omit<StartOptions, 'run'> | null = null
  /** The rate that was chosen while it ran. */
  #learningRate: { readonly learningRate: number; readonly fromStep: number } | null = null
  readonly #client: LaneClient

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
  get status(): LaneStatus {
    return this.#isWaitingForTurn && this.#status === 'paused' ? 'running' : this.#status
  }

  /** True while the worker holds a run that can go on. */
  get isActive(): boolean {
    return this.#status === 'preparing' || this.#status === 'running' || this.#status === 'paused'
  }

  /** How far the run was last told to go. */
  get limit(): RunLimit {
    return this.#limit
  }
  get step() {
    return this.#step
  }
  get epoch() {
    return this.#epoch
  }
  /** The text that is running, else the one that would run. */
  get program() {
    return this.#runningProgram ?? this.generatedProgram()
  }
  /** How the run executes; null before there is one. */
  get execution() {
    return this.#execution
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
  get backendReason() {
    return this.#backendReason
  }
  get measurements() {
    return this.#measurements
  }
  get progress() {
    return this.#progress
  }
  get error() {
    return this.#error
  }
  get console() {
    return this.#console.entries
  }
  get droppedConsole() {
    return this.#console.dropped
  }
  get ledger() {
    return this.#ledger
  }
  /** Every function that was compiled in this part of the run, in order, with its graph at each stage. */
  get compiled() {
    return this.#graphs.compiled
  }
  get signatures() {
    return this.#graphs.signatures
  }
  get pastSignatures() {
    return this.#graphs.pastSignatures
  }
  get refusal() {
    return this.#refusal
  }
  /** The eager step that was recorded last, kernel by kernel. */
  get tape() {
    return this.#graphs.tape
  }
  get prediction() {
    return this.#prediction
  }
  get digitSamples() {
    return this.#digitSamples
  }
  /** The trained model as an ONNX file, when the run was asked for one and has ended. */
  get modelFile() {
    return this.#modelFile
  }
  get texts() {
    return this.#record.texts
  }
  /** Last value of each tag. */
  get latest() {
    return this.#record.latest
  }
  get stepsPerSecond(): number | null {
    return this.latest['stepsPerSecond'] ?? null
  }
  /** All events of the run as parts of JSON Lines. */
  eventLines(): Iterable<string> {
    return this.#record.eventLines(`${this.id}-${this.#runId}`)
  }
  /** Grows in place; read `seriesVersion` to follow it. */
  get series(): ReadonlyMap<string, Series> {
    return this.#record.series
  }
  get seriesVersion() {
    return this.#record.seriesVersion
  }

  /** Trains a few steps of `program` on each backend. */
  measure(
    program: string,
    execution: Execution,
    backends: readonly BackendName[],
    csv?: CsvSource,
  ): Promise<readonly BackendMeasurement[]> {
    this.#beginRun()
    this.#status = 'preparing'
    this.#giveUpMeasuring()
    return new Promise((resolve) => {
      this.#measured = resolve
      this.#awaitProgress()
      this.#client.send({ type: 'measure', runId: this.#runId, program, execution, backends, csv })
    })
  }

  /** Notes what `auto` found, on this lane or on the aligned other one. */
  setMeasurements(measurements: readonly BackendMeasurement[]): void {
    this.#measurements = measurements
  }

  prepare(): void {
    this.clear()
    this.#status = 'preparing'
  }

  start(options: Omit<StartOptions, 'run'>): void {
    this.#beginRun()
    this.#status = 'preparing'
    this.#options = options
    this.#learningRate = null
    this.#limit = options.limit
    this.#runningProgram = options.program
    this.#execution = options.execution
    this.#client.send({
      type: 'start',
      runId: this.#runId,
      run: `${this.id}-${this.#runId}`,
      ...options,
    })
  }

  /** Ends the run at its next step and gives where it stood; null for one that ends by itself before that. */
  interrupt(): Promise<Interruption | null> {
    this.#between = { limit: null }
    return new Promise((resolve) => {
      this.#interrupted = resolve
      this.#client.send({ type: 'interrupt', runId: this.#runId })
    })
  }

  /** Goes on from where an earlier part of the run was interrupted: what it showed stays. */
  goOn(options: Omit<StartOptions, 'run'>): void {
    const limit = this.#between?.limit ?? options.limit
    this.#between = null
    this.#graphs.beginPart(this.#step)
    this.#ledger = null
    this.start({ ...options, limit })
  }

  /** Another part of the run follows the one that failed. */
  prepareToGoOn(): void {
    this.#between = { limit: null }
    this.#status = 'preparing'
    this.#error = null
  }

  /** Says that a change was not possible, and why. */
  refuse(refusal: Refusal | null): void {
    this.#refusal = refusal
  }

  resume(limit: RunLimit): void {
    this.#isWaitingForTurn = false
    this.#limit = limit
    if (this.#between) this.#between.limit = limit
    else this.#client.send({ type: 'resume', runId: this.#runId, limit })
  }

  pause(): void {
    this.#isWaitingForTurn = false
    this.#limit = { kind: 'steps', count: 0 }
    if (this.#between) this.#between.limit = this.#limit
    else this.#client.send({ type: 'pause', runId: this.#runId })
  }

  /** The next training step gets a smaller batch, or a number as one more argument. */
  provoke(cause: RetraceCause): void {
    if (this.isActive) this.#client.send({ type: 'provoke', runId: this.#runId, cause })
  }

  waitForTurn(): void {
    this.#isWaitingForTurn = true
  }

  /** Ends the run, with its worker when the program does not yield. */
  stop(): void {
    this.#giveUpMeasuring()
    if (!this.isActive) return
    this.#isWaitingForTurn = false
    this.#endInterruption()
    const runId = this.#runId
    this.#client.stop(runId, () => {
      if (runId !== this.#runId) return
      this.#giveUpRequests()
      this.#progress = null
      this.#status = 'stopped'
      this.#print(
        'warn',
        'The program did not reach a batch boundary within a second; its worker was restarted.',
      )
      this.events.onStatus(this, 'stopped')
    })
  }

  /** Fails the lane without a run, e.g. when no backend can be used. */
  fail(error: LaneError): void {
    this.#status = 'failed'
    this.#error = error
    this.events.onStatus(this, 'failed')
  }

  /** A new rate for the updates after step `fromStep`. */
  setLearningRate(learningRate: number, fromStep: number): void {
    if (!this.isActive) return
    this.#learningRate = { learningRate, fromStep }
    this.#client.send({ type: 'setLearningRate', runId: this.#runId, learningRate, fromStep })
  }

  /** Records the next eager training step; `tape` has it then. */
  recordTape(): void {
    if (this.isActive) this.#client.send({ type: 'recordTape', runId: this.#runId })
  }

  /** What every node of a compiled graph gives now. Rejects with the reason where that cannot be had. */
  inspect(inspected: InspectedGraph): Promise<Inspection> {
    return this.#ask(this.#inspections, (inspectionId) => {
      this.#client.send({ type: 'inspect', runId: this.#runId, inspectionId, inspected })
    })
  }

  /** The graph as an ONNX file. Rejects with the reason where it cannot be had. */
  encode(graph: Graph): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask(this.#files, (fileId) => {
      this.#client.send({ type: 'encode', runId: this.#runId, fileId, graph })
    })
  }

  /** What the model reads in 28 × 28 pixels of 0..1 now, also after the run. Rejects with the reason where it cannot. */
  classify(pixels: Float32Array): Promise<Classification> {
    return this.#ask(this.#classifications, (questionId) => {
      this.#client.send({ type: 'classify', runId: this.#runId, questionId, pixels })
    })
  }

  giveInitialWeights(
    weights: Extract<Parameters<LaneClient['send']>[0], { type: 'initialWeights' }>['weights'],
  ): void {
    this.#client.send({ type: 'initialWeights', runId: this.#runId, weights })
  }

  /** Forgets the run: the lane is as before it. */
  clear(): void {
    this.#client.end()
    this.#giveUpMeasuring()
    this.#endInterruption()
    this.#refusal = null
    this.#execution = null
    this.#beginRun()
    this.#status = 'idle'
    this.#isWaitingForTurn = false
    this.#step = 0
    this.#epoch = 0
    this.#runningProgram = null
    this.#line = 0
    this.#recentLines = []
    this.#backend = null
    this.#backendReason = null
    this.#measurements = []
    this.#progress = null
    this.#error = null
    this.#console.clear()
    this.#ledger = null
    this.#graphs.clear()
    this.#prediction = null
    this.#modelFile = null
    this.#record.clear()
  }

  dispose(): void {
    this.#giveUpRequests()
    this.#client.dispose()
  }

  #receive(message: LaneMessage): void {
    if ('runId' in message && message.runId !== this.#runId) return
    switch (message.type) {
      case 'idle':
        return this.#endPreparation()
      case 'broken':
        this.#giveUpMeasuring()
        this.#endInterruption()
        this.#giveUpRequests()
        return this.fail({
          name: 'WorkerError',
          message: `${message.message} Reset the lanes.`,
          line: this.#line || undefined,
        })
      case 'progress':
        if (this.isActive) this.#progress = message
        if (this.#measured) this.#awaitProgress()
        return
      case 'measured':
        this.#progress = null
        this.#settleMeasuring(message.measurements)
        return
      case 'status':
        return this.#setStatus(message)
      case 'report':
        return this.#add(message.report)
      case 'compiled':
        return this.#graphs.addCompiled(message.report)
      case 'tape':
        return this.#graphs.setTape(message.recorded)
      case 'inspection':
        return this.#inspections.settle(message.inspectionId, answerOf(message.outcome))
      case 'onnx':
        return this.#files.settle(message.fileId, answerOf(message.outcome))
      case 'classified':
        return this.#classifications.settle(message.questionId, answerOf(message.outcome))
      case 'weights':
      case 'weightsLoaded':
        return this.weights.receive(message)
      case 'interrupted':
        this.#status = 'preparing'
        this.#interrupted?.({ checkpoint: message.checkpoint, limit: message.limit })
        this.#interrupted = null
        return
      case 'lost':
        return this.#goOnElsewhere(message)
      case 'prediction':
        this.#prediction = message.prediction
        return
      case 'digitSamples':
        this.#digitSamples = message.samples
        return
      case 'modelFile':
        this.#modelFile = message.bytes
        return
      case 'initialWeights':
        return this.events.onInitialWeights(this, message.weights)
      case 'needInitialWeights':
        return this.events.onNeedInitialWeights(this, message.of)
      case 'backend': {
        const lost = this.#backend
        this.#backend = message.backend
        this.#backendReason = message.reason ?? null
        if (message.fromStep !== undefined) this.#goBackTo(message.fromStep, lost)
      }
    }
  }

  /** A lane that is stopped before its run began gets no other word of it. */
  #endPreparation(): void {
    if (!this.isActive) return
    this.#progress = null
    this.#status = 'stopped'
    this.events.onStatus(this, 'stopped')
  }

  #setStatus({ status, step, epoch, error }: Extract<LaneMessage, { type: 'status' }>): void {
    this.#status = status
    this.#step = step
    this.#epoch = epoch
    this.#progress = null
    this.#error = error ?? null
    if (!this.isActive) {
      this.#endInterruption()
      this.#giveUpMeasuring()
    }
    this.events.onStatus(this, status)
  }

  #add(report: RunReport): void {
    this.#step = report.step
    this.#epoch = report.epoch
    this.#line = report.line
    // A loop reports the same lines over and over; the pane need not hear of it.
    if (String(this.#recentLines) !== String(report.lines)) this.#recentLines = report.lines
    if (report.ledger) this.#ledger = report.ledger
    if (report.signatures) this.#graphs.setSignatures(report.signatures)
    this.#console.add(report)
    this.#record.add(report)
    const losses = report.scalars.find(({ tag }) => tag === 'loss')
    if (losses) this.events.onLosses(this, losses.steps, losses.values)
  }

  /** Messages of the run before it are not listened to any more. */
  #beginRun(): void {
    this.#runId++
    this.#giveUpRequests()
  }

  #ask<T>(requests: PendingRequests<T>, send: (id: number) => void): Promise<T> {
    const answer = requests.ask(send)
    if (!this.#client.hasWorker) this.#giveUpRequests()
    return answer
  }

  #giveUpRequests(): void {
    const all = [this.#inspections, this.#files, this.#classifications, this.weights]
    for (const requests of all) requests.giveUp(new Error('The run has ended.'))
  }

  #giveUpMeasuring(): void {
    this.#settleMeasuring([])
  }

  #settleMeasuring(measurements: readonly BackendMeasurement[]): void {
    clearTimeout(this.#silence)
    this.#measured?.(measurements)
    this.#measured = null
  }

  /** A program that never reaches a batch must not hold up the other lane, which waits for this one's backend. */
  #awaitProgress(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => {
      this.#client.end()
      this.#giveUpMeasuring()
      const message = `measure: expected a batch within ${mostSilenceMs / 60_000} minutes, got none. Choose a backend, or end the loop that never awaits one.`
      this.fail({ name: 'BackendError', message })
    }, mostSilenceMs)
  }

  /** Nothing follows an interruption, or nothing came of it. */
  #endInterruption(): void {
    this.#interrupted?.(null)
    this.#interrupted = null
    this.#between = null
  }

  /** The run goes on from its last checkpoint in a fresh worker, on the next of its backends. */
  #goOnElsewhere({ reason, fallbacks, checkpoint }: Extract<LaneMessage, { type: 'lost' }>): void {
    const [backend, ...others] = fallbacks
    if (!this.#options || !backend) return this.fail({ name: 'BackendError', message: reason })
    const limit: RunLimit = this.#status === 'paused' ? { kind: 'steps', count: 0 } : this.#limit
    const rate = this.#learningRate
    this.#graphs.beginPart(checkpoint?.step ?? 0)
    this.#ledger = null
    this.start({ ...this.#options, backend, fallbacks: others, checkpoint, limit, lost: reason })
    if (rate) this.setLearningRate(rate.learningRate, rate.fromStep)
    // The worker that was asked to is gone.
    if (this.#interrupted) this.#client.send({ type: 'interrupt', runId: this.#runId })
  }

  /** After a lost backend the run goes on from an earlier step; what came after that never happened. */
  #goBackTo(step: number, lost: BackendName | null): void {
    this.#record.goBackTo(step)
    this.events.onBackendLost(this, lost, step)
  }

  #print(level: ConsoleEntry['level'], text: string): void {
    this.#console.add({ console: [{ level, text, step: this.#step }], droppedConsole: 0 })
  }
}
