/** A program run to its end, or to a limit, without a page: the real run of a lane with a port of its own. */
import { tf } from '../../lib/core/eager/tfjs'
import type { BackendName } from '../../lib/core/eager/backends'
import type { ModelWeights } from '../../lib/core/nn/weights'
import { dataModuleHost } from '../../lib/core/program/evaluate'
import { initialiseExecution, sessionBackend } from '../../lib/core/program/initialiseExecution'
import { LaneRun } from '../../lib/core/program/laneRun'
import type {
  Execution,
  LaneError,
  RunLimit,
  RunPort,
  RunReport,
  RunStatus,
} from '../../lib/core/program/types'
import type { CompiledReport } from '../../lib/core/session/types'

/** A program and how to run it. */
export interface HeadlessOptions {
  readonly program: string
  readonly execution: Execution
  readonly backend: BackendName
  /** The run ends there. */
  readonly limit: RunLimit
  /** What the program gets as lane A's initial weights; null where it asks for none. */
  readonly initialWeights: ModelWeights | null
  readonly onReport?: (report: RunReport) => void
  readonly onCompiled?: (report: CompiledReport) => void
}

/** How a run ended. */
export interface Outcome {
  /** Updates that were made. */
  readonly steps: number
  /** Why the program failed; null where it ended, was stopped or came to its limit. */
  readonly error: LaneError | null
  /** The model's weights at the beginning; null where the program did not get so far. */
  readonly initialWeights: ModelWeights | null
  /** The model's weights at the end, unless it failed. */
  readonly weights: ModelWeights | null
}

/** A run that has been started. */
export interface HeadlessRun {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
  /** Ends the run at its next batch. */
  stop(): void
}

/** Starts the program; rejects with BackendError where the backend cannot be had. */
export async function startHeadless(options: HeadlessOptions): Promise<HeadlessRun> {
  const { execution, backend } = options
  // Without it the library advertises itself on the console.
  tf.enableProdMode()
  await initialiseExecution({ execution, backend, assets: {}, session: {} })
  const notes = new RunNotes(options, () => lane.stop())
  const lane = new LaneRun({
    program: options.program,
    run: 'lab',
    execution,
    session: { backend: sessionBackend(execution, backend) },
    limit: options.limit,
    probe: { kind: 'none' },
    // Posts them also where the run comes to rest.
    compareWeights: true,
    keepsCheckpoints: false,
    host: dataModuleHost,
    port: notes,
    now: () => performance.now(),
    yieldToHost: () => new Promise((resolve) => setImmediate(resolve)),
  })
  return { outcome: lane.run().then(() => notes.outcome()), stop: () => lane.pause() }
}

/** The port of a run: keeps what its outcome is made of. A run that comes to rest is over. */
class RunNotes implements RunPort {
  #steps = 0
  #error: LaneError | null = null
  #initialWeights: ModelWeights | null = null
  #weights: ModelWeights | null = null

  constructor(
    private readonly options: HeadlessOptions,
    private readonly end: () => void,
  ) {}

  outcome(): Outcome {
    return {
      steps: this.#steps,
      error: this.#error,
      initialWeights: this.#initialWeights,
      weights: this.#error ? null : this.#weights,
    }
  }

  status(status: RunStatus, { step }: { step: number }, error?: LaneError): void {
    this.#steps = step
    this.#error = error ?? null
    // The run rests once it has told so.
    if (status === 'paused') setImmediate(this.end)
  }

  report(report: RunReport): void {
    this.options.onReport?.(report)
  }

  compiled(report: CompiledReport): void {
    this.options.onCompiled?.(report)
  }

  initialWeights(weights: ModelWeights): void {
    this.#initialWeights = weights
    this.#weights = weights
  }

  comparedWeights(_step: number, weights: ModelWeights): void {
    this.#weights = weights
  }

  requestInitialWeights(): Promise<ModelWeights> {
    const { initialWeights } = this.options
    if (initialWeights) return Promise.resolve(initialWeights)
    return Promise.reject(new Error('internal: a program without a leader asks for its weights'))
  }

  prediction(): void {}

  digitSamples(): void {}
}
