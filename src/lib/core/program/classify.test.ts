import { beforeAll, describe, expect, it, vi } from 'vitest'
import { generateProgram, outputActivation } from '../codegen/index'
import { setDigitsSource } from '../data/digits'
import { memoryInUse } from '../eager/counters'
import * as keras from '../keras/index'
import { parseSpec } from '../spec/parse'
import type { Style } from '../spec/schema'
import { ShapeError } from '../util/errors'
import { classify } from './classify'
import { notKept } from './questions'
import { InterruptedError } from './laneRun'
import { startTestRun, type TestRun } from '../../../../tests/support/testRun'
import type { DigitSamples, DigitsProbe, Execution } from './types'

const digitCount = 40

/** Digit k: noise of its own, so that no two are alike. */
function packedFile(): Uint8Array {
  const bytes = new Uint8Array(8 + digitCount * 785)
  bytes.set([0x54, 0x44, 0x49, 0x47, digitCount])
  for (let digit = 0; digit < digitCount; digit++) bytes[8 + digit] = digit % 10
  for (let at = 8 + digitCount; at < bytes.length; at++) bytes[at] = (at * at * 31 + at * 7) % 256
  return bytes
}

beforeAll(() => {
  setDigitsSource(() => Promise.resolve(packedFile()))
})

/** Every layer that behaves differently in training, and an image that must have its channels in the right place. */
const spec = parseSpec({
  version: 1,
  seed: 5,
  data: { kind: 'digits', samples: digitCount, trainFraction: 0.5 },
  model: {
    layers: [
      { type: 'conv2d', filters: 3, kernelSize: 5, strides: 4, activation: 'relu' },
      { type: 'batchNormalization' },
      { type: 'flatten' },
      { type: 'dropout', rate: 0.5 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  loss: 'sparseCategoricalCrossentropy',
  optimizer: { type: 'sgd', learningRate: 0.05 },
  training: { batchSize: 5, epochs: 3, shuffle: true },
})
const steps = 12

function probeFor(style: Style): DigitsProbe {
  return {
    kind: 'digits',
    count: 3,
    seed: spec.seed,
    samples: digitCount,
    trainFraction: 0.5,
    channelsFirst: style === 'torch',
    activation: outputActivation(spec, style),
  }
}

interface DigitRun extends TestRun {
  /** Pixels of the first probed digit. */
  readonly digit: () => Float32Array
  /** What the probe was answered for it last. */
  readonly predicted: () => number[]
}

async function start(style: Style, execution: Execution, count = Infinity): Promise<DigitRun> {
  let samples: DigitSamples | undefined
  const run = await startTestRun(generateProgram(spec, style, { lane: 'A', execution }), {
    execution,
    limit: count === Infinity ? { kind: 'none' } : { kind: 'steps', count },
    probe: probeFor(style),
    digitSamples: (given) => (samples = given),
  })
  return Object.assign(run, {
    digit: () => Float32Array.from(samples?.pixels.subarray(0, 784) ?? [], (byte) => byte / 255),
    predicted: () => Array.from(run.predictions.at(-1)?.values.subarray(0, 10) ?? []),
  })
}

const cases = [
  ['keras', 'eager'],
  ['keras', 'static'],
  ['torch', 'eager'],
  ['torch', 'static'],
] as const

describe.each(cases)('a %s run, %s', (style, execution) => {
  it('reads a digit while it rests and after its end, as it reads the same test digit', async () => {
    const run = await start(style, execution, 6)
    await run.reaches('paused')
    const paused = await run.lane.classify(run.digit())
    expect(paused).toMatchObject({ step: 6, areProbabilities: true })
    expectClose(paused.values, run.predicted())
    run.lane.resume({ kind: 'none' })
    await run.done
    expect(run.error).toBeUndefined()
    const finished = await run.lane.classify(run.digit())
    expect(finished).toMatchObject({ step: steps, areProbabilities: true })
    expectClose(finished.values, run.predicted())
    expect(Array.from(finished.values)).not.toEqual(Array.from(paused.values))
  })

  it('trains on as if nobody had asked, and counts none of it as a step', async () => {
    const plain = await start(style, execution)
    await plain.done
    const asked = await start(style, execution)
    const answers: Promise<number>[] = []
    for (let question = 0; question < 5; question++) {
      answers.push(asked.lane.classify(new Float32Array(784).fill(0.5)).then(({ step }) => step))
    }
    await asked.done
    expect(await Promise.all(answers)).toEqual([0, 0, 0, 0, 0])
    expect(asked.series('loss')).toEqual(plain.series('loss'))
    // Five predictions would be more than one kernel a step.
    expect(mostKernels(asked)).toBeLessThan(mostKernels(plain) + 1)
  })

  it('gives its weights while it rests and after its end', async () => {
    const run = await start(style, execution, 6)
    await run.reaches('paused')
    const paused = await run.lane.takeWeights()
    run.lane.resume({ kind: 'none' })
    await run.done
    const finished = await run.lane.takeWeights()
    expect([paused.step, finished.step]).toEqual([6, steps])
    const names = finished.weights.weights.map(({ name }) => name)
    expect(names).toContain(style === 'torch' ? '5.weight' : 'dense/kernel')
    expect(paused.weights.weights.map(({ name }) => name)).toEqual(names)
    expect(paused.weights).not.toEqual(finished.weights)
  })
})

it('frees what it kept to answer with', async () => {
  const before = memoryInUse()
  const run = await start('torch', 'eager')
  await run.done
  const after = memoryInUse()
  await run.lane.classify(run.digit())
  expect([memoryInUse(), after]).toEqual([before, before])
})

it('a run that was stopped still answers', async () => {
  const run = await start('keras', 'eager', 2)
  await run.reaches('paused')
  run.lane.stop()
  await run.done
  expect(await run.lane.classify(run.digit())).toMatchObject({ step: 2, areProbabilities: true })
})

describe('after a run that left no model to ask', () => {
  it.each([
    [
      'failed',
      'throw new Error("nothing")',
      'model: expected a run with a model, got one that failed before it had one. Correct the program and run again.',
    ],
    [
      'finished',
      'export const answer = 1',
      'model: expected a run with a model, got a program that exports none. Export it as `model`.',
    ],
  ])('says so of one that %s', async (_, program, problem) => {
    const run = await startTestRun(program, { probe: probeFor('keras') })
    const early = run.lane.takeWeights()
    await expect(early).rejects.toThrow(problem)
    await run.done
    await expect(run.lane.classify(new Float32Array(784))).rejects.toThrow(problem)
  })

  it('says so of one that was stopped', async () => {
    const whole = generateProgram(spec, 'keras', { lane: 'A', execution: 'eager' })
    const program = whole.replace(/\bmodel\b/g, 'network')
    expect(program).not.toBe(whole)
    const run = await startTestRun(program, { probe: probeFor('keras'), limit: { kind: 'steps', count: 2 } })
    await run.reaches('paused')
    run.lane.stop()
    await run.done
    await expect(run.lane.classify(new Float32Array(784))).rejects.toThrow(
      'model: expected a run with a model, got one that was stopped before it had one. Run again.',
    )
  })

  it('says so where the model throws what no object can be asked about, and cleans up', async () => {
    const before = memoryInUse()
    const run = await startTestRun(
      `import { nn } from 'tandem/torch'
const refuse = () => { throw new Error('no prototype') }
const strange = new Proxy(new Error('strange'), { getPrototypeOf: refuse, get: refuse })
class Net extends nn.Module { forward() { throw strange } }
export const model = new Net()`,
      { probe: probeFor('torch') },
    )
    await run.done
    expect([run.error, memoryInUse()]).toEqual([undefined, before])
    await expect(run.lane.classify(new Float32Array(784))).rejects.toThrow('throw: expected an Error, got')
  })

  it('says of weights that cannot be read why, whatever was thrown', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const where = 'model: expected weights that can be read at the end of the run, got:'
    expect(notKept(proxy).message).toMatch(new RegExp(`^${where} throw: expected an Error, got`))
    expect(notKept(Object.create(null)).message).toContain(`${where} throw: expected an Error, got {}.`)
  })

  it('says where one goes on that was interrupted', async () => {
    const run = await start('keras', 'eager', 2)
    await run.reaches('paused')
    run.lane.stop(new InterruptedError('The run goes on elsewhere.'))
    await run.done
    await expect(run.lane.takeWeights()).rejects.toThrow(
      'model: expected a run to its end, got one that was interrupted. Ask again when it goes on.',
    )
  })

  it('says why where the weights cannot be read', async () => {
    const run = await start('keras', 'eager', 2)
    await run.reaches('paused')
    vi.spyOn(keras.Model.prototype, 'weights').mockRejectedValueOnce(new Error('The buffer is lost.'))
    run.lane.stop()
    await run.done
    expect(run.statuses.at(-1)).toBe('stopped')
    await expect(run.lane.classify(run.digit())).rejects.toThrow(
      'model: expected weights that can be read at the end of the run, got: The buffer is lost. Run again.',
    )
  })
})

it('a run on other data does not read digits', async () => {
  const run = await startTestRun('export const model = 1')
  await expect(run.lane.classify(new Float32Array(784))).rejects.toThrow(
    'classify: expected a run on digits, got one on other data. Run on digits.',
  )
  await run.done
})

describe('classify', () => {
  const probe = probeFor('torch')
  const pixels = new Float32Array(784)
  const modelOf = (values: readonly number[]) => ({
    predict: () =>
      Promise.resolve({
        values: Float32Array.from(values),
        shape: [1, values.length],
        dtype: 'float32' as const,
      }),
  })
  const even = Array.from({ length: 10 }, () => 0.1)

  it('applies the activation that the program leaves out, and not a second time', async () => {
    const logits = even.map((_, digit) => digit)
    const { values } = await classify(modelOf(logits), pixels, probe)
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0)
    expectClose(
      values,
      logits.map((logit) => Math.exp(logit) / sum),
    )
    expectClose((await classify(modelOf(even), pixels, probe)).values, even)
  })

  it('says where outputs are no probabilities', async () => {
    const linear = await classify(modelOf(even.map(() => 0.7)), pixels, { ...probe, activation: 'linear' })
    expect(linear.areProbabilities).toBe(false)
  })

  it('says what does not fit', async () => {
    await expect(classify(modelOf([1, 2, 3]), pixels, probe)).rejects.toThrow(
      'classify: expected ten outputs for a digit, got [1, 3]. End the model with ten units.',
    )
    await expect(classify(modelOf(even), new Float32Array(9), probe)).rejects.toThrow(
      'classify: expected 784 pixels, got 9. Give an image of 28 × 28.',
    )
    const narrow = { predict: () => Promise.reject(new ShapeError('linear: expected 64 features, got 784.')) }
    await expect(classify(narrow, pixels, probe)).rejects.toThrow(
      'classify: expected a model that takes an image [1, 1, 28, 28], got one that says: ' +
        'linear: expected 64 features, got 784. Give the model images, or return to the generated program.',
    )
  })
})

/** Most kernels a step in any report: each covers some of the steps. */
const mostKernels = (run: TestRun) =>
  Math.max(...run.reports.flatMap(({ ledger }) => ledger?.kernelsPerStep ?? []))

function expectClose(values: ArrayLike<number>, expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(values[index]).toBeCloseTo(value, 5)
}
