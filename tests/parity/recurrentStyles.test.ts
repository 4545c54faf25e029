/** Nets on sequences of tokens: aligned lanes of both styles train alike, eagerly and static, whoever leads. */
import { beforeAll, describe, expect, it } from 'vitest'
import { generateProgram } from '../../src/lib/core/codegen'
import { setCsvSource } from '../../src/lib/core/data/csv'
import { withSummedBiases } from '../../src/lib/core/nn/recurrentLayouts'
import { toLayout } from '../../src/lib/core/nn/weightLayouts'
import type { ModelWeights } from '../../src/lib/core/nn/weights'
import { InterruptedError } from '../../src/lib/core/program/laneRun'
import { startTestRun, type TestRun } from '../support/testRun'
import { parseSpec } from '../../src/lib/core/spec/parse'
import type { Spec, Execution, Style } from '../../src/lib/core/spec/schema'
import { randomStream } from '../../src/lib/core/util/random'

const steps = 100
const tolerance = 1e-5
const tokens = 7
const features = ['t0', 't1', 't2', 't3', 't4']

/** Sequences of tokens; their class is whether the first is larger than the last. */
function csvText(): string {
  const random = randomStream(3, 'tokens')
  const rows = Array.from({ length: 50 }, () => {
    const row = features.map(() => Math.floor(random() * tokens))
    return [...row, Number((row[0] ?? 0) > (row.at(-1) ?? 0))].join(',')
  })
  return [[...features, 'y'].join(','), ...rows].join('\n')
}

const embedding = { type: 'embedding', inputDim: tokens, outputDim: 4 }
const output = { type: 'dense', units: 1, activation: 'sigmoid' }
const nets: Readonly<Record<string, readonly object[]>> = {
  'simple RNN': [embedding, { type: 'simpleRnn', units: 6 }, output],
  LSTM: [embedding, { type: 'lstm', units: 6 }, output],
  GRU: [embedding, { type: 'gru', units: 6 }, output],
  'layers above one another': [
    embedding,
    { type: 'lstm', units: 5, returnSequences: true },
    { type: 'dropout', rate: 0.2 },
    { type: 'dense', units: 4, activation: 'softmax' },
    { type: 'layerNormalization' },
    { type: 'gru', units: 4, returnSequences: true },
    { type: 'activation', activation: 'leakyRelu' },
    { type: 'simpleRnn', units: 3, returnSequences: true },
    { type: 'flatten' },
    output,
  ],
}

/** At larger rates the deepest net amplifies rounding beyond the tolerance within 100 steps, in any pair of lanes. */
const optimizers: Readonly<Record<string, object>> = {
  SGD: { type: 'sgd', learningRate: 0.05 },
  Adam: { type: 'adam', learningRate: 0.003 },
}

function specOf(layers: readonly object[], optimizer: object): Spec {
  return parseSpec({
    version: 1,
    data: { kind: 'csv', features, label: 'y', task: 'classification', trainFraction: 0.8 },
    model: { layers },
    loss: 'binaryCrossentropy',
    optimizer,
    training: { batchSize: 12, epochs: 25 },
  })
}

interface Lane {
  readonly style: Style
  readonly execution?: Execution
  /** Style of lane A, and what it starts from. */
  readonly leader?: Style
  readonly initialWeights?: ModelWeights
}

async function run(
  spec: Spec,
  { style, execution = 'eager', leader, initialWeights }: Lane,
): Promise<TestRun> {
  const program = generateProgram(spec, style, {
    lane: leader === undefined ? 'A' : 'B',
    alignedTo: leader,
    execution,
  })
  const started = await startTestRun(program, {
    execution,
    limit: { kind: 'steps', count: steps },
    compareWeights: true,
    ...(initialWeights && { initialWeights }),
  })
  await Promise.race([started.reaches('paused'), started.done])
  started.lane.stop()
  await started.done
  expect(started.error).toBeUndefined()
  expect(started.series('loss')).toHaveLength(steps)
  return started
}

function difference(a: readonly number[], b: readonly number[]): number {
  expect(b).toHaveLength(a.length)
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))))
}

const lossesOf = (run: TestRun, tag = 'loss') => run.series(tag).map(({ value }) => value)

/** What counts in Keras' layout, where one bias stands for the sum of two. */
function weightsOf(run: TestRun, at: number): number[] {
  const weights = run.weights.at(at)?.weights
  if (!weights) throw new Error('The run posted no weights.')
  return withSummedBiases(toLayout(weights, 'keras')).weights.flatMap(({ values }) => Array.from(values))
}

function initial(run: TestRun): ModelWeights {
  const [first] = run.weights
  if (!first) throw new Error('The run posted no weights.')
  return first.weights
}

beforeAll(() => setCsvSource(() => Promise.resolve(new TextEncoder().encode(csvText()))))

describe.each<Style>(['keras', 'torch'])('lane A in %s', (leader) => {
  const other: Style = leader === 'keras' ? 'torch' : 'keras'
  const cases = Object.entries(nets).flatMap(([net, layers]) =>
    Object.entries(optimizers).map(
      ([name, optimizer]) => [`${net}, ${name}`, specOf(layers, optimizer)] as const,
    ),
  )

  it.each(cases)('%s', async (_, spec) => {
    const first = await run(spec, { style: leader })
    const followers: Lane[] = [
      { style: other, leader, initialWeights: initial(first) },
      { style: other, execution: 'static', leader, initialWeights: initial(first) },
    ]
    for (const follower of followers) {
      const second = await run(spec, follower)
      expect(difference(weightsOf(first, 0), weightsOf(second, 0))).toBeLessThanOrEqual(1e-7)
      expect(difference(lossesOf(first), lossesOf(second))).toBeLessThanOrEqual(tolerance)
      expect(
        difference(lossesOf(first, 'epoch/valLoss'), lossesOf(second, 'epoch/valLoss')),
      ).toBeLessThanOrEqual(tolerance)
      expect(difference(weightsOf(first, -1), weightsOf(second, -1))).toBeLessThanOrEqual(1e-4)
    }
  })
})

it.each<[Execution, Execution]>([
  ['eager', 'static'],
  ['static', 'eager'],
])('a lane that follows Keras goes over from %s to %s within a run', async (from, to) => {
  const spec = specOf(nets['LSTM'] ?? [], optimizers['Adam'] ?? {})
  const leader = await run(spec, { style: 'keras' })
  const program = (execution: Execution) =>
    generateProgram(spec, 'torch', { lane: 'B', alignedTo: 'keras', execution })
  const options = { initialWeights: initial(leader), compareWeights: true }
  const first = await startTestRun(program(from), {
    ...options,
    execution: from,
    limit: { kind: 'steps', count: 37 },
  })
  await first.reaches('paused')
  first.lane.stop(new InterruptedError())
  await first.done
  const second = await startTestRun(program(to), {
    ...options,
    execution: to,
    checkpoint: first.lane.checkpoint,
    limit: { kind: 'steps', count: steps },
  })
  await Promise.race([second.reaches('paused'), second.done])
  second.lane.stop()
  await second.done
  expect([first.error, second.error]).toEqual([undefined, undefined])
  expect(difference(lossesOf(leader), [...lossesOf(first), ...lossesOf(second)])).toBeLessThanOrEqual(
    tolerance,
  )
})
