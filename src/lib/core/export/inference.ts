/** A trained model as an ONNX file that predicts: weights inside, any batch size, nothing of its training. */
import { readBack } from '../eager/readBack'
import type { tf } from '../eager/tfjs'
import type { Graph, TensorType } from '../graph/types'
import { encodeModel } from '../onnx/index'
import { optimise } from '../passes/optimise'
import { readVariables } from '../session/hostState'
import { trace, type Trace } from '../trace/trace'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { renameValues } from './renameValues'
import { withVariableNames, type NamedWeights } from './variableNames'

/** What a file reads: its shape, and int32 for tokens. A recurrent model is unrolled, so it reads sequences of this length only. */
export interface ExportedExample {
  readonly shape: Shape
  readonly dtype: 'float32' | 'int32'
}

/** How an inference graph is made. */
export interface InferenceOptions {
  /** Of the graph. */
  readonly name: string
  /** One example, without the batch. */
  readonly example: ExportedExample
  /** [batch, …shape] -> [batch, …], in evaluation mode. */
  readonly forward: (x: tf.Tensor) => tf.Tensor
  readonly weights: NamedWeights
}

/** How its file is written. */
export interface InferenceFileOptions extends InferenceOptions {
  /** Further entries of the file's metadata. */
  readonly notes?: Readonly<Record<string, string>> | undefined
}

/** A file with the graph that it holds; `input` and `output` are the names in both. */
export interface InferenceFile {
  readonly bytes: Uint8Array
  readonly graph: Graph
}

/** With one example nothing would tell the batch from a dimension of size 1. */
const tracedBatch = 2

/**
 * The model with its weights of now; input `input` [batch, …shape], output `output`. Throws ArgumentError
 * where predicting changes variables or needs more than examples.
 */
export async function exportInference({ notes, ...options }: InferenceFileOptions): Promise<InferenceFile> {
  const graph = await inferenceGraph(options, tracedBatch)
  const bytes = encodeModel(graph, { dynamicBatch: 'batch', ...(notes && { notes }) })
  return { bytes, graph }
}

/** The same as a graph for batches of `batch` examples. Throws ArgumentError alike. */
export async function inferenceGraph(options: InferenceOptions, batch: number): Promise<Graph> {
  const { name, example, forward, weights } = options
  const type: TensorType = { dtype: example.dtype, shape: [batch, ...example.shape] }
  const traced = trace(name, [type], ([x]) => (x ? [forward(x)] : []))
  assertPredicts(traced)
  const { graph } = optimise(await withWeights(withVariableNames(traced, weights)))
  return renameValues(graph, endNames(graph))
}

function endNames({ inputs, results }: Graph): ReadonlyMap<string, string> {
  const [input, output] = [inputs[0]?.name, results[0]]
  const names = new Map<string, string>()
  if (input !== undefined) names.set(input, 'input')
  if (output !== undefined) names.set(output, 'output')
  return names
}

/** What predictions only read becomes part of the graph. */
async function withWeights({ graph, variables }: Pick<Trace, 'graph' | 'variables'>): Promise<Graph> {
  const constants = await Promise.all(
    graph.states.map(async ({ input }) => {
      const variable = variables.get(input)
      const type = graph.inputs.find(({ name }) => name === input)
      if (!variable || !type) throw new Error(`internal: export: no variable ${input}`)
      const { name, dtype, shape } = type
      return { name, dtype, shape, data: await readVariables([variable], readBack) }
    }),
  )
  return {
    ...graph,
    inputs: graph.inputs.filter(({ role }) => role !== 'state'),
    constants: [...graph.constants, ...constants],
    states: [],
  }
}

function assertPredicts({ graph }: Trace): void {
  const changed = graph.states.find(({ output }) => output !== null)
  const host = graph.inputs.find(({ role }) => role === 'host')
  const culprit = changed ? `${changed.input} changes` : host && `${host.name} is drawn anew for every batch`
  if (culprit === undefined) return
  throw new ArgumentError(
    `exportInference: expected a model whose predictions depend on weights and examples alone, got one where ${culprit}. ` +
      'Export it in evaluation mode.',
  )
}
