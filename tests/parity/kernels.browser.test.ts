/** Every kernel's rule on WebGPU: eager on the cpu = onnxruntime-web, values and gradients. */
import * as ort from 'onnxruntime-web/webgpu'
import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { encodeModel } from '../../src/lib/core/onnx/encodeModel'
import { outputNames } from '../../src/lib/core/onnx/names'
import { kernelCases } from './kernels'
import type { KernelCase } from './kernels/kernelCase'
import { eagerly, error, feedsOf, traced, type Result } from './kernels/runCase'

/** Of the largest element of a tensor: shaders have their own approximations of exp and the like. */
const tolerance = 1e-4
/** WGSL grants sin and cos an absolute error of 2⁻¹¹. */
const trigonometric: Readonly<Record<string, number>> = { cos: 2 ** -11, sin: 2 ** -11, tan: 2 ** -11 }

beforeAll(async () => {
  ort.env.wasm.numThreads = 1
  ort.env.logLevel = 'error'
  await initialiseBackend('cpu')
})

async function replayed(example: KernelCase): Promise<(Result | undefined)[]> {
  const graph = traced(example)
  const session = await ort.InferenceSession.create(encodeModel(graph), { executionProviders: ['webgpu'] })
  try {
    const feeds = feedsOf(example, graph).map(({ name, dtype, data, shape }) => [
      name,
      new ort.Tensor(dtype, data, shape),
    ])
    const outputs = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>)
    return outputNames(graph).results.map((name) => {
      const output = outputs[name]
      return output && { shape: output.dims, values: Array.from(output.data as Float32Array) }
    })
  } finally {
    await session.release()
  }
}

it.each(kernelCases)('$name', async (example) => {
  const [actual, expected] = [await replayed(example), eagerly(example)]
  expect(actual.map((result) => result && [...result.shape])).toEqual(expected.map(({ shape }) => [...shape]))
  for (const [index, result] of actual.entries()) {
    expect(result && error(result, expected[index]), `result ${index}`).toBeLessThanOrEqual(
      trigonometric[example.name] ?? tolerance,
    )
  }
})
