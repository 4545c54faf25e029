import { expect, test } from 'vitest'
import type { CompiledReport, SignatureReport } from '$lib/workers/protocol'
import { mostCalled } from './mostCalled'

const report = (signature: string, isTraining = true): CompiledReport => ({
  function: 'train_step',
  signature,
  traceMs: 0,
  passesMs: 0,
  compileMs: 0,
  stages: [],
  passes: [],
  backend: 'wasm',
  isTraining,
  peakValues: 0,
})
const called = (signature: string, hits: number): SignatureReport => ({
  function: 'train_step',
  signature,
  hits,
  buildMs: 0,
  nodes: 0,
})

const full = report('[32, 2]')
const remainder = report('[8, 2]')

test('the training signature that was called most comes first, whenever it was traced', () => {
  const signatures = [called('[32, 2]', 40), called('[8, 2]', 3)]
  expect(mostCalled([full, remainder], signatures)).toBe(full)
  expect(mostCalled([remainder, full], signatures)).toBe(full)
})

test('of signatures called equally often the first traced comes first', () => {
  expect(mostCalled([full, remainder], [])).toBe(full)
})

test('what does not train is passed over', () => {
  const evaluation = report('[100, 2]', false)
  expect(mostCalled([evaluation, full], [called('[100, 2]', 90)])).toBe(full)
  expect(mostCalled([evaluation], [called('[100, 2]', 90)])).toBeNull()
})
