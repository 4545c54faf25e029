/** A runtime that is loaded when the first graph is: a lane that compiles nothing downloads none. */
import type { tf } from '../eager/tfjs'
import type { Graph } from '../graph/types'
import { initialiseRuntime } from './initialiseRuntime'
import type { LoadedGraph, Runtime, StateValue } from './runtime'
import type { SessionSettings, StaticBackend } from './types'

/** Loads the runtime behind it when it is first used. */
export class LazyRuntime implements Runtime {
  readonly backend: StaticBackend
  readonly runsBlocks: boolean
  #loading: Promise<Runtime> | null = null
  #loaded: Runtime | null = null

  constructor(private readonly settings: SessionSettings) {
    this.backend = settings.backend
    // ONNX Scan and Loop run on the CPU only.
    this.runsBlocks = settings.backend === 'wasm'
  }

  async load(graph: Graph, form: 'step' | 'block'): Promise<LoadedGraph> {
    return (await this.#get()).load(graph, form)
  }

  async upload(variables: readonly tf.Variable[]): Promise<StateValue> {
    return (await this.#get()).upload(variables)
  }

  async download(value: StateValue, variables: readonly tf.Variable[]): Promise<void> {
    await (await this.#get()).download(value, variables)
  }

  downloadNow(value: StateValue, variables: readonly tf.Variable[]): boolean {
    return this.#loaded?.downloadNow(value, variables) ?? false
  }

  release(value: StateValue): void {
    this.#loaded?.release(value)
  }

  async #get(): Promise<Runtime> {
    this.#loading ??= initialiseRuntime(this.settings)
    return (this.#loaded = await this.#loading)
  }
}
