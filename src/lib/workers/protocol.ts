/** Everything that crosses between the page and a lane's worker: two unions and a run number. */
import type { RunEvent, ScalarColumns } from '../core/events/types'
import type { ModelWeights } from '../core/nn/weights'

export type LaneId = 'A' | 'B'

export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu'

/** Where the worker finds what it loads; all on the page's own origin. */
export interface LaneAssets {
  /** Folder URL of the tfjs wasm binaries, by file name. */
  readonly wasmFiles: Readonly<Record<string, string>>
  /** URL of the packed digits. */
  readonly digits: string
}

/** How far a lane may run before it pauses by itself. */
export type RunLimit =
  | { readonly kind: 'none' }
  | { readonly kind: 'steps'; readonly count: number }
  | { readonly kind: 'duration'; readonly durationMs: number }

/** What the page asks the model to predict while it trains. */
export type Probe =
  | {
      /** A square of `resolution`² points over [−extent, extent]², row by row from the top left. */
      readonly kind: 'grid'
      readonly extent: number
      readonly resolution: number
      readonly activation: 'linear' | 'sigmoid' | 'softmax'
    }
  | {
      /** The first `count` digits of the test split; `seed` is the split's. */
      readonly kind: 'digits'
      readonly count: number
      readonly seed: number
      readonly samples: number
      readonly trainFraction: number
      readonly channelsFirst: boolean
      readonly activation: 'linear' | 'softmax'
    }
  | { readonly kind: 'none' }

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
  /** Weights are posted at steps 1, 2, 4, 8 …, at epoch ends and on pause. */
  readonly compareWeights: boolean
}

export type LaneCommand =
  | { readonly type: 'load'; readonly assets: LaneAssets }
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
  | { readonly type: 'setLearningRate'; readonly runId: number; readonly learningRate: number }
  | {
      readonly type: 'initialWeights'
      readonly runId: number
      readonly weights: ModelWeights | { readonly unavailable: string }
    }

/** What `auto` found on one backend: microseconds a step, or why it cannot be used. */
export interface BackendMeasurement {
  readonly backend: BackendName
  readonly microsecondsPerStep?: number
  readonly unavailable?: string
}

/** An error as it crosses the worker boundary. */
export interface LaneError {
  readonly name: string
  readonly message: string
  /** Line of the program text, counted from 1. */
  readonly line?: number | undefined
  readonly column?: number | undefined
}

export type RunStatus = 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed'

/** What a lane spent, over the steps since the previous report. */
export interface LedgerReport {
  readonly kernelsPerStep: number
  readonly hostReadsPerStep: number
  readonly liveTensors: number
  readonly liveBytes: number
  /** Milliseconds a step, instruments left out. */
  readonly msPerStep: number
  /** Milliseconds the instruments cost per step: predictions, gradient norms, weight comparison. */
  readonly instrumentMsPerStep: number
  /** Steps the figures cover. */
  readonly steps: number
}

export interface ConsoleEntry {
  readonly level: 'log' | 'warn' | 'error'
  readonly text: string
  readonly step: number
  readonly line?: number | undefined
}

export interface Prediction {
  readonly step: number
  /** Grid: one row of outputs per point. Digits: one row of ten per digit. Row-major. */
  readonly values: Float32Array
  readonly outputs: number
}

export type LaneMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly label: string; readonly loaded: number; readonly total: number }
  | {
      readonly type: 'measured'
      readonly runId: number
      readonly measurements: readonly BackendMeasurement[]
      readonly error?: LaneError
    }
  | {
      readonly type: 'status'
      readonly runId: number
      readonly status: RunStatus
      readonly step: number
      readonly epoch: number
      readonly error?: LaneError
    }
  | {
      readonly type: 'report'
      readonly runId: number
      readonly step: number
      readonly epoch: number
      /** Line of the program in progress, and all lines that ran since the last report. */
      readonly line: number
      readonly lines: readonly number[]
      readonly scalars: readonly ScalarColumns[]
      readonly events: readonly RunEvent[]
      readonly console: readonly ConsoleEntry[]
      /** Console lines dropped because the program printed too fast. */
      readonly droppedConsole: number
      readonly ledger?: LedgerReport
    }
  | { readonly type: 'prediction'; readonly runId: number; readonly prediction: Prediction }
  | { readonly type: 'weights'; readonly runId: number; readonly step: number; readonly weights: ModelWeights }
  | { readonly type: 'needInitialWeights'; readonly runId: number; readonly of: LaneId }
  | {
      /** The backend in use: the one asked for, or the fallback and why. */
      readonly type: 'backend'
      readonly runId: number
      readonly backend: BackendName
      readonly reason?: string
    }
