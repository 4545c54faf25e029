/** Models as layers of models, as Keras 3.15 has them. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { type tf } from '../eager/tfjs'
import { Session, setCurrentSession } from '../session/session'
import * as keras from './index'
import { GradientTape, Input, layers, losses, Model, ops, optimizers, Sequential } from './index'

const x = [[0], [1], [2], [3]]
const y = [[0], [1], [2], [3]]
let session: Session

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  keras.setRandomSeed(1)
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
})

const makeBase = () =>
  new Sequential([Input([1]), new layers.Dense(4, { activation: 'relu' }), new layers.BatchNormalization()])

class Net extends Model {
  readonly head = new layers.Dense(1)

  constructor(readonly base: Sequential) {
    super()
  }

  override call(inputs: tf.Tensor): tf.Tensor {
    return this.head.apply(this.base.apply(inputs))
  }
}

function functional(base: Sequential): Model {
  const input = Input([1])
  return new Model(input, new layers.Dense(1).apply(base.apply(input)))
}

const kinds: [string, (base: Sequential) => Model][] = [
  ['a Sequential', (base) => new Sequential([base, new layers.Dense(1)])],
  ['a functional model', functional],
  ['a model of its own', (base) => new Net(base)],
]

const valuesOf = async (model: Model) => (await model.getWeights()).map(({ values }) => [...values])

describe.each(kinds)('a model in %s', (_, make) => {
  it.each([true, false])(
    'trains, and stays as it is while it is frozen (eagerly: %s)',
    async (runEagerly) => {
      const base = makeBase()
      const model = make(base)
      base.trainable = false
      model.compile({ optimizer: new optimizers.SGD(0.01), loss: 'mse', runEagerly })
      const before = await valuesOf(base)
      await model.fit(x, y, { epochs: 2, verbose: 0 })
      expect(await valuesOf(base)).toEqual(before)
      expect([model.trainableWeights.length, model.nonTrainableWeights.length]).toEqual([2, 6])
      model.trainable = true
      expect([base.trainable, model.trainableWeights.length]).toEqual([true, 6])
      model.compile({ optimizer: new optimizers.SGD(0.01), loss: 'mse', runEagerly })
      await model.fit(x, y, { epochs: 2, verbose: 0 })
      expect(await valuesOf(base)).not.toEqual(before)
    },
  )

  it('has its weights under the name of the model, and hands them on', async () => {
    const model = make(makeBase())
    model.build([null, 1])
    const { weights } = await model.weights()
    expect(weights.slice(0, 2).map(({ name }) => name)).toEqual([
      'sequential/dense/kernel',
      'sequential/dense/bias',
    ])
    await model.saveWeights('nested.weights.h5')
    const other = make(makeBase())
    other.build([null, 1])
    other.loadWeights('nested.weights.h5')
    expect(await valuesOf(other)).toEqual(await valuesOf(model))
    expect(await other.predict(x)).toEqual(await model.predict(x))
  })

  it('is one row of the summary', () => {
    const base = makeBase()
    const model = make(base)
    base.trainable = false
    model.build([null, 1])
    const text = model.summary()
    expect(text).toContain('│ sequential (Sequential) │ (None, 4)    │      24 │')
    expect(text).toContain('Trainable params: 5 (20 B)\nNon-trainable params: 24 (96 B)')
  })

  it('shares its weights with the model itself', async () => {
    const base = makeBase()
    const model = make(base)
    model.compile({ optimizer: new optimizers.SGD(0.01), loss: 'mse', runEagerly: true })
    const before = await base.predict(x)
    await model.fit(x, y, { epochs: 1, verbose: 0 })
    expect(await base.predict(x)).not.toEqual(before)
  })
})

it('compiled and eager steps agree', async () => {
  const trained = async (runEagerly: boolean) => {
    keras.setRandomSeed(3)
    const model = new Sequential([makeBase(), new Sequential([new layers.Dense(2)]), new layers.Dense(1)])
    model.compile({ optimizer: new optimizers.Adam(0.01), loss: 'mse', runEagerly })
    return (await model.fit(x, y, { epochs: 5, verbose: 0 })).history['loss'] ?? []
  }
  const [eager, compiled] = [await trained(true), await trained(false)]
  for (const [index, loss] of eager.entries()) expect(compiled[index]).toBeCloseTo(loss, 5)
})

it('two models in one get names of their own, and an open shape settles with the data', async () => {
  const model = new Sequential([new Sequential([new layers.Dense(2)]), new Sequential([new layers.Dense(1)])])
  model.compile({ loss: 'mse', runEagerly: true })
  await model.fit(x, y, { verbose: 0 })
  expect(model.layers.map(({ name }) => name)).toEqual(['sequential', 'sequential_1'])
  expect(model.trainableWeights.map(({ name }) => name)).toEqual([
    'sequential/dense/kernel',
    'sequential/dense/bias',
    'sequential_1/dense/kernel',
    'sequential_1/dense/bias',
  ])
})

it('a model twice in one, and in two models, is the same layer', () => {
  const encoder = new Sequential([Input([2]), new layers.Dense(3)], { name: 'encoder' })
  const [a, b] = [Input([2]), Input([2])]
  const siamese = new Model([a, b], new layers.Add().apply([encoder.apply(a), encoder.apply(b)]))
  expect(siamese.layers.map(({ name }) => name)).toEqual(['encoder', 'add'])
  expect(siamese.countParams()).toBe(9)
  const other = new Sequential([encoder, new layers.Dense(1)])
  expect(other.getLayer('encoder')).toBe(siamese.getLayer('encoder'))
})

it('a loss finds the logits of a model that ends in one with a sigmoid', async () => {
  const lossOf = (build: (output: layers.Dense) => Model) => {
    keras.setRandomSeed(5)
    const model = build(new layers.Dense(1, { activation: 'sigmoid', kernelInitializer: 'ones' }))
    model.compile({ loss: new losses.BinaryCrossentropy(), runEagerly: true })
    return model.evaluate([[200]], [[0]])
  }
  const plain = await lossOf((output) => new Sequential([Input([1]), output]))
  const nested = await lossOf((output) => new Sequential([new Sequential([Input([1]), output])]))
  expect(plain['loss']).toBeCloseTo(200, 3)
  expect(nested['loss']).toBe(plain['loss'])
})

it('gradients reach the weights of a model in a model', () => {
  const model = new Sequential([
    new Sequential([Input([1]), new layers.Dense(1, { kernelInitializer: 'ones' })]),
  ])
  const tape = new GradientTape()
  const loss = tape.record(() => ops.sum(model.apply(ops.convertToTensor([[3]]))))
  const gradients = tape.gradient(
    loss,
    model.trainableWeights.map(({ variable }) => variable),
  )
  expect(gradients.map((gradient) => gradient?.dataSync()[0])).toEqual([3, 1])
})

it('says what cannot be a layer', () => {
  expect(() => new Sequential([5 as never])).toThrow(
    'Sequential: expected layers and models, got 5. Make one, such as new layers.Dense(1).',
  )
  const input = Input([1])
  const two = new Model(input, [new layers.Dense(1).apply(input), new layers.Dense(1).apply(input)])
  expect(() => new Sequential([two])).toThrow('functional: expected a model of one output as a layer, got 2.')
})
