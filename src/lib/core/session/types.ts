/** What compiled functions are given, what they give back, and what they tell. */
import type { Graph, TensorType } from '../graph/types'
import type { PassName } from '../passes/pass'
import type { Retrace } from '../util/retrace'

/** Where graphs run: onnxruntime-web on `wasm` or `webgpu`; the graph interpreter on tfjs' `webgl` kernels. */
export const staticBackends = ['webgpu', 'webgl', 'wasm'] as const

/** A backend that compiled steps run on. */
export type StaticBackend = (typeof staticBackends)[number]

/** Values on the host. */
export type HostValues = Float32Array | Int32Array | Uint8Array

/** A tensor on the host, row-major. */
export interface HostTensor extends TensorType {
  readonly values: HostValues
}

/** A graph as it was after one stage of its compilation. */
export interface GraphStage {
  /** `trace`, or the name of a pass. */
  readonly name: string
  /** What happened in it, in plain words. */
  readonly title: string
  readonly graph: Graph
}

/** A pass of the optimiser, run or left out. */
export interface PassReport {
  readonly name: PassName
  readonly title: string
  readonly isEnabled: boolean
}

/** One signature of one function became a graph. */
export interface CompiledReport {
  readonly function: string
  readonly signature: string
  readonly traceMs: number
  readonly passesMs: number
  /** Milliseconds that the runtime took to load the graph. */
  readonly compileMs: number
  /** The traced graph first, the one that runs last. */
  readonly stages: readonly GraphStage[]
  /** Every pass, in order. */
  readonly passes: readonly PassReport[]
  /** What the model calls its variables, by their names in the graph; absent where nobody knows the model. */
  readonly variableNames?: Readonly<Record<string, string>> | undefined
  readonly backend: StaticBackend
  /** The function changes variables. */
  readonly isTraining: boolean
  /** Most values that are alive at once when the nodes run in order. */
  readonly peakValues: number
  /** Why there was no graph for the call already; absent for the first. */
  readonly retrace?: Retrace | undefined
}

/** How often a signature was called since it was compiled. */
export interface SignatureReport {
  readonly function: string
  readonly signature: string
  /** Calls that found the graph there. */
  readonly hits: number
  /** Milliseconds its trace, passes and compilation took. */
  readonly buildMs: number
  readonly nodes: number
  /** Why it was traced; absent for the first of its function. */
  readonly retrace?: Retrace | undefined
}

/** What one block of steps cost. */
export interface BlockReport {
  readonly steps: number
  /** Updates that optimizers made in them; 0 where nothing was trained. */
  readonly updates: number
  /** Milliseconds of putting arguments together. */
  readonly dispatchMs: number
  /** Milliseconds in the runtime. */
  readonly computeMs: number
  /** What was observed beside the results; the block then had one step and more to compute than others. */
  readonly observed: Readonly<Record<string, number>> | null
}

/** Who is told, and asked, while a session runs. */
export interface SessionObserver {
  compiled(report: CompiledReport): void
  /** A call could not be traced; its error follows. */
  traceFailed?(functionName: string): void
  /** Called after each block. */
  ran(block: BlockReport): void
  /** How many updates may be made before the lane wants control again. */
  stepLimit(): number
  /** Whether the next training step should be run alone, with what is observed of it. */
  wantsObservation(): boolean
  warn(message: string): void
}

/** Where the files of onnxruntime-web are. */
export interface OrtFiles {
  readonly wasm: string
  readonly mjs: string
}

/** URLs of onnxruntime-web's builds; in Node they are found beside the package. */
export type OrtBuilds = Readonly<Record<'wasm' | 'jspi', OrtFiles>>

/** Bytes of a URL. Rejects where they cannot be had. */
export type Download = (url: string) => Promise<Uint8Array>

/** How a session's runtime is started. */
export interface SessionSettings {
  readonly backend: StaticBackend
  /** Threads of the wasm runtime, which start with it; 1 where not given. A worker that is sealed can start no others. */
  readonly threads?: number | undefined
  /** Passes that are left out. */
  readonly disabledPasses?: readonly PassName[] | undefined
  readonly observer?: SessionObserver | undefined
  /** Milliseconds from any origin. */
  readonly now?: (() => number) | undefined
}
