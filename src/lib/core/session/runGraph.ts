/** Runs a graph that holds its weights on the kernels of the current tfjs backend, from host to host. */
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import type { Graph } from '../graph/types'
import { interpret, type Outputs } from '../interpret/interpreter'
import { ArgumentError } from '../util/errors'
import { isSameShape, printShape } from '../util/shapes'
import type { HostTensor } from './types'

/** The results for one tensor. Throws ArgumentError where it has another shape than the graph's input. */
export async function runGraph(graph: Graph, { values, shape }: HostTensor): Promise<readonly HostTensor[]> {
  const [input] = graph.inputs
  if (!input || !isSameShape(input.shape, shape)) {
    throw new ArgumentError(
      `${graph.name}: expected an input ${printShape(input?.shape ?? [])}, got ${printShape(shape)}. ` +
        'Give it one of that shape.',
    )
  }
  const outputs = withFeed(tf.tensor(values, [...shape], 'float32'), (feed) =>
    interpret(graph, new Map([[input.name, feed]])),
  )
  try {
    return await Promise.all(graph.results.map((name) => read(outputs, name)))
  } finally {
    for (const tensor of outputs.values()) tensor.dispose()
  }
}

function withFeed<T>(feed: tf.Tensor, run: (feed: tf.Tensor) => T): T {
  try {
    return run(feed)
  } finally {
    feed.dispose()
  }
}

async function read(outputs: Outputs, name: string): Promise<HostTensor> {
  const tensor = outputs.get(name)
  if (!tensor) throw new Error(`internal: graph: no result ${name}`)
  return { values: Float32Array.from(await readBack(tensor)), shape: tensor.shape, dtype: 'float32' }
}
