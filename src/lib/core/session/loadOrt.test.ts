import { expect, it } from 'vitest'
import { loadOrt } from './loadOrt'

it('says what WebGPU needs where the browser lacks it', () => {
  expect('Suspending' in WebAssembly).toBe(false)
  expect(() => loadOrt('webgpu', {})).toThrow(
    'webgpu: expected a browser that can wait inside WebAssembly, got one that cannot: static execution on WebGPU ' +
      'needs a browser with WebAssembly promise integration (JSPI). Choose wasm.',
  )
})
