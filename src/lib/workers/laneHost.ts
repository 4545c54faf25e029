/** The worker's side of a lane: one program in its life, measured or run on the first backend that starts. */
import { setCsvSource } from '../core/data/csv'
import { setDigitsSource } from '../core/data/digits'
import { onBackendLost, type BackendName, type BackendResources } from '../core/eager/backends'
import type { ModelWeights } from '../core/nn/weights'
import { blobModuleHost } from '../core/program/evaluate'
import { explainError } from '../core/program/laneError'
import { initialiseExecution, sessionBackend } from '../core/program/initialiseExecution'
import { InterruptedError, LaneRun } from '../core/program/laneRun'
import { measureBackends } from '../core/program/measureBackends'
import { programModules } from '../core/program/modules'
import type { Execution, LaneError, LaneId, RunLimit, RunPort } from '../core/program/types'
import { cutText } from '../core/util/cutText'
import { BackendError } from '../core/util/errors'
import { limits } from '../core/util/laneLimits'
import { setOrtSource } from '../core/session/loadOrt'
import { captureConsole } from './consoleCapture'
import { download, downloadQuietly, limitDownloads } from './download'
import type { CsvSource, LaneAssets, LaneCommand, LaneMessage } from './protocol'
import { captureUncaught } from './uncaught'
import { yieldToMessages } from './yieldToMessages'

type Send = (message: LaneMessage, transfer?: Transferable[]) => void
type StartCommand = Extract<LaneCommand, { type: 'start' }>
type MeasureCommand = Extract<LaneCommand, { type: 'measure' }>
type TaskCommand = StartCommand | MeasureCommand
type SteerCommand = Exclude<LaneCommand, { type: 'load' | 'measure' | 'start' | 'stop' }>

type InspectCommand = Extract<LaneCommand, { type: 'inspect' }>
type ClassifyCommand = Extract<LaneCommand, { type: 'classify' }>
type TakeWeightsCommand = Extract<LaneCommand, { type: 'takeWeights' }>
type LoadWeightsCommand = Extract<LaneCommand, { type: 'loadWeights' }>
type EncodeCommand = Extract<LaneCommand, { type: 'encode' }>

function unavailable(error: unknown): { readonly unavailable: string } {
  return { unavailable: explainError(error).message }
}

/** The backend that started, those that are left after it, and why it is not the first choice; or why there is none. */
type Started =
  | {
      readonly backend: BackendName
      readonly fallbacks: readonly BackendName[]
      readonly reason: string | undefined
    }
  | { readonly missing: string }

function noRun(): Promise<never> {
  return Promise.reject(new Error('There is no run.'))
}

/** The backend's device is gone; the run can go on elsewhere. */
class BackendLostError extends BackendError {
  override name = 'BackendLostError'
}

const now = () => performance.now()

/** The worker's side of a lane. */
export class LaneHost {
  #assets: LaneAssets | null = null
  #threads = 1
  #meter: MessagePort | null = null
  /** Of the one task that this worker has. */
  #runId: number | null = null
  #task: Promise<void> = Promise.resolve()
  /** In progress or over: what it made can still be looked into. */
  #run: LaneRun | null = null
  #isStopped = false
  /** The page wants the run to go on elsewhere. */
  #isInterrupted = false
  /** What the page asked for while a backend was starting. */
  #limit: RunLimit | null = null
  #learningRate: { learningRate: number; fromStep: number } | null = null
  /** Weights that came before the run did. */
  #earlyLoads: LoadWeightsCommand[] = []
  /** Backends that went while they were starting, with the browser's reason. */
  readonly #lost = new Map<BackendName, string>()
  /** The page is asked once, however often the program asks. */
  #requestedWeights: { readonly of: LaneId; readonly weights: Promise<ModelWeights> } | null = null
  #awaitedWeights: { resolve(weights: ModelWeights): void; reject(reason: Error): void } | null = null

  constructor(
    private readonly send: Send,
    /** Takes away what programs must not have; called once, when engines have started and before the program is read. */
    private readonly seal: (hasThreads: boolean, modules: Readonly<Record<string, object>>) => void,
  ) {
    captureConsole((level, text) => this.#run?.print(text, level))
    captureUncaught((error, origin) => {
      // What a program throws while backends are measured its run says as well.
      this.#run?.throwAside(error, origin)
      return this.#runId !== null
    })
    onBackendLost((backend, reason) => {
      const said = cutText(reason, limits.printedText)
      this.#lost.set(backend, said)
      this.#run?.stop(new BackendLostError(`${backend}: ${said}`))
    })
  }

  receive(command: LaneCommand): void {
    switch (command.type) {
      case 'load':
        this.#load(command.assets)
        this.#threads = command.threads
        this.#meter = command.meter
        break
      case 'measure':
        this.#begin(command, () => this.#measure(command))
        break
      case 'start':
        this.#begin(command, () => this.#start(command))
        break
      case 'stop':
        this.#stop()
        void this.#task.then(() => this.send({ type: 'idle', runId: command.runId }))
        break
      default:
        if (command.runId === this.#runId) this.#steer(command)
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
      case 'loadWeights':
        if (this.#run) void this.#loadWeights(this.#run, command)
        else this.#earlyLoads.push(command)
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

  async #inspect({ runId, inspectionId, inspected }: InspectCommand): Promise<void> {
    const outcome = await (this.#run?.inspect(inspected) ?? noRun()).catch(unavailable)
    this.send({ type: 'inspection', runId, inspectionId, outcome })
  }

  async #classify({ runId, questionId, pixels }: ClassifyCommand): Promise<void> {
    const outcome = await (this.#run?.classify(pixels) ?? noRun()).catch(unavailable)
    this.send({ type: 'classified', runId, questionId, outcome })
  }

  async #takeWeights({ runId, questionId }: TakeWeightsCommand): Promise<void> {
    const outcome = await (this.#run?.takeWeights() ?? noRun()).catch(unavailable)
    this.send({ type: 'weights', runId, questionId, outcome })
  }

  async #loadWeights(run: LaneRun, { runId, questionId, file }: LoadWeightsCommand): Promise<void> {
    const outcome = await run.loadWeights(file).catch(unavailable)
    this.send({ type: 'weightsLoaded', runId, questionId, outcome })
  }

  async #encode({ runId, fileId, graph }: EncodeCommand): Promise<void> {
    const outcome = await import('../core/onnx')
      .then(({ encodeModel }) => encodeModel(graph).slice())
      .catch(unavailable)
    this.send({ type: 'onnx', runId, fileId, outcome })
  }

  #load(assets: LaneAssets): void {
    this.#assets = assets
    const engines = Object.values(assets.ortBuilds).flatMap(({ wasm, mjs }) => [wasm, mjs])
    limitDownloads([...engines, assets.digits])
    setOrtSource({ builds: assets.ortBuilds, download: downloadQuietly })
    setDigitsSource(() =>
      download(assets.digits, (loaded, total) =>
        this.send({ type: 'progress', label: 'Loading the digits', loaded, total }),
      ),
    )
  }

  #begin(command: TaskCommand, task: () => Promise<void>): void {
    const { runId } = command
    if (this.#runId !== null) throw new Error(`internal: a worker serves one program, got run ${runId} too`)
    this.#runId = runId
    if (command.csv) this.#useCsv(command.csv)
    this.#task = task().catch((error: unknown) => {
      const checkpoint = command.type === 'start' ? command.checkpoint : undefined
      this.#sendEnd({ runId, checkpoint }, 'failed', explainError(error))
    })
  }

  #useCsv({ blob }: CsvSource): void {
    setCsvSource(async () => {
      this.send({ type: 'progress', label: 'Reading the file', loaded: 0, total: blob.size })
      return new Uint8Array(await blob.arrayBuffer())
    })
  }

  #stop(): void {
    this.#isStopped = true
    this.#awaitedWeights?.reject(new Error('The run was stopped.'))
    this.#run?.stop()
  }

  async #measure({ runId, program, execution, backends }: MeasureCommand): Promise<void> {
    const measurements = await measureBackends({
      program,
      execution,
      backends,
      assets: this.#resources,
      session: { threads: this.#threads },
      host: blobModuleHost,
      now,
      yieldToHost: yieldToMessages,
      onReady: () => this.#sealFor(execution),
      onBackend: (backend, stage) =>
        this.send({
          type: 'progress',
          label: `${stage === 'start' ? 'Starting' : 'Measuring'} ${backend}`,
          loaded: backends.indexOf(backend) + (stage === 'start' ? 0 : backends.length),
          total: 2 * backends.length,
        }),
      isStopped: () => this.#isStopped,
    })
    this.send({ type: 'measured', runId, measurements })
  }

  get #resources(): BackendResources {
    if (!this.#assets) throw new Error('internal: a command came before the assets')
    return { wasmFiles: this.#assets.wasmFiles }
  }

  /** Runs the program on the first backend that starts; one that is lost under it ends what this worker can do. */
  async #start(command: StartCommand): Promise<void> {
    const { runId, checkpoint, lost } = command
    const started = await this.#startBackend(command)
    if (this.#isStopped) {
      this.#sendEnd(command, 'stopped')
      return
    }
    if (this.#isInterrupted) {
      this.send({ type: 'interrupted', runId, checkpoint, limit: this.#limit ?? command.limit })
      return
    }
    if ('missing' in started) {
      this.#sendEnd(command, 'failed', { name: 'BackendError', message: started.missing })
      return
    }
    const { backend, fallbacks, reason } = started
    const fromStep = lost === undefined ? undefined : (checkpoint?.step ?? 0)
    this.send({ type: 'backend', runId, backend, reason, fromStep })
    this.#sealFor(command.execution)
    const run = this.#createRun(command, backend, reason)
    this.#run = run
    for (const load of this.#earlyLoads.splice(0)) void this.#loadWeights(run, load)
    if (command.execution === 'eager') this.#recordStep(run, runId)
    const interruption = await run.run()
    if (!interruption) return
    const at = { runId, checkpoint: run.checkpoint ?? checkpoint }
    if (interruption instanceof InterruptedError) this.send({ type: 'interrupted', ...at, limit: run.limit })
    else this.send({ type: 'lost', ...at, reason: interruption.message, fallbacks })
  }

  /** The engines of eager lanes have no threads. */
  #sealFor(execution: Execution): void {
    const modules = programModules(() => Promise.reject(new Error('internal: this is no run')))
    this.seal(execution === 'static' && this.#threads > 1, modules)
  }

  async #startBackend({ backend, fallbacks, execution, lost }: StartCommand): Promise<Started> {
    let reason = lost
    const candidates = [backend, ...fallbacks]
    for (const [index, candidate] of candidates.entries()) {
      const missing = await this.#initialise(execution, candidate)
      if (missing === undefined || this.#isStopped || this.#isInterrupted) {
        return { backend: candidate, fallbacks: candidates.slice(index + 1), reason }
      }
      reason = missing
    }
    return { missing: reason ?? 'No backend was given.' }
  }

  /** The end of a task that has no run to tell it; it stands where it was to go on from. */
  #sendEnd(
    { runId, checkpoint }: Pick<StartCommand, 'runId' | 'checkpoint'>,
    status: 'stopped' | 'failed',
    error?: LaneError,
  ): void {
    const { step = 0, epoch = 0 } = checkpoint ?? {}
    for (const { questionId } of this.#earlyLoads.splice(0)) {
      const outcome = {
        unavailable: 'weights: expected a run, got none that started. See what the lane says.',
      }
      this.send({ type: 'weightsLoaded', runId, questionId, outcome })
    }
    this.send({ type: 'status', runId, status, step, epoch, ...(error ? { error } : {}) })
  }

  /** Why the backend cannot be used; undefined when it is ready. */
  async #initialise(execution: Execution, backend: BackendName): Promise<string | undefined> {
    try {
      await initialiseExecution({
        execution,
        backend,
        assets: this.#resources,
        session: { threads: this.#threads },
      })
    } catch (error) {
      return explainError(error).message
    }
    const lost = this.#lost.get(backend)
    return lost === undefined ? undefined : `${backend}: ${lost}`
  }

  #createRun(command: StartCommand, backend: BackendName, reason?: string): LaneRun {
    const { program, execution, disabledPasses, run, probe, comparison, checkpoint, lost } = command
    const laneRun = new LaneRun({
      program,
      execution,
      // Without threads: an engine that starts only now, for what an eager program compiles, finds none.
      session: { backend: sessionBackend(execution, backend), disabledPasses },
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
        lost !== undefined && checkpoint
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
    if (this.#requestedWeights?.of !== of) {
      this.send({ type: 'needInitialWeights', runId, of })
      const weights = new Promise<ModelWeights>((resolve, reject) => {
        this.#awaitedWeights = { resolve, reject }
      })
      this.#requestedWeights = { of, weights }
    }
    return this.#requestedWeights.weights
  }

  #receiveWeights(weights: ModelWeights | { readonly unavailable: string }): void {
    if ('unavailable' in weights) this.#awaitedWeights?.reject(new Error(weights.unavailable))
    else this.#awaitedWeights?.resolve(weights)
  }
}
