import { describe, expect, it } from 'vitest'
import { generateProgram } from '../codegen/index'
import { defaultSpec } from '../spec/defaults'
import type { Execution, LayerSpec, Spec, Style } from '../spec/schema'
import type { Checkpoint } from './checkpoint'
import { describeFit, fittingState, fitWeights } from './fitWeights'
import { InterruptedError } from './laneRun'
import { startTestRun } from '../../../../tests/support/testRun'

const dense = (units: number): LayerSpec => ({ type: 'dense', units, activation: 'tanh', useBias: true })
const output: LayerSpec = { type: 'dense', units: 1, activation: 'sigmoid', useBias: true }

function specWith(layers: readonly LayerSpec[]): Spec {
  return { ...defaultSpec(), model: { layers }, training: { batchSize: 32, epochs: 3, shuffle: true } }
}

const shapes = (...list: [string, number[]][]) => list.map(([name, shape]) => ({ name, shape }))

it('a new weight starts its slots and its count of updates anew', () => {
  const [first, second] = [Float32Array.of(1), Float32Array.of(2)]
  const state = { iterations: 9, steps: [9, 4], slots: [first, second] }
  expect(fittingState(state, ['a', 'b'], ['b', undefined, 'a'])).toEqual({
    iterations: 9,
    steps: [4, 0, 9],
    slots: [second, null, first],
  })
})

describe('fitWeights', () => {
  const before = shapes(['0.w', [4, 2]], ['0.b', [4]], ['2.w', [1, 4]], ['2.b', [1]])

  it('keeps the layers on both sides of an inserted one, under their new names', () => {
    const now = shapes(
      ['0.w', [4, 2]],
      ['0.b', [4]],
      ['2.w', [4, 4]],
      ['2.b', [4]],
      ['4.w', [1, 4]],
      ['4.b', [1]],
    )
    const fit = fitWeights(before, now)
    expect([...fit.kept]).toEqual([
      ['0.w', '0.w'],
      ['0.b', '0.b'],
      ['4.b', '2.b'],
      ['4.w', '2.w'],
    ])
    expect(fit.fresh.map(({ name }) => name)).toEqual(['2.w', '2.b'])
    expect(fit.dropped).toEqual([])
  })

  it('drops what has no place, and says so', () => {
    const now = shapes(['0.w', [6, 2]], ['0.b', [6]], ['2.w', [1, 6]], ['2.b', [1]])
    const fit = fitWeights(before, now)
    expect([...fit.kept]).toEqual([['2.b', '2.b']])
    expect(describeFit(fit)).toBe(
      'The model changed: kept 2.b; new: 0.w [6, 2], 0.b [6], 2.w [1, 6]; dropped: 0.w [4, 2], 0.b [4], 2.w [1, 4].',
    )
  })

  it('says that nothing fits', () => {
    expect(describeFit(fitWeights(shapes(['a', [1]]), shapes(['a', [2]])))).toMatch(/kept no weights/)
  })
})

describe.each([
  ['keras', 'eager'],
  ['keras', 'static'],
  ['torch', 'eager'],
  ['torch', 'static'],
] as const)('a %s program in %s execution', (style, execution) => {
  it.each([
    [11, {}],
    [8, {}],
    [11, { schedule: { type: 'exponentialDecay', decaySteps: 3, decayRate: 0.5, staircase: true } }],
    [11, { schedule: { type: 'cosineDecay', decaySteps: 20, alpha: 0 } }],
  ] as const)(
    'goes on from a checkpoint after step %i as if nothing had happened %j',
    async (step, optimizer) => {
      const plain = specWith([dense(4), output])
      const spec = { ...plain, optimizer: { ...plain.optimizer, ...optimizer } }
      const whole = await startTestRun(text(spec, style, execution), { execution })
      await whole.done
      const checkpoint = await interruptedAt(step, spec, style, execution)
      expect(checkpoint.step).toBe(step)
      const rest = await startTestRun(text(spec, style, execution), { execution, checkpoint })
      await rest.done
      expect(rest.error).toBeUndefined()
      const expected = whole.series('loss').slice(step)
      const actual = rest.series('loss')
      expect(actual.map(({ step }) => step)).toEqual(expected.map(({ step }) => step))
      for (const [index, { value }] of actual.entries())
        expect(value).toBeCloseTo(expected[index]?.value ?? NaN, 5)
      // The validation after step 8 belongs to the rest; earlier epochs are not told again.
      const epochs = step === 8 ? [1, 2, 3] : [2, 3]
      expect(rest.series('epoch').map(({ value }) => value)).toEqual(epochs)
      expect(rest.series('epoch/valLoss')).toEqual(whole.series('epoch/valLoss').slice(-epochs.length))
    },
  )

  it('keeps what fits when a layer is added: weights, slots and the count of steps', async () => {
    const checkpoint = await interruptedAt(11, specWith([dense(4), output]), style, execution)
    const grown = specWith([dense(4), dense(4), output])
    const rest = await startTestRun(text(grown, style, execution), {
      execution,
      checkpoint,
      limit: { kind: 'steps', count: 0 },
    })
    await rest.reaches('paused')
    const [initial] = rest.weights
    const kept = [0, 1, -2, -1]
    expect(kept.map((position) => initial?.weights.weights.at(position)?.values)).toEqual(
      kept.map((position) => checkpoint.weights.weights.at(position)?.values),
    )
    rest.lane.resume({ kind: 'none' })
    await rest.done
    expect(rest.error).toBeUndefined()
    expect(rest.series('loss').map(({ step }) => step)).toEqual(
      Array.from({ length: 13 }, (_, index) => index + 12),
    )
    const printed = rest.reports.flatMap((report) => report.console).map((entry) => entry.text)
    expect(printed[0]).toMatch(/^The model changed: kept .*; new: .* \[4, 4\], .* \[4\]\.$/)
    expect(printed.some((line) => line.startsWith('Traced for the changed model: trainStep('))).toBe(
      execution === 'static',
    )
  })
})

it('goes on with the slots of an optimizer that trains some of the weights, in an order of its own', async () => {
  const program = text(specWith([dense(4), output]), 'torch', 'eager').replace(
    'model.parameters()',
    'model.parameters().slice(1).reverse()',
  )
  const whole = await startTestRun(program)
  await whole.done
  const first = await startTestRun(program, { limit: { kind: 'steps', count: 11 } })
  await first.reaches('paused')
  first.lane.stop(new InterruptedError('The run goes on elsewhere.'))
  await first.done
  const rest = await startTestRun(program, { checkpoint: first.lane.checkpoint })
  await rest.done
  expect(rest.error).toBeUndefined()
  expect(rest.series('loss')).toHaveLength(13)
  expect(rest.series('loss').at(-1)?.value).toBe(whole.series('loss').at(-1)?.value)
})

it('ends a validation before it is interrupted, and tells its figures once', async () => {
  const spec = specWith([dense(4), output])
  const program = text(spec, 'torch', 'eager').replace(
    '    for await (const [x, y] of testLoader) {',
    (line) => {
      return `${line}\n      await interruptNow()`
    },
  )
  const interruption = { run: (): void => undefined }
  Object.assign(globalThis, { interruptNow: () => interruption.run() })
  const first = await startTestRun(program)
  interruption.run = () => first.lane.stop(new InterruptedError('The run goes on elsewhere.'))
  await first.done
  expect(first.series('epoch').map(({ value }) => value)).toEqual([1])
  interruption.run = () => undefined
  const rest = await startTestRun(program, { checkpoint: first.lane.checkpoint })
  await rest.done
  expect(rest.series('epoch')).toEqual([
    { step: 16, value: 2 },
    { step: 24, value: 3 },
  ])
})

function text(spec: Spec, style: Style, execution: Execution): string {
  return generateProgram(spec, style, { lane: 'A', execution })
}

async function interruptedAt(
  step: number,
  spec: Spec,
  style: Style,
  execution: Execution,
): Promise<Checkpoint> {
  const run = await startTestRun(text(spec, style, execution), {
    execution,
    limit: { kind: 'steps', count: step },
  })
  await run.reaches('paused')
  run.lane.stop(new InterruptedError('The run goes on elsewhere.'))
  await run.done
  const { checkpoint } = run.lane
  if (!checkpoint) throw new Error('expected a checkpoint')
  return checkpoint
}
