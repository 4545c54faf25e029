import { describe, expect, it } from 'vitest'
import { defaultSpec } from '../spec/defaults'
import { parseSpec } from '../spec/parse'
import { generateProgram } from './generateProgram'

function specOf(data: object) {
  return parseSpec({
    ...defaultSpec(),
    data: { kind: 'csv', features: ['length', "width's"], label: 'y', task: 'regression', ...data },
    model: { layers: [{ type: 'dense', units: 1 }] },
    loss: 'meanSquaredError',
    optimizer: { type: 'sgd', learningRate: 0.1 },
    training: { shuffle: false, batchSize: 4, epochs: 2 },
  })
}

const whole = specOf({ trainFraction: 1 })

describe('programs on a CSV file', () => {
  it('read it by its columns', () => {
    const split = specOf({ standardise: true, standardiseLabel: true })
    expect(generateProgram(split, 'keras', { lane: 'A' })).toContain(
      [
        'const { train, test } = await csv({',
        `  features: ['length', 'width\\'s'],`,
        `  label: 'y',`,
        `  task: 'regression',`,
        '  standardise: true,',
        '  standardiseLabel: true,',
        '  trainFraction: 0.8,',
        '  seed: 42,',
        '})',
      ].join('\n'),
    )
  })

  it('say which texts become columns, and that rows with gaps are skipped', () => {
    const oneHot = [
      { column: 'length', values: ['short', "long's"] },
      { column: "width's", values: ['wide'] },
    ]
    for (const style of ['keras', 'torch'] as const) {
      const program = generateProgram(specOf({ oneHot, skipGaps: true }), style, { lane: 'A' })
      expect(program).toContain(
        [
          'const { train, test } = await csv({',
          `  features: ['length', 'width\\'s'],`,
          '  oneHot: [',
          `    { column: 'length', values: ['short', 'long\\'s'] },`,
          `    { column: 'width\\'s', values: ['wide'] },`,
          '  ],',
          '  skipGaps: true,',
          `  label: 'y',`,
        ].join('\n'),
      )
      expect(program).toContain(style === 'keras' ? 'Input({ shape: [3] })' : 'new nn.Linear(3, 1)')
    }
  })

  it('have no validation where all rows train, Keras-style', () => {
    expect(generateProgram(whole, 'keras', { lane: 'A', execution: 'static' })).toMatchInlineSnapshot(`
      "import { Sequential, Input, layers, optimizers, setRandomSeed } from 'tandem/keras'
      import { csv } from 'tandem/data'

      setRandomSeed(42)

      const { train } = await csv({
        features: ['length', 'width\\'s'],
        label: 'y',
        task: 'regression',
        trainFraction: 1,
        seed: 42,
      })

      export const model = new Sequential([
        Input({ shape: [2] }),
        new layers.Dense(1),
      ])

      export const optimizer = new optimizers.SGD({ learningRate: 0.1 })
      model.compile({
        optimizer,
        loss: 'meanSquaredError',
        metrics: ['mae'],
        runEagerly: false,
      })

      await model.fit(train.x, train.y, { batchSize: 4, epochs: 2, shuffle: false })
      "
    `)
  })

  it('have no validation where all rows train, PyTorch-style', () => {
    expect(generateProgram(whole, 'torch', { lane: 'A' })).toMatchInlineSnapshot(`
      "import { nn, optim, manualSeed, DataLoader } from 'tandem/torch'
      import { csv } from 'tandem/data'
      import { log } from 'tandem/run'

      manualSeed(42)

      const { train } = await csv({
        features: ['length', 'width\\'s'],
        label: 'y',
        task: 'regression',
        trainFraction: 1,
        seed: 42,
      })
      const trainLoader = new DataLoader(train, { batchSize: 4 })

      export const model = new nn.Sequential(
        new nn.Linear(2, 1),
      )
      const criterion = new nn.MSELoss()
      export const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })

      for (let epoch = 1; epoch <= 2; epoch++) {
        model.train()
        for await (const [x, y] of trainLoader) {
          optimizer.zeroGrad()
          const loss = criterion.forward(model.forward(x), y)
          loss.backward()
          optimizer.step()
          log({ loss: loss.item() })
        }

        log({ epoch })
      }
      "
    `)
    const compiled = generateProgram(whole, 'torch', { lane: 'A', execution: 'static' })
    expect(compiled).toContain('const trainStep = compile(')
    expect(compiled).not.toContain('test')
    expect(compiled).not.toContain('noGrad')
  })
})
