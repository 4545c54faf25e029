/** A spec's learning rate schedule gives the same losses in both styles and executions, from one graph. */
import { beforeAll, describe, expect, it } from 'vitest'
import { generateProgram } from '../../src/lib/core/codegen'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { startTestRun, type TestRun } from '../support/testRun'
import { defaultSpec } from '../../src/lib/core/spec/defaults'
import { parseSpec } from '../../src/lib/core/spec/parse'
import type { Execution, Style } from '../../src/lib/core/spec/schema'

const circle = defaultSpec()

async function train(optimizer: object, style: Style, execution: Execution): Promise<TestRun> {
  const spec = parseSpec({
    ...circle,
    model: {
      layers: [
        { type: 'dense', units: 4, activation: 'tanh' },
        { type: 'dense', units: 1, activation: 'sigmoid' },
      ],
    },
    optimizer,
    training: { batchSize: 64, epochs: 28 },
  })
  const leader = await startTestRun(generateProgram(spec, 'keras', { lane: 'A' }), {
    compareWeights: true,
    limit: { kind: 'steps', count: 0 },
  })
  await leader.reaches('paused')
  leader.lane.stop()
  await leader.done
  const [first] = leader.weights
  const place = { lane: 'B', alignedTo: 'keras', execution, stepsPerExecution: 5 } as const
  const run = await startTestRun(generateProgram(spec, style, place), {
    execution,
    ...(first && { initialWeights: first.weights }),
  })
  await run.done
  expect(run.error).toBeUndefined()
  return run
}

beforeAll(() => initialiseBackend('cpu'))

describe.each([
  { type: 'exponentialDecay', decaySteps: 40, decayRate: 0.3 },
  { type: 'exponentialDecay', decaySteps: 40, decayRate: 0.3, staircase: true },
  { type: 'cosineDecay', decaySteps: 90, alpha: 0.05 },
  { type: 'piecewiseConstantDecay', boundaries: [33, 101], factor: 0.2 },
])('$type', (schedule) => {
  it.each([
    { type: 'sgd', learningRate: 0.5, momentum: 0.9 },
    { type: 'adam', learningRate: 0.1 },
  ])('with $type', async (optimizer) => {
    const constant = await train(optimizer, 'keras', 'eager')
    const scheduled = { ...optimizer, schedule }
    const expected = (await train(scheduled, 'keras', 'eager')).series('loss')
    expect(expected).toHaveLength(112)
    const [last, unscheduled] = [expected.at(-1)?.value ?? NaN, constant.series('loss').at(-1)?.value ?? NaN]
    expect(Math.abs(last - unscheduled)).toBeGreaterThan(1e-3)
    for (const [style, execution] of [
      ['torch', 'eager'],
      ['keras', 'static'],
      ['torch', 'static'],
    ] as const) {
      const run = await train(scheduled, style, execution)
      const losses = run.series('loss')
      expect(losses.map(({ step }) => step)).toEqual(expected.map(({ step }) => step))
      const errors = losses.map(({ value }, index) => Math.abs(value / (expected[index]?.value ?? NaN) - 1))
      expect(Math.max(...errors)).toBeLessThan(1e-5)
      const shapes = execution === 'static' ? 2 : 0
      // One for whole batches, one for the last batch of an epoch: none for a new rate.
      expect(run.compiled.filter(({ isTraining }) => isTraining)).toHaveLength(shapes)
    }
  })
})
