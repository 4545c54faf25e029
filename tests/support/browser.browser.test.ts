import { expect, it } from 'vitest'

it('gives tests a WebGL 2 canvas outside of the page', () => {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2')
  expect(context?.getParameter(context.MAX_TEXTURE_SIZE)).toBeGreaterThanOrEqual(4096)
})

it('gives tests a WebGPU adapter', async () => {
  const adapter = await navigator.gpu.requestAdapter()
  expect(adapter?.limits.maxBufferSize).toBeGreaterThan(0)
})
