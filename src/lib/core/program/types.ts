/** What a run is started with and what it tells: plain data that also crosses worker boundaries. */
import type { CsvSelection } from '../data/csv'
import type { NdArray } from '../data/types'
import type { BackendName } from '../eager/backends'
import type { RunEvent, ScalarColumns } from '../events/types'
import type { ModelWeights } from '../nn/weights'
import type { CompiledReport, SignatureReport } from '../session/types'

/** Which of the two lanes. */
export type LaneId = 'A' | 'B'

/** When operations run: as the code does, or traced, compiled and replayed. */
export type Execution = 'eager' | 'static'

/** What a run is doing. */
export type RunStatus = 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed'

/** How far a run may go before it pauses by itself. */
export type RunLimit =
  | { readonly kind: 'none' }
  | { readonly kind: 'steps'; readonly count: number }
  | { readonly kind: 'duration'; readonly durationMs: number }

/** What the model is asked to predict while it trains, and what turns its output into probabilities. */
export type Probe =
  | {
      /** A square of `resolution`² points over [−extent, extent]², row by row from the top left. */
      readonly kind: 'grid'
      readonly extent: number
      readonly resolution: number
      readonly activation: 'linear' | 'sigmoid' | 'softmax'
    }
  | DigitsProbe
  | {
      /** Rows of a CSV file: cells all over the plotted square of two features, or rows for testing. */
      readonly kind: 'csv'
      readonly selection: CsvSelection
      /** The square is [−extent, extent]² with `resolution`² cells, row by row from the top left; null for rows. */
      readonly plane: { readonly extent: number; readonly resolution: number } | null
      readonly activation: 'linear' | 'sigmoid' | 'softmax'
    }
  | {
      /** What the page hands over, such as test sequences of different length. */
      readonly kind: 'examples'
      readonly x: NdArray
      readonly activation: 'linear' | 'sigmoid' | 'softmax'
    }
  | { readonly kind: 'none' }

/** The first `count` digits of the test split. */
export interface DigitsProbe {
  readonly kind: 'digits'
  readonly count: number
  readonly seed: number
  readonly samples: number
  readonly trainFraction: number
  readonly channelsFirst: boolean
  readonly activation: 'linear' | 'sigmoid' | 'softmax'
}

/** What a model reads in a drawing. */
export interface Classification {
  /** Updates made before. */
  readonly step: number
  /** One number for each of the ten digits. */
  readonly values: Float32Array
  /** They are not negative and add up to 1. */
  readonly areProbabilities: boolean
}

/** The weights of a run and when they were taken. */
export interface TakenWeights {
  readonly step: number
  readonly weights: ModelWeights
}

/** One row of `outputs` numbers per probed example, row-major. */
export interface Prediction {
  readonly step: number
  readonly values: Float32Array
  readonly outputs: number
}

/** The digits that a probe asks about. */
export interface DigitSamples {
  /** `count` images of 28 × 28 bytes. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
  readonly count: number
}

/** An error as it crosses the worker boundary; positions count from 1. */
export interface LaneError {
  readonly name: string
  readonly message: string
  readonly line?: number | undefined
  readonly column?: number | undefined
  /** The compiled function that was being traced: none of its steps ran. */
  readonly tracing?: string | undefined
}

/** What somebody asks for to see a function traced again: a batch of another size, or a number as an argument. */
export type RetraceCause = 'batchRows' | 'numberArgument'

/** What building graphs cost once, and where the time of a compiled step goes. */
export interface StaticCosts {
  readonly traceMs: number
  readonly passesMs: number
  /** Milliseconds that the runtime took to load graphs. */
  readonly compileMs: number
  /** Graphs made so far: the first trace of each function, and every retrace. */
  readonly traces: number
  /** Steps that one call of the runtime takes, on average. */
  readonly stepsPerBlock: number
  /** Milliseconds a step of putting arguments together. */
  readonly dispatchMsPerStep: number
  /** Milliseconds a step in the runtime; results are read back in it. */
  readonly computeMsPerStep: number
  /** Milliseconds a step outside of blocks: the program's own code, with its batches, its calls and its log. */
  readonly restMsPerStep: number
}

/** What a lane spent, per training step, over the steps since the previous report. */
export interface LedgerReport {
  /** Kernels the engine dispatched; views (Identity, Reshape) launch nothing and are left out. */
  readonly kernelsPerStep: number
  /** Times a value was read back from the backend. */
  readonly hostReadsPerStep: number
  readonly liveTensors: number
  readonly liveBytes: number
  /** Most tensors alive at once: measured between gradients and update, or of a graph, counted from its nodes. */
  readonly peakTensors: number
  /** Milliseconds of training, instruments and waiting left out. */
  readonly msPerStep: number
  /** Milliseconds that predictions, gradient norms and weight comparisons cost. */
  readonly instrumentMsPerStep: number
  /** Steps the figures cover. */
  readonly steps: number
  /** Of a lane that compiles its steps. */
  readonly static?: StaticCosts | undefined
}

/** A line that a program printed. */
export interface ConsoleEntry {
  readonly level: 'log' | 'warn' | 'error'
  readonly text: string
  readonly step: number
  readonly line?: number | undefined
}

/** What happened since the previous report. */
export interface RunReport {
  readonly step: number
  readonly epoch: number
  /** How the last training step ran; null before the first. */
  readonly execution: Execution | null
  /** Line of the program in progress; 0 before the first statement. */
  readonly line: number
  /** All lines that ran since the previous report. */
  readonly lines: readonly number[]
  readonly scalars: readonly ScalarColumns[]
  readonly events: readonly RunEvent[]
  readonly console: readonly ConsoleEntry[]
  /** Console lines dropped because the program printed too fast. */
  readonly droppedConsole: number
  readonly ledger?: LedgerReport | undefined
  /** Signatures of compiled functions; absent where nothing was compiled. */
  readonly signatures?: readonly SignatureReport[] | undefined
}

/** Where a run sends what it has to tell. */
export interface RunPort {
  status(status: RunStatus, at: { step: number; epoch: number }, error?: LaneError): void
  report(report: RunReport): void
  /** A function was traced and compiled. */
  compiled(report: CompiledReport): void
  prediction(prediction: Prediction): void
  digitSamples(samples: DigitSamples): void
  /** The trained model as an ONNX file, where one was asked for. */
  modelFile?(bytes: Uint8Array): void
  /** The weights before the first batch. */
  initialWeights(weights: ModelWeights): void
  /** Weights to compare with the other lane's at the same step. */
  comparedWeights(step: number, weights: ModelWeights): void
  /** Settles with the other lane's initial weights; rejects when that lane cannot give them. */
  requestInitialWeights(of: LaneId): Promise<ModelWeights>
}

/** What `auto` found on one backend: microseconds a step, or why it cannot be used. */
export interface BackendMeasurement {
  readonly backend: BackendName
  readonly microsecondsPerStep?: number
  readonly unavailable?: string
}
