/** Everything that crosses between the page and a lane's worker: two unions and a run number. */
import type { BackendName } from '../core/eager/backends'
import type { ModelWeights } from '../core/nn/weights'
import type {
  BackendMeasurement,
  DigitSamples,
  LaneError,
  LaneId,
  Prediction,
  Probe,
  RunLimit,
  RunReport,
  RunStatus,
} from '../core/program/types'

export type { BackendName, ModelWeights }
export type {
  BackendMeasurement,
  ConsoleEntry,
  DigitSamples,
  LaneError,
  LaneId,
  LedgerReport,
  Prediction,
  Probe,
  RunLimit,
  RunReport,
  RunStatus,
} from '../core/program/types'

/** Where the worker finds what it loads; all on the page's own origin. */
export interface LaneAssets {
  /** Folder URL of the tfjs wasm binaries, by file name. */
  readonly wasmFiles: Readonly<Record<string, string>>
  /** URL of the packed digits. */
  readonly digits: string
}

export interface StartOptions {
  /** Program text, exactly as shown. */
  readonly program: string
  /** Names the run in its events. */
  readonly run: string
  readonly backend: BackendName
  /** Tried in this order if the backend is missing or lost. */
  readonly fallbacks: readonly BackendName[]
  readonly limit: RunLimit
  readonly probe: Probe
  /** Names the comparison for the meter: weights at steps 1, 2, 4, 8 …, at ends of epochs (all up to 99, then round ones) and on pause. Null for none. */
  readonly comparison: number | null
}

export type LaneCommand =
  /** First command; the lane sends the weights to compare through `meter`, past the page. */
  | { readonly type: 'load'; readonly assets: LaneAssets; readonly meter: MessagePort }
  | {
      readonly type: 'measure'
      readonly runId: number
      readonly program: string
      readonly backends: readonly BackendName[]
    }
  | ({ readonly type: 'start'; readonly runId: number } & StartOptions)
  | { readonly type: 'resume'; readonly runId: number; readonly limit: RunLimit }
  | { readonly type: 'pause'; readonly runId: number }
  | { readonly type: 'stop'; readonly runId: number }
  | {
      readonly type: 'setLearningRate'
      readonly runId: number
      readonly learningRate: number
      readonly fromStep: number
    }
  | {
      readonly type: 'initialWeights'
      readonly runId: number
      readonly weights: ModelWeights | { readonly unavailable: string }
    }

export type LaneMessage =
  /** Answers `stop` once nothing runs any more. */
  | { readonly type: 'idle'; readonly runId: number }
  /** The worker itself failed; sent by the client in its place. */
  | { readonly type: 'broken'; readonly message: string }
  | { readonly type: 'progress'; readonly label: string; readonly loaded: number; readonly total: number }
  | {
      readonly type: 'measured'
      readonly runId: number
      readonly measurements: readonly BackendMeasurement[]
    }
  | {
      readonly type: 'status'
      readonly runId: number
      readonly status: RunStatus
      readonly step: number
      readonly epoch: number
      readonly error?: LaneError
    }
  | { readonly type: 'report'; readonly runId: number; readonly report: RunReport }
  | { readonly type: 'prediction'; readonly runId: number; readonly prediction: Prediction }
  | { readonly type: 'digitSamples'; readonly runId: number; readonly samples: DigitSamples }
  | { readonly type: 'initialWeights'; readonly runId: number; readonly weights: ModelWeights }
  | { readonly type: 'needInitialWeights'; readonly runId: number; readonly of: LaneId }
  | {
      /** The backend in use: the one asked for, or the fallback and why. */
      readonly type: 'backend'
      readonly runId: number
      readonly backend: BackendName
      readonly reason?: string | undefined
      /** Set when the run begins again after a loss: the step whose weights it goes on from. */
      readonly fromStep?: number | undefined
    }
