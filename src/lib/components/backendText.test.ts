import { describe, expect, it } from 'vitest'
import { describeBackend, describeSteps } from './backendText'

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

  it('blames no backend for a program that fails on all of them', () => {
    const failed = [
      { backend: 'webgl', unavailable: 'loss is not defined' },
      { backend: 'cpu', unavailable: 'loss is not defined' },
    ] as const
    expect(describeBackend({ choice: 'auto', resolved: 'cpu', measurements: failed })).toBe(
      'auto: cpu, unmeasured because the program failed on every backend',
    )
  })

  it('names the choice, and the fallback where there is one', () => {
    expect(describeBackend({ choice: 'cpu', resolved: 'cpu', measurements: [] })).toBe('cpu: chosen by you')
    expect(describeBackend({ choice: 'webgpu', resolved: 'webgl', measurements: [] })).toBe(
      'webgl, instead of webgpu',
    )
  })
})

describe('describeSteps', () => {
  it('says nothing of one step, and nothing before the backend is known', () => {
    expect(describeSteps({ asked: 1, backend: 'wasm', taken: 1 })).toBe('')
    expect(describeSteps({ asked: 10, backend: null, taken: undefined })).toBe('')
  })

  it('says how many steps really went together, and why not more', () => {
    expect(describeSteps({ asked: 10, backend: 'wasm', taken: undefined })).toBe('Up to 10 steps a call.')
    expect(describeSteps({ asked: 10, backend: 'wasm', taken: 9.96 })).toBe('10 steps a call.')
    expect(describeSteps({ asked: 100, backend: 'wasm', taken: 7.83 })).toMatch(/^7\.8 of 100 steps a call: /)
    expect(describeSteps({ asked: 100, backend: 'webgpu', taken: 1 })).toBe(
      'One step a call: WebGPU cannot take several.',
    )
  })
})
