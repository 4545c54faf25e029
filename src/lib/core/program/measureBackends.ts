/** How `auto` chooses: a throwaway copy of the program trains a few steps on each backend. */
import type { BackendName, BackendResources } from '../eager/backends'
import { setCurrentRun, StoppedError, type CurrentRun } from '../events/currentRun'
import { setUpdateObserver } from '../optim/updateObserver'
import { Session, setCurrentSession } from '../session/session'
import type { BlockReport, SessionObserver, SessionSettings } from '../session/types'
import { prepareEvaluation, type LocatedError, type ModuleHost } from './evaluate'
import { isInstance } from '../util/describeValue'
import { BackendError } from '../util/errors'
import { explainError, missingKernel } from './laneError'
import { programModules } from './modules'
import { initialiseExecution, sessionBackend } from './initialiseExecution'
import { openRunScope } from './runScope'
import type { BackendMeasurement, Execution } from './types'

const warmUpSteps = 3
const measuredSteps = 12
const measuredMs = 800

/** What is measured, and for how long. */
export interface MeasureOptions {
  readonly program: string
  readonly execution: Execution
  /** How compiled functions run, except for the backend; threads count for the start of the engine only. */
  readonly session: Omit<SessionSettings, 'backend'>
  readonly backends: readonly BackendName[]
  readonly assets: BackendResources
  readonly host: ModuleHost
  readonly now: () => number
  readonly yieldToHost: () => Promise<void>
  /** Called once the backends are there, before the program is read for the first time. */
  readonly onReady: () => void
  /** Called before a backend is started, and before the program is timed on it. */
  readonly onBackend: (backend: BackendName, stage: 'start' | 'measure') => void
  /** Asked between steps; true ends the measurement. */
  readonly isStopped: () => boolean
}

/** Measures the backends one after the other, in the order given. All are started before the program first runs. */
export async function measureBackends(options: MeasureOptions): Promise<BackendMeasurement[]> {
  const problems = new Map<BackendName, unknown>()
  for (const backend of options.backends) {
    if (options.isStopped()) return []
    options.onBackend(backend, 'start')
    await initialiseExecution({ ...options, backend }).catch((error: unknown) => problems.set(backend, error))
  }
  options.onReady()
  const trials = options.backends.map((backend) => ({ backend, run: prepareRun(options) }))
  const measurements: BackendMeasurement[] = []
  for (const { backend, run } of trials) {
    if (options.isStopped()) break
    options.onBackend(backend, 'measure')
    const problem = problems.get(backend)
    measurements.push(
      problem === undefined
        ? await measureBackend(backend, options, run)
        : { backend, unavailable: reasonOf(problem) },
    )
  }
  return measurements
}

/** All are read before the first one runs. */
function prepareRun({ program, host }: MeasureOptions): () => Promise<void> {
  return prepareEvaluation({
    text: program,
    modules: programModules(() => Promise.reject(new StoppedError())),
    hooks: { onLine: () => undefined, onExports: () => undefined },
    host,
  })
}

async function measureBackend(
  backend: BackendName,
  options: MeasureOptions,
  run: () => Promise<void>,
): Promise<BackendMeasurement> {
  try {
    // Started already: this only makes it the one in use.
    await initialiseExecution({ ...options, backend })
    const durations = await timeSteps(backend, options, run)
    const median = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)]
    if (median === undefined) return { backend, unavailable: 'The program ended before its first update.' }
    return { backend, microsecondsPerStep: 1000 * median }
  } catch (error) {
    return { backend, unavailable: reasonOf(error) }
  }
}

/** Why a backend cannot be used, said beside its name. */
function reasonOf(error: unknown): string {
  if (isInstance(error, BackendError) && error.reason !== undefined) return error.reason
  return missingKernel(error)?.reason ?? explainError(error).message
}

/** Milliseconds of each measured step; rejects with what the program throws. */
async function timeSteps(
  backend: BackendName,
  options: MeasureOptions,
  run: () => Promise<void>,
): Promise<readonly number[]> {
  const scope = openRunScope()
  const steps = new StepTimer(options)
  const settings = { ...options.session, backend: sessionBackend(options.execution, backend) }
  const session = new Session({ ...settings, observer: steps, now: options.now })
  steps.session = session
  setCurrentSession(session)
  setCurrentRun(steps)
  setUpdateObserver(() => steps.countUpdate())
  try {
    await run()
  } catch (located) {
    const { error } = located as LocatedError
    if (!isInstance(error, StoppedError)) throw error
  } finally {
    setUpdateObserver(null)
    setCurrentRun(null)
    setCurrentSession(null)
    session.dispose()
    scope.close()
  }
  return steps.durations()
}

class StepTimer implements CurrentRun, SessionObserver {
  readonly lineText = ''
  session: Session | null = null
  readonly #warmUp: number[] = []
  readonly #measured: number[] = []
  #updates = 0
  #updatesAtBoundary = 0
  #boundaryMs = 0
  #startMs = 0

  constructor(private readonly options: MeasureOptions) {}

  get execution(): Execution {
    return this.options.execution
  }

  countUpdate(): void {
    this.#updates++
  }

  /** Compiled steps are timed where they run, without what building their graph takes. */
  ran({ updates, steps, dispatchMs, computeMs }: BlockReport): void {
    if (updates === 0) return
    this.#updates += updates
    this.#add((dispatchMs + computeMs) / steps)
    this.#updatesAtBoundary = this.#updates
  }

  async batchBoundary(): Promise<boolean> {
    await this.session?.settle()
    if (this.session && this.session.queuedSteps > 0) return false
    const now = this.options.now()
    this.#endSection(now)
    if (this.#updates <= warmUpSteps) this.#startMs = now
    const isDone = this.#measured.length >= measuredSteps || now - this.#startMs > measuredMs
    if ((isDone && this.#measured.length > 0) || this.options.isStopped()) throw new StoppedError()
    await this.options.yieldToHost()
    this.#boundaryMs = this.options.now()
    return false
  }

  /** Milliseconds of each step after the first few; of a program that makes no more than those, of them. */
  durations(): readonly number[] {
    this.#endSection(this.options.now())
    return this.#measured.length > 0 ? this.#measured : this.#warmUp
  }

  #endSection(now: number): void {
    if (this.#updates === this.#updatesAtBoundary) return
    this.#add(now - this.#boundaryMs)
    this.#updatesAtBoundary = this.#updates
  }

  #add(durationMs: number): void {
    const durations = this.#updates > warmUpSteps ? this.#measured : this.#warmUp
    durations.push(durationMs)
  }

  log(): void {}
  print(): void {}
  warn(): void {}
  compiled(): void {}

  stepLimit(): number {
    return Infinity
  }

  wantsObservation(): boolean {
    return false
  }
}
