/** Runs a case eagerly, as a graph's reference; traces it; says how far results are apart. */
import { tf } from '../../../src/lib/core/eager/tfjs'
import type { Graph } from '../../../src/lib/core/graph/types'
import { trace } from '../../../src/lib/core/trace/trace'
import { valuesOf, type KernelCase } from './kernelCase'

export interface Result {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const many = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])

export function resultOf(tensor: tf.Tensor): Result {
  return { shape: tensor.shape, values: Array.from(tensor.dataSync()) }
}

/** The caller disposes them. */
export function argumentsOf({ name, inputs }: KernelCase): tf.Tensor[] {
  return inputs.map((input, index) => tf.tensor(valuesOf(input, name, index), [...input.shape], input.dtype))
}

/** What the case gives on the current backend. */
export function eagerly(example: KernelCase): Result[] {
  const results: Result[] = []
  tf.tidy(() => {
    for (const tensor of many(example.run(...argumentsOf(example)))) results.push(resultOf(tensor))
  })
  return results
}

export function traced(example: KernelCase): Graph {
  return trace('step', example.inputs, (inputs) => many(example.run(...inputs))).graph
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }

/** Data of the arguments by the graph's input names. */
export function feedsOf({ name, inputs }: KernelCase, graph: Graph) {
  return graph.inputs.map((input, index) => {
    const { dtype, shape, value } = inputs[index] ?? { ...input, dtype: 'float32', value: () => NaN }
    const data = arrays[dtype].from(valuesOf({ dtype, shape, value }, name, index))
    return { name: input.name, dtype, shape, data }
  })
}

/** Below it, errors are not relative to a tensor's size. */
const smallest = 1e-3

/** max |a − b| / max(smallest, max |b|); 0 where both are the same infinity or no number. */
export function error(actual: Result, expected: Result | undefined): number {
  const wanted = expected?.values ?? []
  const size = wanted
    .filter(Number.isFinite)
    .reduce((most, value) => Math.max(most, Math.abs(value)), smallest)
  return wanted.reduce((worst, value, index) => {
    const other = Number(actual.values[index])
    return Object.is(other, value) ? worst : Math.max(worst, Math.abs(other - value) / size)
  }, 0)
}
