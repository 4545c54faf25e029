/** onnxruntime-web as a runtime: graphs become ONNX models, state stays in the runtime's tensors between steps. */
import { reportBackendLost } from '../eager/backends'
import type { tf } from '../eager/tfjs'
import { typesOf } from '../graph/queries'
import type { DType, Graph, TensorType } from '../graph/types'
import { encodeLoop, encodeModel, loopInputs, outputNames } from '../onnx/index'
import { CompileError } from '../util/errors'
import { assignVariables, readVariables, typeOfVariables } from './hostState'
import type { Ort } from './loadOrt'
import type { BlockInput, BlockOutput, LoadedGraph, Runtime, StateValue } from './runtime'
import type { HostTensor, HostValues } from './types'

/** The last call of the WebGPU engine: two that overlap crash or hang, so they follow one another. */
let lastCall: Promise<unknown> = Promise.resolve()

/** Devices of the WebGPU engine whose loss is waited for. */
const watchedDevices = new WeakSet<GPUDevice>()

/** Runs graphs in onnxruntime-web. */
export class OrtRuntime implements Runtime {
  readonly runsBlocks: boolean

  constructor(
    readonly backend: 'wasm' | 'webgpu',
    private readonly ort: typeof Ort,
  ) {
    this.runsBlocks = backend === 'wasm'
  }

  async load(graph: Graph, form: 'step' | 'block'): Promise<LoadedGraph> {
    const names = outputNames(graph)
    const stateOutputs = names.states.flatMap((name) => name ?? [])
    const bytes = form === 'step' ? encodeModel(graph) : encodeLoop(graph)
    const options: Ort.InferenceSession.SessionOptions =
      this.backend === 'wasm'
        ? { executionProviders: ['wasm'], enableCpuMemArena: true }
        : {
            executionProviders: [{ name: 'webgpu' }],
            preferredOutputLocation: Object.fromEntries(
              stateOutputs.map((name) => [name, 'gpu-buffer' as const]),
            ),
          }
    try {
      const session = await this.#exclusively(() => this.ort.InferenceSession.create(bytes, options))
      if (this.backend === 'webgpu') watchForLoss(await this.ort.env.webgpu.device)
      return new OrtGraph(this.ort, session, graph, form, (run) => this.#exclusively(run))
    } catch (cause) {
      throw new CompileError(
        `compile: expected a graph that onnxruntime-web on ${this.backend} can run, got an error: ${messageOf(cause)}. ` +
          'Choose another backend, or run this lane eagerly.',
        { cause },
      )
    }
  }

  async upload(variables: readonly tf.Variable[]): Promise<StateValue> {
    const values = await readVariables(variables)
    const [only] = variables
    const dims = variables.length === 1 && only ? only.shape : [values.length]
    return new this.ort.Tensor(typeOfVariables(variables), values, dims)
  }

  async download(value: StateValue, variables: readonly tf.Variable[]): Promise<void> {
    const tensor = value as Ort.Tensor
    const data = await this.#exclusively(() => tensor.getData())
    assignVariables(data as HostValues, variables)
  }

  downloadNow(value: StateValue, variables: readonly tf.Variable[]): boolean {
    const tensor = value as Ort.Tensor
    if (tensor.location !== 'cpu') return false
    assignVariables(tensor.data as HostValues, variables)
    return true
  }

  release(value: StateValue): void {
    ;(value as Ort.Tensor).dispose()
  }

  #exclusively<T>(run: () => Promise<T>): Promise<T> {
    if (this.backend === 'wasm') return run()
    const result = lastCall.then(run)
    lastCall = result.catch(() => undefined)
    return result
  }
}

/** The engine makes a device for its first graph, and destroys it with its last: only then nothing was lost. */
function watchForLoss(device: GPUDevice): void {
  if (watchedDevices.has(device)) return
  watchedDevices.add(device)
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') reportBackendLost('webgpu', message || reason)
  })
}

class OrtGraph implements LoadedGraph {
  readonly #names: ReturnType<typeof outputNames>
  readonly #stateOutputs: readonly (readonly [input: string, output: string])[]
  /** Input that tells the number of steps where nothing else does. */
  readonly #counter: string | null
  readonly #resultTypes: readonly TensorType[]

  constructor(
    private readonly ort: typeof Ort,
    private readonly session: Ort.InferenceSession,
    graph: Graph,
    private readonly form: 'step' | 'block',
    private readonly exclusively: <T>(run: () => Promise<T>) => Promise<T>,
  ) {
    this.#names = outputNames(graph)
    this.#stateOutputs = graph.states.flatMap(({ input }, index) => {
      const output = this.#names.states[index] ?? null
      return output === null ? [] : [[input, output] as const]
    })
    this.#counter = form === 'block' ? loopInputs(graph).counter : null
    this.#resultTypes = typesOf(graph, graph.results)
  }

  async run({ steps, feeds, states }: BlockInput): Promise<BlockOutput> {
    const inputs: Record<string, Ort.Tensor> = {}
    const leading = this.form === 'block' ? [steps] : []
    for (const [name, { dtype, shape, values }] of feeds) {
      inputs[name] = new this.ort.Tensor(ortType(dtype), values, [...leading, ...shape])
    }
    for (const [name, value] of states) inputs[name] = value as Ort.Tensor
    if (this.#counter !== null)
      inputs[this.#counter] = new this.ort.Tensor('bool', new Uint8Array(steps), [steps])
    const outputs = await this.exclusively(() => this.session.run(inputs))
    return {
      results: this.#names.results.map((name, index) => this.#result(outputs[name], index)),
      states: new Map(this.#stateOutputs.map(([input, output]) => [input, tensorOf(outputs, output)])),
    }
  }

  dispose(): void {
    // Where the engine is lost there is nothing to free, and nobody waits to be told.
    this.exclusively(() => this.session.release()).catch(() => undefined)
  }

  #result(tensor: Ort.Tensor | undefined, index: number): HostTensor {
    const type = this.#resultTypes[index]
    if (!tensor || !type) throw new Error(`internal: the runtime gave no result ${index}`)
    return { ...type, values: hostValues(tensor) }
  }
}

function tensorOf(outputs: Readonly<Record<string, Ort.Tensor>>, name: string): Ort.Tensor {
  const tensor = outputs[name]
  if (!tensor) throw new Error(`internal: the runtime gave no output ${name}`)
  return tensor
}

function hostValues({ data }: Ort.Tensor): HostValues {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data
  if (data instanceof BigInt64Array) return Int32Array.from(data, Number)
  throw new Error('internal: the runtime gave values of an unexpected type')
}

function ortType(dtype: DType): 'float32' | 'int32' | 'bool' {
  if (dtype === 'int64') throw new Error('internal: int64 cannot be fed')
  return dtype
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
