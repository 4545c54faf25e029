import { describe, expect, it } from 'vitest'
import { describeBackend } from './backendText'

const measurements = [
  { backend: 'webgpu', unavailable: 'no adapter' },
  { backend: 'webgl', microsecondsPerStep: 1200 },
  { backend: 'wasm', microsecondsPerStep: 1400 },
] as const

describe('describeBackend', () => {
  it('says what auto measured on every backend', () => {
    expect(describeBackend({ choice: 'auto', resolved: 'webgl', measurements })).toBe(
      'auto: webgl, 1.20 ms/step (wasm 1.40 ms, webgpu unavailable: no adapter)',
    )
  })

  it('says that auto has not measured yet, or shared the answer', () => {
    expect(describeBackend({ choice: 'auto', resolved: null, measurements: [] })).toMatch(/^auto: measures/)
    expect(describeBackend({ choice: 'auto', resolved: 'cpu', measurements: [] })).toBe('auto: cpu')
  })

  it('names the choice, and the fallback where there is one', () => {
    expect(describeBackend({ choice: 'cpu', resolved: 'cpu', measurements: [] })).toBe('cpu: chosen by you')
    expect(describeBackend({ choice: 'webgpu', resolved: 'webgl', measurements: [] })).toBe(
      'webgl, instead of webgpu',
    )
  })
})
