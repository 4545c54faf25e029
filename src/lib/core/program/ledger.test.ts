import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { Ledger } from './ledger'
import { StepClock } from './stepClock'

const block = { observed: null, steps: 4, updates: 4, dispatchMs: 2, computeMs: 12 }
const build = {
  function: 'trainStep',
  signature: 'x',
  traceMs: 0,
  passesMs: 0,
  compileMs: 0,
  stages: [],
  passes: [],
  backend: 'wasm',
  isTraining: true,
  peakValues: 31,
} as const

beforeAll(() => initialiseBackend('cpu'))

it('gives parts of a compiled step that add up to its time, each measured over the same steps', () => {
  let ms = 0
  const clock = new StepClock(
    () => ms,
    () => ({ kernels: 0, hostReads: 0 }),
  )
  const ledger = new Ledger(clock)
  ledger.addBuild(build)
  clock.resume()
  ms = 20
  ledger.addBlock(block)
  clock.pause(4)
  clock.resume()
  ledger.addBlock({ ...block, computeMs: 1000 })
  // What is printed in the middle of a batch is reported at once.
  expect(ledger.takeWindow()).toBeNull()
  ms = 1040
  clock.pause(4)
  expect(ledger.takeWindow()).toBeCloseTo(1000 / 130)
  expect(ledger.report({ tensors: 0, bytes: 0 })).toMatchObject({
    msPerStep: 130,
    static: { dispatchMsPerStep: 0.5, computeMsPerStep: 126.5, restMsPerStep: 3 },
  })
})

it('books a step that no block ran as spent outside of blocks', () => {
  let ms = 0
  const clock = new StepClock(
    () => ms,
    () => ({ kernels: 0, hostReads: 0 }),
  )
  const ledger = new Ledger(clock)
  ledger.addBuild({ ...build, isTraining: false })
  clock.resume()
  ms = 5
  clock.pause(1)
  ledger.takeWindow()
  expect(ledger.report({ tensors: 0, bytes: 0 })?.static).toMatchObject({
    dispatchMsPerStep: 0,
    computeMsPerStep: 0,
    restMsPerStep: 5,
  })
})
