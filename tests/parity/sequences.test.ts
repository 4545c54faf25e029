/** Sequences of different length: every batch at its own, in both styles, eager as static. */
import { describe, expect, it } from 'vitest'
import { recall } from '../../src/lib/core/data'
import { batchOrder, batchRows } from '../../src/lib/core/data/batches'
import { generateProgram } from '../../src/lib/core/codegen'
import { startTestRun, type TestRun } from '../support/testRun'
import { parseSpec } from '../../src/lib/core/spec/parse'

type Execution = 'eager' | 'static'

const batchSize = 16
const epochs = 3
const options = '{ samples: 150, classes: 3, minLength: 2, maxLength: 5, trainFraction: 0.8, seed: 7'

function kerasProgram(execution: Execution, padded: boolean): string {
  return `
import { Sequential, Input, layers, optimizers, setRandomSeed } from 'tandem/keras'
import { recall } from 'tandem/data'
setRandomSeed(7)
const { train, test } = recall(${options}, padded: ${padded} })
export const model = new Sequential([
  Input({ shape: [${padded ? 5 : null}] }),
  new layers.Embedding(4, 4),
  new layers.GRU(6),
  new layers.Dense(3, { activation: 'softmax' }),
])
export const optimizer = new optimizers.SGD({ learningRate: 0.5 })
model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'], runEagerly: ${execution === 'eager'} })
await model.fit(train.x, train.y, { batchSize: ${batchSize}, epochs: ${epochs}, validationData: [test.x, test.y] })
`
}

function torchProgram(execution: Execution, padded: boolean): string {
  const step = [
    '(x, y) => {',
    '  optimizer.zeroGrad()',
    '  const loss = criterion.forward(model.forward(x), y)',
  ]
  const rest = ['  loss.backward()', '  optimizer.step()', '  return loss', '}']
  const body = [...step, ...rest].join('\n')
  return `
import { nn, optim, compile, noGrad, manualSeed, zeros, DataLoader } from 'tandem/torch'
import { recall } from 'tandem/data'
import { log } from 'tandem/run'
manualSeed(7)
const { train, test } = recall(${options}, padded: ${padded} })
const trainLoader = new DataLoader(train, { batchSize: ${batchSize}, shuffle: true })
const testLoader = new DataLoader(test, { batchSize: ${batchSize} })
class Reader extends nn.Module {
  embedding = new nn.Embedding(4, 4)
  inputs = new nn.Linear(4, 6)
  state = new nn.Linear(6, 6)
  output = new nn.Linear(6, 3)
  forward(x) {
    const embedded = this.embedding.forward(x)
    let h = zeros(x.size(0), 6)
    for (let t = 0; t < x.size(1); t++) h = this.inputs.forward(embedded.select(1, t)).add(this.state.forward(h)).tanh()
    return this.output.forward(h)
  }
}
export const model = new Reader()
const criterion = new nn.CrossEntropyLoss()
export const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 })
const trainStep = ${execution === 'static' ? `compile(${body})` : body}
for (let epoch = 1; epoch <= ${epochs}; epoch++) {
  for await (const [x, y] of trainLoader) log({ loss: trainStep(x, y).item() })
  let valLoss = 0
  await noGrad(async () => {
    for await (const [x, y] of testLoader) valLoss += (await criterion.forward(model.forward(x), y).item()) * x.size(0)
  })
  log({ epoch, valLoss: valLoss / 30 })
}
`
}

const programs = { keras: kerasProgram, torch: torchProgram }

async function run(style: keyof typeof programs, execution: Execution, padded = false): Promise<TestRun> {
  const started = await startTestRun(programs[style](execution, padded), { execution })
  await started.done
  if (started.error) throw new Error(started.error.message)
  return started
}

/** Of the training batches: `16×4` for 16 sequences of 4 tokens. */
function batchShapes(): string[] {
  const { train } = recall({
    samples: 150,
    classes: 3,
    minLength: 2,
    maxLength: 5,
    trainFraction: 0.8,
    seed: 7,
  })
  const lengths = train.x.lengths ?? null
  return batchRows(batchOrder(120, 7, 1), batchSize, lengths).map(
    (rows) => `${rows.length}×${lengths?.[rows[0] ?? 0] ?? 0}`,
  )
}

describe.each(['keras', 'torch'] as const)('%s', (style) => {
  it('trains alike in both executions, each batch at its own length', async () => {
    const [eager, compiled] = [await run(style, 'eager'), await run(style, 'static')]
    const losses = eager.series('loss').map(({ value }) => value)
    expect(losses).toHaveLength(epochs * batchShapes().length)
    const difference = Math.max(
      ...compiled.series('loss').map(({ value }, index) => Math.abs(value - (losses[index] ?? NaN))),
    )
    expect(difference).toBeLessThan(1e-5)
    const last = (run: TestRun) => run.series('epoch/valLoss').at(-1)?.value ?? NaN
    expect(last(compiled)).toBeCloseTo(last(eager), 5)
    expect(last(eager)).toBeLessThan(losses[0] ?? 0)
  })

  it('is traced once for each shape of a batch, and finds the graphs again in later epochs', async () => {
    const { reports } = await run(style, 'static')
    const signatures = reports.at(-1)?.signatures?.filter((each) => each.function === 'trainStep') ?? []
    expect(signatures).toHaveLength(new Set(batchShapes()).size)
    const calls = signatures.reduce((sum, { hits }) => sum + hits, 0) + signatures.length
    expect(calls).toBe(epochs * batchShapes().length)
  })

  it('needs one graph for padded sequences, but for a last batch that is not full', async () => {
    const { reports } = await run(style, 'static', true)
    const signatures = reports.at(-1)?.signatures?.filter((each) => each.function === 'trainStep') ?? []
    expect(signatures.map(({ signature }) => signature.split(',')[0])).toEqual(['int32[16', 'int32[8'])
  })
})

describe.each([false, true])('aligned lanes, padded: %s', (padded) => {
  const spec = parseSpec({
    version: 1,
    data: { kind: 'parity', samples: 120, minLength: 2, maxLength: 4, padded },
    model: {
      layers: [
        { type: 'embedding', inputDim: 3, outputDim: 4 },
        { type: 'lstm', units: 5 },
        { type: 'dense', units: 1, activation: 'sigmoid' },
      ],
    },
    loss: 'binaryCrossentropy',
    optimizer: { type: 'sgd', learningRate: 0.5 },
    training: { batchSize: 16, epochs: 2 },
  })
  const start = (style: 'keras' | 'torch', execution: Execution, leader?: TestRun) => {
    const initialWeights = leader?.weights[0]?.weights
    const place = leader ? ({ lane: 'B', alignedTo: 'keras' } as const) : ({ lane: 'A' } as const)
    const program = generateProgram(spec, style, { ...place, execution, stepsPerExecution: 4 })
    return startTestRun(program, {
      execution,
      compareWeights: true,
      ...(initialWeights && { initialWeights }),
    })
  }

  it('train alike in both styles and executions, four steps in a call where shapes allow', async () => {
    const leader = await start('keras', 'eager')
    await leader.done
    const expected = ['loss', 'epoch/valLoss', 'epoch/valAccuracy'].map((tag) => leader.series(tag))
    expect(expected[1]).toHaveLength(2)
    for (const [style, execution] of [
      ['torch', 'eager'],
      ['keras', 'static'],
      ['torch', 'static'],
    ] as const) {
      // prettier-ignore
      const run = await start(style, execution, style === 'torch' ? leader : undefined)
      await run.done
      expect(run.error).toBeUndefined()
      const found = ['loss', 'epoch/valLoss', 'epoch/valAccuracy'].map((tag) => run.series(tag))
      for (const [index, series] of found.entries()) {
        expect(series.map(({ step }) => step)).toEqual(expected[index]?.map(({ step }) => step))
        const differences = series.map(({ value }, at) =>
          Math.abs(value - (expected[index]?.[at]?.value ?? NaN)),
        )
        expect(Math.max(...differences)).toBeLessThan(1e-5)
      }
    }
  })
})
