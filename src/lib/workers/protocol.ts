/** Everything that crosses between the page and a lane's worker: two unions and a run number. */
import type { CsvSource } from './csvProtocol'
import type { BackendName } from '../core/eager/backends'
import type { ModelWeights } from '../core/nn/weights'
import type { PassName } from '../core/passes/pass'
import type { Checkpoint } from '../core/program/checkpoint'
import type { GivenFile, LoadedWeights } from '../core/program/weightLoads'
import type { InspectedGraph, RecordedStep } from '../core/program/stepViews'
import type { ExportedExample } from '../core/export'
import type { Graph } from '../core/graph/types'
import type { Inspection } from '../core/session/inspect'
import type { CompiledReport, OrtBuilds } from '../core/session/types'
import type {
  BackendMeasurement,
  Classification,
  DigitSamples,
  Execution,
  LaneError,
  LaneId,
  Prediction,
  Probe,
  RetraceCause,
  RunLimit,
  RunReport,
  RunStatus,
  TakenWeights,
} from '../core/program/types'

export type { CsvSource } from './csvProtocol'
export type { GivenFile, LoadedWeights } from '../core/program/weightLoads'
export type { BackendName, Checkpoint, CompiledReport, InspectedGraph, ModelWeights, PassName, RecordedStep }
export type { Graph } from '../core/graph/types'
export type { LogEvent, LoggedKernel } from '../core/eager/kernelLog'
export type { Inspection, ValueSummary } from '../core/session/inspect'
export type { GraphStage, PassReport, SignatureReport } from '../core/session/types'
export type {
  BackendMeasurement,
  Classification,
  ConsoleEntry,
  DigitSamples,
  Execution,
  LaneError,
  LaneId,
  LedgerReport,
  Prediction,
  Probe,
  RetraceCause,
  RunLimit,
  RunReport,
  RunStatus,
  TakenWeights,
} from '../core/program/types'

/** Where the worker finds what it loads; all on the page's own origin. */
export interface LaneAssets {
  /** Folder URL of the tfjs wasm binaries, by file name. */
  readonly wasmFiles: Readonly<Record<string, string>>
  /** URLs of onnxruntime-web's builds. */
  readonly ortBuilds: OrtBuilds
  /** URL of the packed digits. */
  readonly digits: string
}

/** A program and how a lane runs it. */
export interface StartOptions {
  /** Program text, exactly as shown. */
  readonly program: string
  /** Names the run in its events. */
  readonly run: string
  readonly execution: Execution
  /** Passes that are left out; for static execution. */
  readonly disabledPasses: readonly PassName[]
  readonly backend: BackendName
  /** Tried in this order if the backend is missing or lost. */
  readonly fallbacks: readonly BackendName[]
  readonly limit: RunLimit
  /** One example: the model is then exported as an ONNX file when it is trained. */
  readonly exportExample?: ExportedExample | undefined
  /** Where to go on from, when an earlier part of the run was interrupted, or lost its backend. */
  readonly checkpoint?: Checkpoint | undefined
  /** Why the run goes on elsewhere than it began: the backend that it had is gone. */
  readonly lost?: string | undefined
  readonly probe: Probe
  /** The file that `csv` reads. */
  readonly csv?: CsvSource | undefined
  /** Names the comparison for the meter: weights at steps 1, 2, 4, 8 …, at ends of epochs (all up to 99, then round ones) and on pause. Null for none. */
  readonly comparison: number | null
}

/** What a lane's worker is told. */
export type LaneCommand =
  /**
   * First command, then one program to measure or to run: no worker gets a second. The lane sends the weights to compare
   * through `meter`, past the page, and its engine of compiled graphs may have that many threads.
   */
  | {
      readonly type: 'load'
      readonly assets: LaneAssets
      readonly threads: number
      readonly meter: MessagePort
    }
  | {
      readonly type: 'measure'
      readonly runId: number
      readonly program: string
      readonly execution: Execution
      readonly backends: readonly BackendName[]
      /** The file that `csv` reads. */
      readonly csv?: CsvSource | undefined
    }
  | ({ readonly type: 'start'; readonly runId: number } & StartOptions)
  | { readonly type: 'resume'; readonly runId: number; readonly limit: RunLimit }
  | { readonly type: 'pause'; readonly runId: number }
  | { readonly type: 'stop'; readonly runId: number }
  /** Ends the run at its next step, to go on from its checkpoint with another program or execution. */
  | { readonly type: 'interrupt'; readonly runId: number }
  /** Answered by `tape` after the next training step. */
  | { readonly type: 'recordTape'; readonly runId: number }
  /** Answered by `inspection`. */
  | {
      readonly type: 'inspect'
      readonly runId: number
      readonly inspectionId: number
      readonly inspected: InspectedGraph
    }
  /** Answered by `onnx`. */
  | { readonly type: 'encode'; readonly runId: number; readonly fileId: number; readonly graph: Graph }
  /** Answered by `classified`, also after the run: what the model reads in 28 × 28 pixels of 0..1. */
  | {
      readonly type: 'classify'
      readonly runId: number
      readonly questionId: number
      readonly pixels: Float32Array
    }
  /** Answered by `weights`, also after the run. */
  | { readonly type: 'takeWeights'; readonly runId: number; readonly questionId: number }
  /** Answered by `weightsLoaded`: before the next batch the model gets the weights of a safetensors file. */
  | {
      readonly type: 'loadWeights'
      readonly runId: number
      readonly questionId: number
      readonly file: GivenFile
    }
  /** The next training step gets a smaller batch, or a number as one more argument. */
  | { readonly type: 'provoke'; readonly runId: number; readonly cause: RetraceCause }
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

/** What a lane's worker tells. */
export type LaneMessage =
  /** Answers `stop` once nothing runs any more. */
  | { readonly type: 'idle'; readonly runId: number }
  /** The worker itself failed, or sent what is no message: said by the client in its place. */
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
  /** A function was traced and compiled: its graph at every stage. */
  | { readonly type: 'compiled'; readonly runId: number; readonly report: CompiledReport }
  | { readonly type: 'tape'; readonly runId: number; readonly recorded: RecordedStep }
  | {
      readonly type: 'inspection'
      readonly runId: number
      readonly inspectionId: number
      readonly outcome: Inspection | { readonly unavailable: string }
    }
  | {
      readonly type: 'onnx'
      readonly runId: number
      readonly fileId: number
      readonly outcome: Uint8Array<ArrayBuffer> | { readonly unavailable: string }
    }
  | {
      readonly type: 'classified'
      readonly runId: number
      readonly questionId: number
      readonly outcome: Classification | { readonly unavailable: string }
    }
  | {
      readonly type: 'weights'
      readonly runId: number
      readonly questionId: number
      readonly outcome: TakenWeights | { readonly unavailable: string }
    }
  | {
      readonly type: 'weightsLoaded'
      readonly runId: number
      readonly questionId: number
      readonly outcome: LoadedWeights | { readonly unavailable: string }
    }
  /** The run's backend is gone: it can go on in another worker, on what is left of its fallbacks. */
  | {
      readonly type: 'lost'
      readonly runId: number
      readonly reason: string
      readonly fallbacks: readonly BackendName[]
      /** The last copy of its weights; none if the loss came before the first. */
      readonly checkpoint: Checkpoint | undefined
    }
  /** Answers `interrupt`; without a checkpoint where the program has no model yet. */
  | {
      readonly type: 'interrupted'
      readonly runId: number
      readonly checkpoint: Checkpoint | undefined
      /** How far the run might have gone: nowhere while it is paused. */
      readonly limit: RunLimit
    }
  | { readonly type: 'prediction'; readonly runId: number; readonly prediction: Prediction }
  | { readonly type: 'digitSamples'; readonly runId: number; readonly samples: DigitSamples }
  /** The trained model as an ONNX file. */
  | { readonly type: 'modelFile'; readonly runId: number; readonly bytes: Uint8Array }
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
