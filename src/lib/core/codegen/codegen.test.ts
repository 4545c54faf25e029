import { describe, expect, it } from 'vitest'
import { circle, flat, linesWith, program, withLayers } from '../../../../tests/support/programText'
import { adaptToData, adaptToLoss } from '../spec/adaptToData'
import { parseSpec } from '../spec/parse'
import { generateProgram, generatePrograms } from './generateProgram'
import { outputActivation } from './outputActivation'

describe('the default spec', () => {
  it('is this Keras-style program', () => {
    expect(program(circle, 'keras')).toMatchInlineSnapshot(`
      "import { Sequential, Input, layers, optimizers, setRandomSeed } from 'tandem/keras'
      import { circle } from 'tandem/data'

      setRandomSeed(42)

      const { train, test } = circle({
        samples: 500,
        noise: 0.1,
        trainFraction: 0.5,
        seed: 42,
        labels: 'binary',
      })

      export const model = new Sequential([
        Input({ shape: [2] }),
        new layers.Dense(8, { activation: 'tanh' }),
        new layers.Dense(8, { activation: 'tanh' }),
        new layers.Dense(1, { activation: 'sigmoid' }),
      ])

      export const optimizer = new optimizers.Adam({ learningRate: 0.03 })
      model.compile({
        optimizer,
        loss: 'binaryCrossentropy',
        metrics: ['accuracy'],
        runEagerly: true,
      })

      await model.fit(train.x, train.y, {
        batchSize: 32,
        epochs: 50,
        validationData: [test.x, test.y],
      })
      "
    `)
  })

  it('is this PyTorch-style program, aligned to a Keras-style lane', () => {
    expect(program(circle, 'torch', 'keras')).toMatchInlineSnapshot(`
      "import { nn, optim, noGrad, manualSeed, DataLoader } from 'tandem/torch'
      import { circle } from 'tandem/data'
      import { initialWeights, log } from 'tandem/run'

      manualSeed(42)

      const { train, test } = circle({
        samples: 500,
        noise: 0.1,
        trainFraction: 0.5,
        seed: 42,
        labels: 'binary',
      })
      const trainLoader = new DataLoader(train, { batchSize: 32, shuffle: true })
      const testLoader = new DataLoader(test, { batchSize: 256 })

      export const model = new nn.Sequential(
        new nn.Linear(2, 8),
        new nn.Tanh(),
        new nn.Linear(8, 8),
        new nn.Tanh(),
        new nn.Linear(8, 1),
      )
      model.loadStateDict(await initialWeights('A'))
      const criterion = new nn.BCEWithLogitsLoss()
      export const optimizer = new optim.Adam(model.parameters(), {
        lr: 0.03,
        eps: 1e-7,
        formulation: 'keras',
      })

      for (let epoch = 1; epoch <= 50; epoch++) {
        model.train()
        for await (const [x, y] of trainLoader) {
          optimizer.zeroGrad()
          const loss = criterion.forward(model.forward(x), y)
          loss.backward()
          optimizer.step()
          log({ loss: loss.item() })
        }

        model.eval()
        let valLoss = 0
        let correct = 0
        await noGrad(async () => {
          for await (const [x, y] of testLoader) {
            const logits = model.forward(x)
            valLoss += (await criterion.forward(logits, y).item()) * y.shape[0]
            correct += await logits.gt(0).eq(y).sum().item()
          }
        })
        log({
          epoch,
          valLoss: valLoss / test.x.shape[0],
          valAccuracy: correct / test.x.shape[0],
        })
      }
      "
    `)
  })
})

describe('alignment', () => {
  it('makes lane B alone follow lane A, and only where the spec says so', () => {
    const [a, b] = generatePrograms(circle, ['keras', 'torch'])
    expect(a).toBe(generateProgram(circle, 'keras', { lane: 'A', alignedTo: 'torch' }))
    expect(a).not.toContain('initialWeights')
    expect(b).toContain("model.loadStateDict(await initialWeights('A'))")
    const [, native] = generatePrograms({ ...circle, alignment: 'native' }, ['keras', 'torch'])
    expect(native).not.toContain('initialWeights')
    expect(native).toContain('new optim.Adam(model.parameters(), { lr: 0.03 })')
  })

  it('needs no constants between lanes of one style', () => {
    const text = program(circle, 'keras', 'keras')
    expect(text).toContain("model.setWeights(await initialWeights('A'))")
    expect(text).toContain('new optimizers.Adam({ learningRate: 0.03 })')
  })

  it("gives a Keras-style lane PyTorch's epsilon, formulation and slope", () => {
    const leaky = withLayers([
      { type: 'dense', units: 8, activation: 'leakyRelu' },
      { type: 'activation', activation: 'leakyRelu' },
      { type: 'dense', units: 1, activation: 'sigmoid' },
    ])
    expect(linesWith(program(leaky, 'keras', 'torch'), 'new ')).toEqual([
      'export const model = new Sequential([',
      'new layers.Dense(8),',
      'new layers.LeakyReLU({ negativeSlope: 0.01 }),',
      'new layers.LeakyReLU({ negativeSlope: 0.01 }),',
      "new layers.Dense(1, { activation: 'sigmoid' }),",
      'export const optimizer = new optimizers.Adam({',
    ])
    expect(linesWith(program(leaky, 'keras', 'torch'), 'epsilon', 'formulation')).toEqual([
      'epsilon: 1e-8,',
      "formulation: 'torch',",
    ])
    expect(linesWith(program(leaky, 'torch', 'keras'), 'Leaky')).toEqual([
      'new nn.LeakyReLU({ negativeSlope: 0.2 }),',
      'new nn.LeakyReLU({ negativeSlope: 0.2 }),',
    ])
    expect(linesWith(program(leaky, 'torch'), 'Leaky')).toEqual([
      'new nn.LeakyReLU(),',
      'new nn.LeakyReLU(),',
    ])
    expect(linesWith(program(leaky, 'keras'), 'leaky')).toEqual([
      "new layers.Dense(8, { activation: 'leakyRelu' }),",
      "new layers.Activation('leakyRelu'),",
    ])
  })
})

describe('optimizers', () => {
  const optimizers: readonly (readonly [optimizer: object, keras: string, torch: string, aligned: string])[] =
    [
      [
        { type: 'sgd', learningRate: 0.1 },
        'optimizers.SGD({ learningRate: 0.1 })',
        'optim.SGD(model.parameters(), { lr: 0.1 })',
        'optim.SGD(model.parameters(), { lr: 0.1 })',
      ],
      [
        { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
        'optimizers.SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 })',
        'optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 })',
        "optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01, formulation: 'keras' })",
      ],
      [
        { type: 'adam', learningRate: 0.1, beta1: 0.8, epsilon: 1e-8 },
        'optimizers.Adam({ learningRate: 0.1, beta1: 0.8, epsilon: 1e-8 })',
        'optim.Adam(model.parameters(), { lr: 0.1, betas: [0.8, 0.999] })',
        "optim.Adam(model.parameters(), { lr: 0.1, betas: [0.8, 0.999], formulation: 'keras' })",
      ],
      [
        { type: 'adam', learningRate: 0.1, beta2: 0.99, epsilon: 1e-7, weightDecay: 0.1 },
        'optimizers.Adam({ learningRate: 0.1, beta2: 0.99, weightDecay: 0.1 })',
        'optim.Adam(model.parameters(), { lr: 0.1, betas: [0.9, 0.99], eps: 1e-7, weightDecay: 0.1 })',
        "optim.Adam(model.parameters(), { lr: 0.1, betas: [0.9, 0.99], eps: 1e-7, weightDecay: 0.1, formulation: 'keras' })",
      ],
      [
        { type: 'adamw', learningRate: 0.1 },
        'optimizers.AdamW({ learningRate: 0.1, weightDecay: 0.01 })',
        'optim.AdamW(model.parameters(), { lr: 0.1 })',
        "optim.AdamW(model.parameters(), { lr: 0.1, eps: 1e-7, formulation: 'keras' })",
      ],
      [
        { type: 'adamw', learningRate: 0.1, weightDecay: 0.004 },
        'optimizers.AdamW({ learningRate: 0.1 })',
        'optim.AdamW(model.parameters(), { lr: 0.1, weightDecay: 0.004 })',
        "optim.AdamW(model.parameters(), { lr: 0.1, eps: 1e-7, weightDecay: 0.004, formulation: 'keras' })",
      ],
      [
        { type: 'rmsprop', learningRate: 0.1, momentum: 0.5 },
        'optimizers.RMSprop({ learningRate: 0.1, momentum: 0.5 })',
        'optim.RMSprop(model.parameters(), { lr: 0.1, alpha: 0.9, momentum: 0.5 })',
        "optim.RMSprop(model.parameters(), { lr: 0.1, alpha: 0.9, eps: 1e-7, momentum: 0.5, formulation: 'keras' })",
      ],
      [
        { type: 'rmsprop', learningRate: 0.1, rho: 0.99, epsilon: 1e-8 },
        'optimizers.RMSprop({ learningRate: 0.1, rho: 0.99, epsilon: 1e-8 })',
        'optim.RMSprop(model.parameters(), { lr: 0.1 })',
        "optim.RMSprop(model.parameters(), { lr: 0.1, formulation: 'keras' })",
      ],
      [
        { type: 'adagrad', learningRate: 0.1 },
        'optimizers.Adagrad({ learningRate: 0.1 })',
        'optim.Adagrad(model.parameters(), { lr: 0.1 })',
        "optim.Adagrad(model.parameters(), { lr: 0.1, initialAccumulatorValue: 0.1, eps: 1e-7, formulation: 'keras' })",
      ],
    ]
  it.each(optimizers)('%j', (optimizer, keras, torch, aligned) => {
    const spec = parseSpec({ ...circle, optimizer })
    expect(flat(program(spec, 'keras'))).toContain(`optimizer = new ${keras} `)
    expect(flat(program(spec, 'torch'))).toContain(`optimizer = new ${torch} `)
    expect(flat(program(spec, 'torch', 'keras'))).toContain(`optimizer = new ${aligned} `)
  })
})

describe('losses', () => {
  const logits = withLayers([{ type: 'dense', units: 1 }])
  const spiral = adaptToData(circle, 'spiral')

  it('says fromLogits where the model ends without an activation, and that a logit is compared with 0', () => {
    const text = program(logits, 'keras')
    expect(flat(text)).toContain(
      'import { Sequential, Input, layers, losses, metrics, optimizers, setRandomSeed } ',
    )
    expect(flat(text)).toContain(
      'loss: new losses.BinaryCrossentropy({ fromLogits: true }), ' +
        "metrics: [new metrics.BinaryAccuracy({ name: 'accuracy', threshold: 0 })],",
    )
  })

  it('measures the mean absolute error of a regression', () => {
    const plane = adaptToData(circle, 'plane')
    expect(flat(program(plane, 'keras'))).toContain("loss: 'meanSquaredError', metrics: ['mae'],")
    expect(linesWith(program(plane, 'torch'), 'outputs', 'rror', 'correct', 'labels')).toEqual([
      'let absoluteError = 0',
      'const outputs = model.forward(x)',
      'valLoss += (await criterion.forward(outputs, y).item()) * y.shape[0]',
      'absoluteError += await outputs.sub(y).abs().sum().item()',
      'valMae: absoluteError / test.x.shape[0],',
    ])
  })

  it.each([
    ['meanAbsoluteError', 'L1Loss'],
    ['huber', 'HuberLoss'],
  ] as const)('%s is %s in PyTorch', (loss, criterion) => {
    const plane = adaptToLoss(adaptToData(circle, 'plane'), loss)
    expect(program(plane, 'keras')).toContain(`loss: '${loss}'`)
    expect(program(plane, 'torch')).toContain(`const criterion = new nn.${criterion}()`)
    expect(outputActivation(plane, 'torch')).toBe('linear')
  })

  it('keeps the last activation under mean squared error', () => {
    const text = program(adaptToLoss(circle, 'meanSquaredError'), 'torch')
    expect(linesWith(text, 'Sigmoid', 'MSE', 'correct +=', 'labels')).toEqual([
      "labels: 'binary',",
      'new nn.Sigmoid(),',
      'const criterion = new nn.MSELoss()',
      'correct += await outputs.gt(0.5).eq(y).sum().item()',
    ])
  })

  it.each([
    ['binaryCrossentropy', circle, 'linear', 'sigmoid'],
    ['binaryCrossentropy on logits', logits, 'sigmoid', 'sigmoid'],
    [
      'sparseCategoricalCrossentropy',
      adaptToLoss(spiral, 'sparseCategoricalCrossentropy'),
      'linear',
      'softmax',
    ],
    ['meanSquaredError', adaptToLoss(circle, 'meanSquaredError'), 'linear', 'linear'],
  ])('%s: activation for probabilities', (_name, spec, keras, torch) => {
    expect([outputActivation(spec, 'keras'), outputActivation(spec, 'torch')]).toEqual([keras, torch])
  })
})

it('training: order and sizes', () => {
  const spec = parseSpec({ ...circle, training: { batchSize: 16, epochs: 3, shuffle: false } })
  expect(flat(program(spec, 'keras'))).toContain('{ batchSize: 16, epochs: 3, shuffle: false, validation')
  expect(program(spec, 'torch')).toContain('new DataLoader(train, { batchSize: 16 })')
  expect(program(spec, 'torch')).toContain('epoch <= 3;')
})

it('digits: samples only where not all', () => {
  const digits = adaptToData(circle, 'digits')
  expect(program(digits, 'keras')).toContain(
    "await digits({ trainFraction: 0.8, seed: 42, labels: 'index' })",
  )
  const some = { ...digits, data: { ...digits.data, samples: 500 } }
  expect(program(some, 'torch')).toContain('samples: 500,\n')
})
