/** The worker's side of a lane: one run at a time, on one backend, with fallbacks. */
import { setCsvSource } from '../core/data/csv'
import { setDigitsSource } from '../core/data/digits'
import { onBackendLost, type BackendName } from '../core/eager/backends'
import type { ModelWeights } from '../core/nn/weights'
import { blobModuleHost } from '../core/program/evaluate'
import { explainError } from '../core/program/laneError'
import { initialiseExecution, sessionBackend } from '../core/program/initialiseExecution'
import { InterruptedError, LaneRun } from '../core/program/laneRun'
import { measureBackends } from '../core/program/measureBackends'
import type { Checkpoint } from '../core/program/checkpoint'
import type { Execution, LaneError, LaneId, RunLimit, RunPort } from '../core/program/types'
import { BackendError } from '../core/util/errors'
import { captureConsole } from './consoleCapture'
import { download, downloadQuietly } from './download'
import type { CsvSource, LaneAssets, LaneCommand, LaneMessage } from './protocol'
import type { AllowWorkers } from './sandbox'
import { threadCount } from './threadCount'
import { yieldToMessages } from './yieldToMessages'

type Send = (message: LaneMessage, transfer?: Transferable[]) => void
type StartCommand = Extract<LaneCommand, { type: 'start' }>
type MeasureCommand = Extract<LaneCommand, { type: 'measure' }>
type SteerCommand = Exclude<LaneCommand, { type: 'load' | 'measure' | 'start' | 'stop' }>

type InspectCommand = Extract<LaneCommand, { type: 'inspect' }>
type ClassifyCommand = Extract<LaneCommand, { type: 'classify' }>
type TakeWeightsCommand = Extract<LaneCommand, { type: 'takeWeights' }>
type EncodeCommand = Extract<LaneCommand, { type: 'encode' }>

function unavailable(error: unknown): { readonly unavailable: string } {
  return { unavailable: explainError(error).message }
}

function noRun(): Promise<never> {
  return Promise.reject(new Error('There is no run.'))
}

/** The backend's device is gone; the run goes on elsewhere. */
class BackendLostError extends BackendError {
  override name = 'BackendLostError'
}

const now = () => performance.now()

export class LaneHost {
  #assets: LaneAssets | null = null
  /** Content of the CSV file that programs were given last. */
  #csvHash: string | null = null
  #meter: MessagePort | null = null
  #run: LaneRun | null = null
  /** The run in progress, or the one that ended last: its graphs can still be looked into. */
  #lastRun: { readonly runId: number; readonly run: LaneRun } | null = null
  #runId = -1
  #isStopped = false
  /** The page wants the run to go on elsewhere. */
  #isInterrupted = false
  /** Commands for a run whose turn has not come yet. */
  #early: SteerCommand[] = []
  /** The run that was stopped last; it may not have begun yet. */
  #stoppedRunId = -1
  /** What the page asked for while no run could hear it: a backend was starting, or was replaced. */
  #limit: RunLimit | null = null
  #learningRate: { learningRate: number; fromStep: number } | null = null
  /** Runs and measurements follow one another. */
  #queue: Promise<void> = Promise.resolve()
  #awaitedWeights: { resolve(weights: ModelWeights): void; reject(reason: Error): void } | null = null

  /** A program that ran might still be waiting for the moment in which workers can be started. */
  #hasRunProgram = false

  constructor(
    private readonly send: Send,
    private readonly allowWorkers: AllowWorkers,
  ) {
    captureConsole((level, text) => this.#run?.print(text, level))
    onBackendLost((backend, reason) => this.#run?.stop(new BackendLostError(`${backend}: ${reason}`)))
  }

  receive(command: LaneCommand): void {
    switch (command.type) {
      case 'load':
        this.#load(command.assets)
        this.#meter = command.meter
        break
      case 'measure':
        this.#enqueue(command, () => this.#measure(command))
        break
      case 'start':
        this.#enqueue(command, () => this.#start(command))
        break
      case 'stop':
        this.#stoppedRunId = command.runId
        this.#stop()
        void this.#queue.then(() => this.send({ type: 'idle', runId: command.runId }))
        break
      default:
        if (command.runId === this.#runId) this.#steer(command)
        else if (command.runId > this.#runId) this.#early.push(command)
    }
  }

  #steer(command: SteerCommand): void {
    switch (command.type) {
      case 'resume':
        this.#limit = command.limit
        this.#run?.resume(command.limit)
        break
      case 'interrupt':
        this.#interrupt(new InterruptedError('The run goes on elsewhere.'))
        break
      case 'provoke':
        this.#run?.provoke(command.cause)
        break
      case 'recordTape':
        if (this.#run) this.#recordStep(this.#run, command.runId)
        break
      case 'inspect':
        void this.#inspect(command)
        break
      case 'encode':
        void this.#encode(command)
        break
      case 'classify':
        void this.#classify(command)
        break
      case 'takeWeights':
        void this.#takeWeights(command)
        break
      case 'pause':
        this.#limit = { kind: 'steps', count: 0 }
        this.#run?.pause()
        break
      case 'setLearningRate':
        this.#learningRate = command
        this.#run?.setLearningRate(command.learningRate, command.fromStep)
        break
      case 'initialWeights':
        this.#receiveWeights(command.weights)
    }
  }

  /** What waits for weights is rejected with the same reason: nothing failed. */
  #interrupt(reason: InterruptedError): void {
    this.#isInterrupted = true
    this.#run?.stop(reason)
    this.#awaitedWeights?.reject(reason)
  }

  /** Tells of the run's next step; a run that has none left tells nothing. */
  #recordStep(run: LaneRun, runId: number): void {
    run
      .recordStep()
      .then((recorded) => this.send({ type: 'tape', runId, recorded }))
      .catch(() => undefined)
  }

  /** The run of that number, in progress or over; null before it began. */
  #runOf(runId: number): LaneRun | null {
    return this.#lastRun?.runId === runId ? this.#lastRun.run : null
  }

  async #inspect({ runId, inspectionId, inspected }: InspectCommand): Promise<void> {
    const outcome = await (this.#runOf(runId)?.inspect(inspected) ?? noRun()).catch(unavailable)
    this.send({ type: 'inspection', runId, inspectionId, outcome })
  }

  async #classify({ runId, questionId, pixels }: ClassifyCommand): Promise<void> {
    const outcome = await (this.#runOf(runId)?.classify(pixels) ?? noRun()).catch(unavailable)
    this.send({ type: 'classified', runId, questionId, outcome })
  }

  async #takeWeights({ runId, questionId }: TakeWeightsCommand): Promise<void> {
    const outcome = await (this.#runOf(runId)?.takeWeights() ?? noRun()).catch(unavailable)
    this.send({ type: 'weights', runId, questionId, outcome })
  }

  async #encode({ runId, fileId, graph }: EncodeCommand): Promise<void> {
    const outcome = await import('../core/onnx')
      .then(({ encodeModel }) => encodeModel(graph).slice())
      .catch(unavailable)
    this.send({ type: 'onnx', runId, fileId, outcome })
  }

  #load(assets: LaneAssets): void {
    this.#assets = assets
    setDigitsSource(() =>
      download(assets.digits, (loaded, total) =>
        this.send({ type: 'progress', label: 'Loading the digits', loaded, total }),
      ),
    )
  }

  #enqueue(command: StartCommand | MeasureCommand, task: () => Promise<void>): void {
    const { runId } = command
    this.#stop()
    this.#queue = this.#queue.then(async () => {
      this.#runId = runId
      this.#isStopped = runId === this.#stoppedRunId
      this.#isInterrupted = false
      this.#limit = null
      this.#learningRate = null
      const early = this.#early
      this.#early = early.filter((steering) => steering.runId > runId)
      for (const steering of early) if (steering.runId === runId) this.#steer(steering)
      try {
        this.#useCsv(command.csv)
        await task()
      } catch (error) {
        // Whatever happens, the next task has to get its turn.
        this.#run = null
        const checkpoint = command.type === 'start' ? command.checkpoint : undefined
        this.#sendEnd({ runId, checkpoint }, 'failed', explainError(error))
      }
    })
  }

  /** A file that is there already keeps what was read of it. */
  #useCsv(csv: CsvSource | undefined): void {
    if (csv === undefined || csv.hash === this.#csvHash) return
    this.#csvHash = csv.hash
    setCsvSource(async () => {
      this.send({ type: 'progress', label: 'Reading the file', loaded: 0, total: csv.blob.size })
      return new Uint8Array(await csv.blob.arrayBuffer())
    })
  }

  #stop(): void {
    this.#isStopped = true
    this.#awaitedWeights?.reject(new Error('The run was stopped.'))
    this.#run?.stop()
  }

  async #measure({ runId, program, execution, backends }: MeasureCommand): Promise<void> {
    // The engine is started while it may still have threads: before any program has run.
    if (execution === 'static') await this.#initialise(execution, 'wasm')
    const resources = this.#resources()
    this.#hasRunProgram = true
    const measurements = await measureBackends({
      program,
      execution,
      backends,
      ...resources,
      host: blobModuleHost,
      now,
      yieldToHost: yieldToMessages,
      onBackend: (backend) =>
        this.send({
          type: 'progress',
          label: `Measuring ${backend}`,
          loaded: backends.indexOf(backend),
          total: backends.length,
        }),
      isStopped: () => this.#isStopped,
    })
    this.send({ type: 'measured', runId, measurements })
  }

  #resources() {
    if (!this.#assets) throw new Error('internal: a command came before the assets')
    const { wasmFiles, ortBuilds } = this.#assets
    const files = { ortBuilds, download: downloadQuietly }
    const session = this.#hasRunProgram
      ? files
      : { ...files, threads: threadCount(), whileStarting: this.allowWorkers }
    return { assets: { wasmFiles }, session }
  }

  /** Runs the program on the first backend that works, and moves on when one is lost. */
  async #start(command: StartCommand): Promise<void> {
    let checkpoint = command.checkpoint
    let reason: string | undefined
    let fromStep: number | undefined
    for (const backend of [command.backend, ...command.fallbacks]) {
      const missing = await this.#initialise(command.execution, backend)
      if (this.#isStopped) {
        this.#sendEnd({ runId: command.runId, checkpoint }, 'stopped')
        return
      }
      if (this.#isInterrupted) {
        const limit = this.#limit ?? command.limit
        this.send({ type: 'interrupted', runId: command.runId, checkpoint, limit })
        return
      }
      if (missing !== undefined) {
        reason = missing
        continue
      }
      this.send({ type: 'backend', runId: command.runId, backend, reason, fromStep })
      const run = this.#createRun(command, backend, reason, checkpoint)
      this.#run = run
      this.#lastRun = { runId: command.runId, run }
      this.#hasRunProgram = true
      if (command.execution === 'eager') this.#recordStep(run, command.runId)
      const interruption = await run.run()
      this.#run = null
      if (!interruption) return
      this.#limit = run.limit
      checkpoint = run.checkpoint ?? checkpoint
      if (interruption instanceof InterruptedError) {
        this.send({ type: 'interrupted', runId: command.runId, checkpoint, limit: run.limit })
        return
      }
      fromStep = checkpoint?.step ?? 0
      reason = interruption.message
    }
    const message = reason ?? 'No backend was given.'
    this.#sendEnd({ runId: command.runId, checkpoint }, 'failed', { name: 'BackendError', message })
  }

  /** The end of a task that has no run to tell it; it stands where it was to go on from. */
  #sendEnd(
    { runId, checkpoint }: Pick<StartCommand, 'runId' | 'checkpoint'>,
    status: 'stopped' | 'failed',
    error?: LaneError,
  ): void {
    const { step = 0, epoch = 0 } = checkpoint ?? {}
    this.send({ type: 'status', runId, status, step, epoch, ...(error ? { error } : {}) })
  }

  /** Why the backend cannot be used; undefined when it is ready. */
  async #initialise(execution: Execution, backend: BackendName): Promise<string | undefined> {
    try {
      await initialiseExecution({ execution, backend, ...this.#resources() })
      return undefined
    } catch (error) {
      return explainError(error).message
    }
  }

  #createRun(command: StartCommand, backend: BackendName, reason?: string, checkpoint?: Checkpoint): LaneRun {
    const { program, execution, disabledPasses, run, probe, comparison } = command
    const laneRun = new LaneRun({
      program,
      execution,
      session: { ...this.#resources().session, backend: sessionBackend(execution, backend), disabledPasses },
      run,
      limit: this.#limit ?? command.limit,
      probe,
      compareWeights: comparison !== null,
      checkpoint,
      exportExample: command.exportExample,
      keepsCheckpoints: backend === 'webgpu' || backend === 'webgl',
      host: blobModuleHost,
      port: this.#port(command),
      now,
      yieldToHost: yieldToMessages,
    })
    laneRun.note('backend', backend)
    if (this.#learningRate !== null) {
      laneRun.setLearningRate(this.#learningRate.learningRate, this.#learningRate.fromStep)
    }
    if (reason !== undefined) {
      laneRun.print(
        checkpoint && checkpoint !== command.checkpoint
          ? `${reason} Training goes on with ${backend}, from the weights of step ${checkpoint.step}.`
          : `${reason} Training runs with ${backend}.`,
        'warn',
      )
    }
    return laneRun
  }

  #port({ runId, comparison }: StartCommand): RunPort {
    return {
      status: (status, at, error) =>
        this.send({ type: 'status', runId, status, ...at, ...(error ? { error } : {}) }),
      report: (report) => this.send({ type: 'report', runId, report }),
      compiled: (report) => this.send({ type: 'compiled', runId, report }),
      prediction: (prediction) =>
        this.send({ type: 'prediction', runId, prediction }, [prediction.values.buffer]),
      digitSamples: (samples) => this.send({ type: 'digitSamples', runId, samples }),
      modelFile: (bytes) => this.send({ type: 'modelFile', runId, bytes }),
      initialWeights: (weights) => this.send({ type: 'initialWeights', runId, weights }),
      comparedWeights: (step, weights) => this.#meter?.postMessage({ comparison, step, weights }),
      requestInitialWeights: (of) => this.#requestWeights(runId, of),
    }
  }

  #requestWeights(runId: number, of: LaneId): Promise<ModelWeights> {
    this.send({ type: 'needInitialWeights', runId, of })
    return new Promise((resolve, reject) => (this.#awaitedWeights = { resolve, reject }))
  }

  #receiveWeights(weights: ModelWeights | { readonly unavailable: string }): void {
    if ('unavailable' in weights) this.#awaitedWeights?.reject(new Error(weights.unavailable))
    else this.#awaitedWeights?.resolve(weights)
  }
}
