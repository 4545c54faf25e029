import { describe, expect, it } from 'vitest'
import { generateProgram } from '../codegen'
import { writeSafetensors } from '../export/safetensors'
import { writeWeights } from '../export/weightsFile'
import type { ModelWeights } from '../nn/weights'
import { defaultSpec } from '../spec/defaults'
import { parseSpec } from '../spec/parse'
import { startTestRun, type TestRun } from '../../../../tests/support/testRun'

const spec = parseSpec({
  ...defaultSpec(),
  data: { kind: 'circle', samples: 64, trainFraction: 0.5 },
  model: {
    layers: [
      { type: 'dense', units: 3, activation: 'relu' },
      { type: 'dense', units: 1, activation: 'sigmoid' },
    ],
  },
  optimizer: { type: 'sgd', learningRate: 0.1 },
  training: { batchSize: 16, epochs: 4, shuffle: false },
})

/** The first losses of a run whose weights are these. */
const losses = (run: TestRun) => run.series('loss').map(({ value }) => value)

function start(style: 'keras' | 'torch', execution: 'eager' | 'static', steps: number, text?: string) {
  const program = text ?? generateProgram(spec, style, { lane: 'A', execution })
  const probe = { kind: 'grid', extent: 1.25, resolution: 4, activation: 'linear' } as const
  return startTestRun(program, { execution, limit: { kind: 'steps', count: steps }, probe })
}

const doubled = ({ layout, weights }: ModelWeights): ModelWeights => ({
  layout,
  weights: weights.map((weight) => ({ ...weight, values: weight.values.map((value) => 2 * value) })),
})

const both = (['keras', 'torch'] as const).flatMap((style) =>
  (['eager', 'static'] as const).map((execution) => [style, execution] as const),
)

describe.each(both)('a %s-style lane, %s', (style, execution) => {
  it('takes the weights of a file while it rests, and trains and predicts with them', async () => {
    const run = await start(style, execution, 0)
    await run.reaches('paused')
    const first = await run.lane.takeWeights()
    const file = { name: 'net.safetensors', bytes: writeWeights(first.weights) }
    run.lane.resume({ kind: 'steps', count: 5 })
    await run.reaches('paused')
    const before = run.predictions.length
    expect(await run.lane.loadWeights(file)).toEqual({ step: 5, tensors: 4, note: null, when: 'later' })
    expect((await run.lane.takeWeights()).weights).toEqual(first.weights)
    expect(run.predictions.length).toBeGreaterThan(before)
    run.lane.resume({ kind: 'none' })
    await run.done
    const notes = run.reports.flatMap(({ events }) => events).filter(({ tag }) => tag === 'weights')
    expect(notes).toMatchObject([{ step: 5, value: 'Loaded 4 tensors of net.safetensors.' }])
  })

  it('starts from the weights of a file that comes before its first batch', async () => {
    const plain = await start(style, execution, 1)
    await plain.reaches('paused')
    plain.lane.stop()
    await plain.done
    const given = doubled(plain.weights[0]?.weights ?? { layout: style, weights: [] })
    const run = await start(style, execution, 1)
    const loading = run.lane.loadWeights({ name: 'net.safetensors', bytes: writeWeights(given) })
    await run.reaches('paused')
    expect(await loading).toMatchObject({ step: 0, when: 'initially' })
    expect(run.weights[0]?.weights.weights.map(({ values }) => values)).toEqual(
      given.weights.map(({ values }) => values),
    )
    expect(losses(run)[0]).not.toBeCloseTo(losses(plain)[0] ?? NaN, 3)
    run.lane.stop()
    await run.done
    // A lane that starts again from them, while it rests, makes the same first step.
    const again = await start(style, execution, 0)
    await again.reaches('paused')
    await again.lane.loadWeights({ name: 'net.safetensors', bytes: writeWeights(given) })
    again.lane.resume({ kind: 'steps', count: 1 })
    await again.reaches('paused')
    expect(losses(again)).toEqual(losses(run))
    again.lane.stop()
    await again.done
  })

  it('keeps its weights where a file does not fit, and trains on', async () => {
    const run = await start(style, execution, 2)
    await run.reaches('paused')
    const { weights } = await run.lane.takeWeights()
    const name = 'other.safetensors'
    const [one, ...others] = weights.weights
    const cases: [Uint8Array, RegExp][] = [
      [Uint8Array.of(1, 2, 3), /^safetensors: expected a length, a JSON header and values, got 3 bytes/],
      [
        writeWeights({ ...weights, weights: others }),
        /^other\.safetensors: tensor '.+': expected \[.+\], got none among/,
      ],
      [
        writeWeights({
          ...weights,
          weights: [{ ...one, name: one?.name ?? '', shape: [1], values: Float32Array.of(1) }, ...others],
        }),
        /^other\.safetensors: tensor '.+': expected \[.+\], got \[1\]\./,
      ],
      [
        writeWeights({
          ...weights,
          weights: weights.weights.map((w) => ({ ...w, values: w.values.map(() => NaN) })),
        }),
        /^other\.safetensors: tensor '.+': expected finite numbers, got NaN at position 0\./,
      ],
      [
        writeSafetensors([
          { name: style === 'keras' ? '0.weight' : 'dense/kernel', shape: [1], values: Float32Array.of(1) },
        ]),
        /^other\.safetensors: expected (Keras|PyTorch) names such as/,
      ],
    ]
    for (const [bytes, message] of cases)
      await expect(run.lane.loadWeights({ name, bytes })).rejects.toThrow(message)
    expect((await run.lane.takeWeights()).weights).toEqual(weights)
    run.lane.resume({ kind: 'none' })
    await run.done
    expect(run.statuses.at(-1)).toBe('finished')
    const ended = await run.lane.loadWeights({ name, bytes: writeWeights(doubled(weights)) })
    expect(ended).toMatchObject({ tensors: 4, when: 'never' })
    await expect(run.lane.loadWeights({ name, bytes: Uint8Array.of(1) })).rejects.toThrow('got 1 bytes')
  })
})

it('loads into a model that somebody wrote, without what a wrapper put before the names', async () => {
  const program = `import { nn, optim, DataLoader } from 'tandem/torch'
import { circle } from 'tandem/data'
class Net extends nn.Module {
  constructor() {
    super()
    this.hidden = new nn.Linear(2, 3)
    this.last = new nn.Linear(3, 1)
  }
  forward(x) {
    return this.last.forward(this.hidden.forward(x).relu())
  }
}
export const model = new Net()
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const { train } = circle({ samples: 64, trainFraction: 0.5, seed: 1, labels: 'binary', noise: 0 })
for await (const [x, y] of new DataLoader(train, { batchSize: 16 })) {
  const loss = new nn.BCEWithLogitsLoss().forward(model.forward(x), y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
}`
  const run = await start('torch', 'eager', 1, program)
  await run.reaches('paused')
  const { weights } = await run.lane.takeWeights()
  const wrapped = doubled(weights).weights.map((weight) => ({
    ...weight,
    name: `_orig_mod.module.${weight.name}`,
  }))
  expect(await run.lane.loadWeights({ name: 'net', bytes: writeSafetensors(wrapped) })).toEqual({
    step: 1,
    tensors: 4,
    note: "'_orig_mod.module.' before the names in the file was left out.",
    when: 'later',
  })
  expect((await run.lane.takeWeights()).weights).toEqual(doubled(weights))
  run.lane.stop()
  await run.done
})
