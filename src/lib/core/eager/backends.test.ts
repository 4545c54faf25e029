import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { BackendError } from '../util/errors'
import { backendNames, currentBackend, disposeBackend, initialiseBackend } from './backends'
import { engineCounts, memoryInUse, withoutCounting } from './counters'
import { tf } from './tfjs'

const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
const wasmFiles = Object.fromEntries(
  ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map(
    (name) => [name, join(wasmFolder, name)],
  ),
)

afterEach(() => {
  disposeBackend()
  vi.unstubAllGlobals()
})

it('prefers the GPU', () => {
  expect(backendNames).toEqual(['webgpu', 'webgl', 'wasm', 'cpu'])
})

it.each(['cpu', 'wasm'] as const)('%s starts, computes, and starts again after disposal', async (name) => {
  for (let start = 0; start < 2; start++) {
    await initialiseBackend(name, { wasmFiles })
    expect(currentBackend()).toBe(name)
    expect(tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(2)).dataSync()[0])).toBe(3)
    disposeBackend()
    expect(currentBackend()).toBeUndefined()
  }
})

it('says why WebGPU is unavailable', async () => {
  vi.stubGlobal('navigator', {})
  await expect(initialiseBackend('webgpu')).rejects.toThrow(
    new BackendError(
      'webgpu: expected an available backend, got none: this browser has no WebGPU. Choose another backend.',
      { reason: 'this browser has no WebGPU' },
    ),
  )
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(null) } })
  await expect(initialiseBackend('webgpu')).rejects.toThrow('the browser offers no GPU adapter')
})

it('says why WebGL is unavailable', async () => {
  await expect(initialiseBackend('webgl')).rejects.toThrow('there is no canvas to draw on outside the page')
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => null
    },
  )
  await expect(initialiseBackend('webgl')).rejects.toThrow('the browser offers no WebGL 2 context')
})

it('says why WebAssembly is unavailable', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  await expect(initialiseBackend('wasm')).rejects.toThrow('WebAssembly is switched off')
})

it('counts kernels without views, and host reads', async () => {
  await initialiseBackend('cpu')
  const before = engineCounts()
  tf.tidy(() => {
    const a = tf.tensor1d([1, 2, 3, 4])
    tf.reshape(tf.add(a, a), [2, 2]).dataSync()
    withoutCounting(() => tf.exp(a).dataSync())
  })
  const after = engineCounts()
  expect(after.kernels - before.kernels).toBe(1)
  expect(after.hostReads - before.hostReads).toBe(1)
})

it('reports live tensors and bytes', async () => {
  await initialiseBackend('cpu')
  const before = memoryInUse()
  const made = tf.zeros([3, 4])
  const after = memoryInUse()
  expect([after.tensors - before.tensors, after.bytes - before.bytes]).toEqual([1, 48])
  made.dispose()
})
