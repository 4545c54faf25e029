/** Exports of both styles: what a model predicts and how a step trains, without the program that made them. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { valuesOf } from '../graph/queries'
import { interpret } from '../interpret/interpreter'
import { decodeModel } from '../onnx'
import { setCurrentSession } from '../session/session'
import type { HostTensor } from '../session/types'
import { exportInference, exportStep, parseReference, RecordingSession, tensorToJson, valuesOfJson } from '.'

let session: RecordingSession

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  session = new RecordingSession({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
  tf.disposeVariables()
})

function floats(values: readonly number[], shape: readonly number[]): HostTensor {
  return { dtype: 'float32', shape, values: Float32Array.from(values) }
}

/** y = tanh(x·w); a step of gradient descent towards y = 0 by hand: w − rate · w. */
function makeModel() {
  const kernel = tf.variable(tf.tensor([1, -1], [2, 1]), true, 'kernel_7')
  const forward = (x: tf.Tensor) => tf.tanh(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D))
  const step = ([x]: readonly tf.Tensor[]) => {
    const loss = tf.mean(forward(x ?? tf.scalar(0)))
    kernel.assign(tf.sub(kernel, tf.mul(kernel, 0.5)))
    return [loss]
  }
  return { forward, step, weights: [{ name: 'dense/kernel', variable: kernel }] }
}

describe('exportInference', () => {
  it('holds the weights of now and takes any number of examples', async () => {
    const { forward, weights } = makeModel()
    const { bytes, graph } = await exportInference({
      name: 'model',
      example: { shape: [2], dtype: 'float32' },
      forward,
      weights,
    })
    expect(graph.states).toEqual([])
    expect(graph.constants.map(({ name, data }) => [name, [...data]])).toContainEqual([
      'dense/kernel',
      [1, -1],
    ])
    expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([['input', [2, 2]]])
    expect(graph.results).toEqual(['output'])
    expect(decodeModel(bytes).nodes.map(({ op }) => op)).toEqual(['MatMul', 'Tanh'])
  })

  it('refuses a model whose predictions change it', async () => {
    const { forward, weights } = makeModel()
    const count = tf.variable(tf.scalar(0), true, 'count')
    const counting = (x: tf.Tensor) => {
      count.assign(tf.add(count, 1))
      return forward(x)
    }
    const exported = exportInference({
      name: 'model',
      example: { shape: [2], dtype: 'float32' },
      forward: counting,
      weights,
    })
    await expect(exported).rejects.toThrow(
      'exportInference: expected a model whose predictions depend on weights and examples alone, got one where count changes.',
    )
  })
})

describe('exportInference on wasm', () => {
  it('knows that nothing changes where copies are real ones', async () => {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
    const names = [
      'tfjs-backend-wasm.wasm',
      'tfjs-backend-wasm-simd.wasm',
      'tfjs-backend-wasm-threaded-simd.wasm',
    ]
    const wasmFiles = Object.fromEntries(names.map((name) => [name, join(folder, name)]))
    await initialiseBackend('wasm', { wasmFiles })
    try {
      const { forward, weights } = makeModel()
      const { graph } = await exportInference({
        name: 'model',
        example: { shape: [2], dtype: 'float32' },
        forward,
        weights,
      })
      expect(graph.nodes.map(({ op }) => op)).toEqual(['MatMul', 'Tanh'])
    } finally {
      await initialiseBackend('cpu')
    }
  })
})

describe('exportStep', () => {
  it('has the first batch and the newest state as its feeds, under readable names', async () => {
    const { step, weights } = makeModel()
    const compiled = session.compile('trainStep')
    await compiled.call([floats([1, 1], [1, 2])], step).force()
    await compiled.call([floats([2, 2], [1, 2])], step).force()
    const [call] = session.calls
    if (!call) throw new Error('nothing was recorded')
    const file = await exportStep(call, { weights })
    expect([...file.feeds].map(([name, { values }]) => [name, [...values]])).toEqual([
      ['input', [1, 1]],
      ['dense/kernel', [0.25, -0.25]],
    ])
    expect([...file.states]).toEqual([['dense/kernel', 'dense/kernel/next']])
    expect(file.loss).toBe('loss')
    const next = interpret(
      file.graph,
      new Map([...file.feeds].map(([name, { values, shape }]) => [name, tf.tensor(values, [...shape])])),
    )
    expect(next.get('dense/kernel/next')?.dataSync()).toEqual(Float32Array.of(0.125, -0.125))
    expect([...valuesOf(decodeModel(file.bytes)).keys()]).toContain('dense/kernel/next')
  })

  it('refuses a function that trains nothing', async () => {
    const { forward, weights } = makeModel()
    const call = {
      function: 'predictStep',
      inputs: [floats([1, 1], [1, 2])],
      body: ([x]: readonly tf.Tensor[]) => (x ? [forward(x)] : []),
    }
    await expect(exportStep(call, { weights })).rejects.toThrow(
      'exportStep: expected a step that changes weights and gives its loss, got predictStep.',
    )
  })
})

describe('references', () => {
  it.each([
    ['a short tensor', floats([0.1, -2], [2]), ['values']],
    ['a long one', floats(Array.from({ length: 100 }, Math.sqrt), [4, 25]), ['base64']],
    ['numbers of a class', { dtype: 'int32', shape: [2], values: Int32Array.of(3, -1) } as const, ['values']],
    ['a mask', { dtype: 'bool', shape: [100], values: new Uint8Array(100).fill(1) } as const, ['base64']],
  ])('keep %s as it is', (_, tensor, keys) => {
    const json = tensorToJson(tensor)
    expect(Object.keys(json).filter((key) => key === 'values' || key === 'base64')).toEqual(keys)
    expect(valuesOfJson(json)).toEqual(tensor.values)
  })

  it('keep evenly spaced values of an output that is too long', () => {
    const json = tensorToJson(floats([0, 1, 2, 3, 4], [5]), 2)
    expect(json).toEqual({ dtype: 'float32', shape: [5], every: 3, values: [0, 3] })
  })

  it('are read strictly', () => {
    expect(() => parseReference('{}')).toThrow('parseReference: expected reference outputs, got')
  })
})
