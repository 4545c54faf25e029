/** Every kernel's rule: eager = interpreted graph = onnxruntime-web, values and gradients. */
import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { tf } from '../../src/lib/core/eager/tfjs'
import type { Graph } from '../../src/lib/core/graph/types'
import { verify } from '../../src/lib/core/graph/verify'
import { interpret } from '../../src/lib/core/interpret/interpreter'
import { encodeModel } from '../../src/lib/core/onnx/encodeModel'
import { outputNames } from '../../src/lib/core/onnx/names'
import { rules } from '../../src/lib/core/trace/rules'
import { runOnnx } from '../support/runOnnx'
import { kernelCases } from './kernels'
import type { KernelCase } from './kernels/kernelCase'
import { argumentsOf, eagerly, error, feedsOf, resultOf, traced, type Result } from './kernels/runCase'

/** Of the largest element of a tensor: what the order of a float32 sum may change. */
const tolerance = 1e-6

beforeAll(() => initialiseBackend('cpu'))

function interpreted(example: KernelCase, graph: Graph): (Result | undefined)[] {
  const feeds = argumentsOf(example).map(
    (tensor, index) => [graph.inputs[index]?.name ?? '', tensor] as const,
  )
  const outputs = interpret(graph, new Map(feeds))
  return graph.results.map((name) => outputs.get(name)).map((tensor) => tensor && resultOf(tensor))
}

async function inRuntime(example: KernelCase, graph: Graph): Promise<(Result | undefined)[]> {
  const feeds = feedsOf(example, graph).map(({ name, dtype, data, shape }) => [
    name,
    new ort.Tensor(dtype, data, shape),
  ])
  const outputs = await runOnnx(encodeModel(graph), Object.fromEntries(feeds) as Record<string, ort.Tensor>)
  return outputNames(graph).results.map((name) => outputs[name])
}

function expectEqual(actual: readonly (Result | undefined)[], expected: readonly Result[]): void {
  expect(actual.map((result) => result && [...result.shape])).toEqual(expected.map(({ shape }) => [...shape]))
  for (const [index, result] of actual.entries()) {
    expect(result && error(result, expected[index]), `result ${index}`).toBeLessThanOrEqual(tolerance)
  }
}

describe.each(kernelCases)('$name', (example) => {
  it('interprets to what runs eagerly', () => {
    const graph = traced(example)
    verify(graph)
    expectEqual(interpreted(example, graph), eagerly(example))
  })

  it('replays in onnxruntime-web to what runs eagerly', async () => {
    expectEqual(await inRuntime(example, traced(example)), eagerly(example))
  })
})

it('has a case for every rule', async () => {
  const reached = new Set<string>()
  for (const example of kernelCases) {
    const { kernelNames } = await tf.profile(() => {
      eagerly(example)
      return tf.scalar(0)
    })
    for (const name of kernelNames) reached.add(name)
  }
  expect(Object.keys(rules).filter((name) => !reached.has(name))).toEqual([])
})
