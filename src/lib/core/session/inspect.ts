/** Runs a graph node by node on a snapshot of a step, and tells what each node gave. Changes nothing. */
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import type { Graph, GraphInput, TensorType } from '../graph/types'
import { Interpreter } from '../interpret/interpreter'
import { ArgumentError } from '../util/errors'
import type { HostValues } from './types'

/** What a step was called with, and what its variables hold now. */
export interface StepSnapshot {
  readonly function: string
  readonly signature: string
  /** Updates made before. */
  readonly step: number
  /** Arguments and host values of the last call, by name of the graph's input. */
  readonly feeds: ReadonlyMap<string, HostValues>
  readonly variables: ReadonlyMap<string, HostValues>
}

/** A value in a few figures; shares are of all its elements, minimum, maximum and mean of the finite ones. */
export interface ValueSummary extends TensorType {
  readonly name: string
  /** NaN where no element is finite. */
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly zeroShare: number
  readonly nonFiniteShare: number
  /** The first elements, row-major. */
  readonly first: readonly number[]
}

/** Outputs of every node, in order of execution. */
export interface Inspection {
  readonly step: number
  readonly nodes: readonly (readonly ValueSummary[])[]
}

const firstCount = 12

/**
 * What each node of `graph`, at any stage of its compilation, gives for the snapshot. Throws ArgumentError where the
 * snapshot is of another function.
 */
export async function inspectGraph(graph: Graph, snapshot: StepSnapshot): Promise<Inspection> {
  const feeds = new Map<string, tf.Tensor>()
  const interpreter = new Interpreter(graph)
  const nodes: ValueSummary[][] = []
  try {
    for (const input of graph.inputs) feeds.set(input.name, tf.keep(feedOf(graph, input, snapshot)))
    const steps = interpreter.step(feeds)
    let step = steps.next()
    for (; !step.done; step = steps.next()) {
      const { node, outputs } = step.value
      const summaries: ValueSummary[] = []
      for (const [index, value] of node.outputs.entries()) {
        const tensor = outputs[index]
        if (tensor) summaries.push(summarise(value, await readBack(tensor)))
      }
      nodes.push(summaries)
    }
    for (const tensor of step.value.values()) tensor.dispose()
  } finally {
    interpreter.dispose()
    for (const tensor of feeds.values()) tensor.dispose()
  }
  return { step: snapshot.step, nodes }
}

/** A few figures of a value. */
export function summarise(
  { name, dtype, shape }: TensorType & { readonly name: string },
  values: HostValues,
): ValueSummary {
  let min = NaN
  let max = NaN
  let sum = 0
  let zeros = 0
  let finite = 0
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (finite === 0 || value < min) min = value
    if (finite === 0 || value > max) max = value
    sum += value
    finite++
    if (value === 0) zeros++
  }
  const count = Math.max(1, values.length)
  return {
    name,
    dtype,
    shape,
    min,
    max,
    mean: finite === 0 ? NaN : sum / finite,
    zeroShare: zeros / count,
    nonFiniteShare: (values.length - finite) / count,
    first: Array.from(values.subarray(0, firstCount)),
  }
}

function feedOf(graph: Graph, input: GraphInput, { feeds, variables }: StepSnapshot): tf.Tensor {
  const dtype = input.dtype === 'int64' ? 'int32' : input.dtype
  const shape = [...input.shape]
  if (input.role !== 'state') {
    const values = feeds.get(input.name)
    if (!values) throw missing(graph, input.name)
    return tf.tensor(values, shape, dtype)
  }
  const state = graph.states.find(({ input: name }) => name === input.name)
  const parts = (state?.variables ?? []).map(({ name }) => {
    const values = variables.get(name)
    if (!values) throw missing(graph, name)
    return values
  })
  // Packed variables lie one after another.
  return tf.tensor(Float32Array.from(parts.flatMap((part) => Array.from(part))), shape, dtype)
}

function missing(graph: Graph, name: string): ArgumentError {
  return new ArgumentError(
    `inspectGraph: expected a snapshot of ${graph.name} with ${name}, got one without. ` +
      'Take it from a call of the same function.',
  )
}
