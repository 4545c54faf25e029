/** Runs of generated programs: static = eager, also where a run changes its execution or its learning rate on the way. */
import { beforeAll, describe, expect, it } from 'vitest'
import { generateProgram } from '../../src/lib/core/codegen/index'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { memoryInUse } from '../../src/lib/core/eager/counters'
import { InterruptedError } from '../../src/lib/core/program/laneRun'
import type { LaneRunOptions } from '../../src/lib/core/program/laneRunOptions'
import { startTestRun, type TestRun } from '../support/testRun'
import { defaultSpec } from '../../src/lib/core/spec/defaults'
import type { Spec, Style } from '../../src/lib/core/spec/schema'
import { differences } from './trainingRun'

const tolerance = 1e-5
const stepsInEpoch = 8 // 250 examples, the last batch has 26
const spec: Spec = {
  ...defaultSpec(),
  model: {
    layers: [
      { type: 'dense', units: 8, activation: 'tanh', useBias: true },
      { type: 'dropout', rate: 0.25 },
      { type: 'dense', units: 1, activation: 'sigmoid', useBias: true },
    ],
  },
  training: { batchSize: 32, epochs: 3, shuffle: true },
}

interface How {
  readonly execution: 'eager' | 'static'
  readonly stepsPerExecution?: number
}

const eager: How = { execution: 'eager' }
const staticHows: readonly How[] = [1, 3, 100].map((stepsPerExecution) => ({
  execution: 'static',
  stepsPerExecution,
}))

function start(style: Style, how: How, options: Partial<LaneRunOptions> = {}, of = spec): Promise<TestRun> {
  const program = generateProgram(of, style, { lane: 'A', ...how })
  return startTestRun(program, { execution: how.execution, compareWeights: true, ...options })
}

const valuesOf = (run: TestRun, tag: string) => run.series(tag).map(({ value }) => value)

/** Figures of all steps and epochs, and the weights at the end. */
function outcome(run: TestRun): Map<string, ArrayLike<number>> {
  const last = run.weights.at(-1)?.weights.weights ?? []
  return new Map<string, ArrayLike<number>>([
    ['losses', valuesOf(run, 'loss')],
    ['validation losses', valuesOf(run, 'epoch/valLoss')],
    ['validation accuracy', valuesOf(run, 'epoch/valAccuracy')],
    ['mean losses', valuesOf(run, 'epoch/loss')],
    ['accuracy', valuesOf(run, 'epoch/accuracy')],
    ...last.map(({ name, values }) => [name, values] as const),
  ])
}

async function finished(run: TestRun): Promise<TestRun> {
  await run.done
  expect(run.error).toBeUndefined()
  expect(run.statuses.at(-1)).toBe('finished')
  return run
}

const eagerOutcomes = new Map<Style, Promise<Map<string, ArrayLike<number>>>>()

/** Of an eager run from start to end, which is the same each time. */
function eagerOutcome(style: Style): Promise<Map<string, ArrayLike<number>>> {
  const known = eagerOutcomes.get(style) ?? start(style, eager).then(finished).then(outcome)
  eagerOutcomes.set(style, known)
  return known
}

beforeAll(() => initialiseBackend('cpu'))

describe.each(['keras', 'torch'] as const)('a %s program', (style) => {
  it.each(staticHows)('runs static, $stepsPerExecution steps at a time, as it does eagerly', async (how) => {
    const expected = await eagerOutcome(style)
    const run = await finished(await start(style, how))
    expect(expected.get('losses')).toHaveLength(3 * stepsInEpoch)
    expect(differences(outcome(run), expected, tolerance)).toEqual({})
    expect(run.series('loss').map(({ step }) => step)).toEqual(
      Array.from({ length: 3 * stepsInEpoch }, (_, index) => index + 1),
    )
    expect(run.compiled.map(({ backend }) => backend)).toContain('wasm')
  })

  const changes = [5, stepsInEpoch, stepsInEpoch + 3].flatMap((step) =>
    staticHows.slice(0, 2).flatMap((how) => [
      { step, from: eager, to: how, name: `eager to static (${how.stepsPerExecution})` },
      { step, from: how, to: eager, name: `static (${how.stepsPerExecution}) to eager` },
    ]),
  )
  it.each(changes)('goes over from $name after step $step', async ({ step, from, to }) => {
    const whole = new Map(await eagerOutcome(style))
    const first = await start(style, from, { limit: { kind: 'steps', count: step } })
    await first.reaches('paused')
    first.lane.stop(new InterruptedError())
    await first.done
    const { checkpoint } = first.lane
    expect(checkpoint?.step).toBe(step)
    const second = await finished(await start(style, to, { checkpoint }))
    const both = new Map([
      ...outcome(second),
      ['losses', [first, second].flatMap((run) => valuesOf(run, 'loss'))],
    ])
    for (const name of [...both.keys()].filter((key) => key !== 'losses' && isOfEpochs(key))) {
      // The epoch in which the execution changed is told in part only.
      both.set(name, Array.from(both.get(name) ?? []).slice(-1))
      whole.set(name, Array.from(whole.get(name) ?? []).slice(-1))
    }
    expect(differences(both, whole, tolerance)).toEqual({})
  })

  it.each(staticHows)(
    'changes its learning rate after a given step, $stepsPerExecution at a time',
    async (how) => {
      const runs: TestRun[] = []
      for (const each of [eager, how]) {
        const run = await start(style, each, { limit: { kind: 'steps', count: 2 } })
        await run.reaches('paused')
        run.lane.setLearningRate(0.3, 5)
        run.lane.resume({ kind: 'none' })
        runs.push(await finished(run))
      }
      const [expected, actual] = runs.map(outcome)
      expect(differences(actual ?? new Map(), expected ?? new Map(), tolerance)).toEqual({})
      const changes = runs.map(({ reports }) =>
        reports.flatMap(({ events }) =>
          events.filter(({ tag }) => tag === 'learningRate').map(({ step }) => step),
        ),
      )
      expect(changes).toEqual([[5], [5]])
    },
  )

  it.each(staticHows)(
    'names the step whose loss is not finite, $stepsPerExecution at a time',
    async (how) => {
      const diverging: Spec = {
        ...spec,
        loss: 'meanSquaredError',
        data: { kind: 'plane', samples: 500, noise: 0, trainFraction: 0.5 },
        model: { layers: [{ type: 'dense', units: 1, activation: 'linear', useBias: true }] },
        optimizer: { type: 'sgd', learningRate: 10, momentum: 0, nesterov: false, weightDecay: 0 },
      }
      const steps: (string | undefined)[] = []
      for (const each of [eager, how]) {
        const program = generateProgram(diverging, style, { lane: 'A', ...each })
        const run = await startTestRun(program.replace(/(lr|learningRate): 10/, '$1: 1e6'), {
          execution: each.execution,
        })
        await run.done
        expect(run.error?.name).toBe('NonFiniteLossError')
        steps.push(/at step \d+/.exec(run.error?.message ?? '')?.[0])
      }
      expect(steps[0]).toMatch(/at step [1-9]/)
      expect(steps[1]).toBe(steps[0])
    },
  )

  it('pauses, steps and stops in the middle of a block', async () => {
    const how: How = { execution: 'static', stepsPerExecution: 100 }
    const run = await start(style, how, { limit: { kind: 'steps', count: 3 } })
    await run.reaches('paused')
    expect(run.series('loss').map(({ step }) => step)).toEqual([1, 2, 3])
    run.lane.resume({ kind: 'steps', count: 1 })
    await run.reaches('paused')
    expect(run.series('loss').map(({ step }) => step)).toEqual([1, 2, 3, 4])
    run.lane.stop()
    await run.done
    expect(run.statuses.at(-1)).toBe('stopped')
    const stopped = await start(style, how)
    stopped.lane.stop()
    await stopped.done
    expect(stopped.statuses.at(-1)).toBe('stopped')
  })

  it.each(staticHows)('frees everything, $stepsPerExecution steps at a time', async (how) => {
    await finished(await start(style, how))
    const before = memoryInUse()
    await finished(await start(style, how))
    expect(memoryInUse()).toEqual(before)
  })
})

function isOfEpochs(name: string): boolean {
  return /^(validation|mean|accuracy)/.test(name)
}
