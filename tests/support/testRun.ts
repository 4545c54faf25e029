/** Runs program text in Node for tests: a lane without a worker. */
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import type { ModelWeights } from '../../src/lib/core/nn/weights'
import type { CompiledReport } from '../../src/lib/core/session/types'
import { dataModuleHost } from '../../src/lib/core/program/evaluate'
import { LaneRun } from '../../src/lib/core/program/laneRun'
import type { LaneRunOptions } from '../../src/lib/core/program/laneRunOptions'
import type {
  DigitSamples,
  LaneError,
  Prediction,
  RunReport,
  RunStatus,
} from '../../src/lib/core/program/types'

/** Everything a run told, and the run itself to steer it. */
export interface TestRun {
  readonly lane: LaneRun
  readonly statuses: RunStatus[]
  readonly reports: RunReport[]
  readonly predictions: Prediction[]
  readonly compiled: CompiledReport[]
  readonly modelFiles: Uint8Array[]
  readonly weights: { step: number; weights: ModelWeights }[]
  error: LaneError | undefined
  /** Settles when the program has ended. */
  readonly done: Promise<Error | null>
  /** Settles when the run next has this status. */
  reaches(status: RunStatus): Promise<void>
  /** Values of a tag by step. */
  series(tag: string): { step: number; value: number }[]
}

type TestRunOptions = Partial<LaneRunOptions> & {
  /** Of the other lane. */
  initialWeights?: ModelWeights
  /** Called with the digits that the probe asks about. */
  digitSamples?: (samples: DigitSamples) => void
}

/** Starts `program` on the cpu backend. */
export async function startTestRun(program: string, options: TestRunOptions = {}): Promise<TestRun> {
  await initialiseBackend('cpu')
  const statuses: RunStatus[] = []
  const reports: RunReport[] = []
  const predictions: Prediction[] = []
  const compiled: CompiledReport[] = []
  const modelFiles: Uint8Array[] = []
  const weights: { step: number; weights: ModelWeights }[] = []
  const waiting: { status: RunStatus; resolve: () => void }[] = []
  const lane = new LaneRun({
    program,
    run: 'test',
    execution: 'eager',
    session: { backend: 'wasm' },
    limit: { kind: 'none' },
    probe: { kind: 'none' },
    compareWeights: false,
    keepsCheckpoints: false,
    host: dataModuleHost,
    now: () => performance.now(),
    yieldToHost: () => new Promise((resolve) => setImmediate(resolve)),
    port: {
      status(status, _at, error) {
        statuses.push(status)
        run.error = error
        for (const wait of waiting.splice(0)) {
          if (wait.status === status) wait.resolve()
          else waiting.push(wait)
        }
      },
      report: (report) => reports.push(report),
      compiled: (report) => compiled.push(report),
      prediction: (prediction) => predictions.push(prediction),
      digitSamples: (samples) => options.digitSamples?.(samples),
      modelFile: (bytes) => modelFiles.push(bytes),
      initialWeights: (posted) => weights.push({ step: 0, weights: posted }),
      comparedWeights: (step, posted) => weights.push({ step, weights: posted }),
      requestInitialWeights: () =>
        options.initialWeights
          ? Promise.resolve(options.initialWeights)
          : Promise.reject(new Error('initialWeights: there is no other lane.')),
    },
    ...options,
  })
  const run: TestRun = {
    lane,
    statuses,
    reports,
    predictions,
    compiled,
    modelFiles,
    weights,
    error: undefined,
    done: lane.run(),
    reaches: (status) => new Promise((resolve) => waiting.push({ status, resolve })),
    series: (tag) =>
      reports
        .flatMap(({ scalars }) => scalars.filter((columns) => columns.tag === tag))
        .flatMap(({ steps, values }) =>
          Array.from(steps, (step, index) => ({ step, value: values[index] ?? NaN })),
        ),
  }
  return run
}
