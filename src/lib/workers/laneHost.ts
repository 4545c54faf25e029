/** The worker's side of a lane: one program in its life, measured or run on the first backend that starts. */
import { setCsvSource } from '../core/data/csv'
import { setDigitsSource } from '../core/data/digits'
import { onBackendLost, type BackendName, type BackendResources } from '../core/eager/backends'
import { blobModuleHost } from '../core/program/evaluate'
import { explainError } from '../core/program/laneError'
import { initialiseExecution, sessionBackend } from '../core/program/initialiseExecution'
import { InterruptedError, LaneRun } from '../core/program/laneRun'
import { measureBackends } from '../core/program/measureBackends'
import { programModules } from '../core/program/modules'
import type { Execution, LaneError, RunLimit, RunPort } from '../core/program/types'
import { cutText } from '../core/util/cutText'
import { BackendError } from '../core/util/errors'
import { handle, type Handlers } from '../core/util/handlers'
import { limits } from '../core/util/laneLimits'
import { setOrtSource } from '../core/session/loadOrt'
import { AwaitedWeights } from './awaitedWeights'
import { captureConsole } from './consoleCapture'
import { download, downloadQuietly, limitDownloads } from './download'
import { LaneAnswers } from './laneAnswers'
import type { CsvSource, LaneAssets, LaneCommand, LaneMessage } from './protocol'
import { captureUncaught } from './uncaught'
import { yieldToMessages } from './yieldToMessages'

type Send = (message: LaneMessage, transfer?: Transferable[]) => void
type StartCommand = Extract<LaneCommand, { type: 'start' }>
type MeasureCommand = Extract<LaneCommand, { type: 'measure' }>
type TaskCommand = StartCommand | MeasureCommand
type SteerCommand = Exclude<LaneCommand, { type: 'load' | 'measure' | 'start' | 'stop' }>

/** The backend that started, those that are left after it, and why it is not the first choice; or why there is none. */
type Started =
  | {
      readonly backend: BackendName
      readonly fallbacks: readonly BackendName[]
      readonly reason: string | undefined
    }
  | { readonly missing: string }

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
  /** Backends that went while they were starting, with the browser's reason. */
  readonly #lost = new Map<BackendName, string>()
  /** Initial weights that the program waits for. */
  readonly #awaited = new AwaitedWeights()
  readonly #answers = new LaneAnswers((message) => this.send(message))
  readonly #steering: Handlers<SteerCommand> = {
    ...this.#answers.handlers,
    resume: ({ limit }) => {
      this.#limit = limit
      this.#run?.resume(limit)
    },
    pause: () => {
      this.#limit = { kind: 'steps', count: 0 }
      this.#run?.pause()
    },
    interrupt: () => this.#interrupt(new InterruptedError('The run goes on elsewhere.')),
    provoke: ({ cause }) => this.#run?.provoke(cause),
    recordTape: ({ runId }) => {
      if (this.#run) this.#recordStep(this.#run, runId)
    },
    setLearningRate: (command) => {
      this.#learningRate = command
      this.#run?.setLearningRate(command.learningRate, command.fromStep)
    },
    initialWeights: ({ weights }) => this.#awaited.receive(weights),
  }

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
        if (command.runId === this.#runId) handle<SteerCommand>(this.#steering, command)
    }
  }

  /** What waits for weights is rejected with the same reason: nothing failed. */
  #interrupt(reason: InterruptedError): void {
    this.#isInterrupted = true
    this.#run?.stop(reason)
    this.#awaited.giveUp(reason)
  }

  /** Tells of the run's next step; a run that has none left tells nothing. */
  #recordStep(run: LaneRun, runId: number): void {
    run
      .recordStep()
      .then((recorded) => this.send({ type: 'tape', runId, recorded }))
      .catch(() => undefined)
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
    this.#awaited.giveUp(new Error('The run was stopped.'))
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
    this.#answers.begin(run)
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
    this.#answers.giveUp()
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
      requestInitialWeights: (of) =>
        this.#awaited.request(of, () => this.send({ type: 'needInitialWeights', runId, of })),
    }
  }
}
