import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { initialiseRuntime } from './initialiseRuntime'
import { loadOrt, setOrtSource } from './loadOrt'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('says what WebGPU needs where the browser lacks it', () => {
  // Node's own WebAssembly can suspend from version 24 on.
  vi.stubGlobal('WebAssembly', {})
  expect(() => loadOrt('webgpu', {})).toThrow(
    'webgpu: expected a browser that can wait inside WebAssembly, got one that cannot: static execution on WebGPU ' +
      'needs a browser with WebAssembly promise integration (JSPI). Choose wasm.',
  )
})

it('starts the engine after a download that failed at first', async () => {
  const { resolve } = createRequire(import.meta.url)
  const urlOf = (file: string) => pathToFileURL(resolve(`onnxruntime-web/${file}`)).href
  const files = { wasm: urlOf('ort-wasm-simd-threaded.wasm'), mjs: urlOf('ort-wasm-simd-threaded.mjs') }
  const builds = { wasm: files, jspi: files }
  const failing = () => Promise.reject(new Error('download: expected a file, got no answer. Connect once.'))
  setOrtSource({ builds, download: failing })
  await expect(initialiseRuntime({ backend: 'wasm' })).rejects.toThrow(
    'wasm: expected onnxruntime-web to load, got an error: download: expected a file, got no answer. Connect once. ' +
      'Choose another backend.',
  )
  const download = (url: string) => readFile(new URL(url))
  setOrtSource({ builds, download })
  expect((await initialiseRuntime({ backend: 'wasm' })).backend).toBe('wasm')
})
