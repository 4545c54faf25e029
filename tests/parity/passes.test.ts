/** Every kernel and its gradient through the passes: eager = optimised graph, interpreted and on onnxruntime-web. */
import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { valuesOf } from '../../src/lib/core/graph/queries'
import { interpret } from '../../src/lib/core/interpret/interpreter'
import { encodeModel } from '../../src/lib/core/onnx/encodeModel'
import { outputNames } from '../../src/lib/core/onnx/names'
import { optimise } from '../../src/lib/core/passes/optimise'
import { runOnnx } from '../support/runOnnx'
import { kernelCases } from './kernels'
import type { KernelCase } from './kernels/kernelCase'
import { argumentsOf, eagerly, error, feedsOf, resultOf, traced, type Result } from './kernels/runCase'

/** Of the largest element of a tensor: what the order of a float32 sum may change. */
const tolerance = 1e-6

beforeAll(() => initialiseBackend('cpu'))

function expectEqual(actual: readonly (Result | undefined)[], expected: readonly Result[]): void {
  expect(actual.map((result) => result && [...result.shape])).toEqual(expected.map(({ shape }) => [...shape]))
  for (const [index, result] of actual.entries()) {
    expect(result && error(result, expected[index]), `result ${index}`).toBeLessThanOrEqual(tolerance)
  }
}

describe.each(kernelCases)('$name', (example) => {
  const optimised = () => optimise(traced(example)).graph

  it('interprets to what runs eagerly', () => {
    const graph = optimised()
    const feeds = argumentsOf(example).map(
      (tensor, index) => [graph.inputs[index]?.name ?? '', tensor] as const,
    )
    const outputs = interpret(graph, new Map(feeds))
    const results = graph.results.map((name) => outputs.get(name)).map((tensor) => tensor && resultOf(tensor))
    expectEqual(results, eagerly(example))
  })

  it('replays in onnxruntime-web to what runs eagerly', async () => {
    const graph = optimised()
    const feeds = feedsOf(example, graph).map(({ name, dtype, data, shape }) => [
      name,
      new ort.Tensor(dtype, data, shape),
    ])
    const outputs = await runOnnx(encodeModel(graph), Object.fromEntries(feeds) as Record<string, ort.Tensor>)
    const results = outputNames(graph).results.map((name) => outputs[name])
    expectEqual(results, eagerly(example))
  })
})

it("leaves the operands of Pow expanded, since ONNX Runtime's WebGPU kernel cannot stretch them", () => {
  const example = kernelCases.find(({ name }) => name === 'pow, broadcast')
  const graph = optimise(traced(example as KernelCase)).graph
  const values = valuesOf(graph)
  const operands = graph.nodes
    .filter(({ op }) => op === 'Pow')
    .map(({ inputs }) => inputs.map((name) => values.get(name)?.shape))
  expect(operands[0]).toEqual([
    [2, 3, 4],
    [2, 3, 4],
  ])
})
