/** Steps that a program writes itself: GradientTape, trainStep, Variable and ops, in both executions. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../data/types'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { Session, setCurrentSession } from '../session/session'
import { ArgumentError, ShapeError } from '../util/errors'
import {
  callbacks,
  GradientTape,
  Input,
  layers,
  losses,
  Model,
  ops,
  optimizers,
  Sequential,
  setRandomSeed,
  Variable,
} from './index'
import type { Callback } from './callbacks'
import type { StepArguments } from './stepRunner'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => setRandomSeed(3))
afterEach(() => setCurrentSession(null))

const x: NdArray = {
  values: Float32Array.from({ length: 20 }, (_, i) => Math.sin(i)),
  shape: [10, 2],
  dtype: 'float32',
}
const y: NdArray = { values: Float32Array.of(0, 0, 1, 1, 1, 0, 0, 1, 0, 1), shape: [10, 1], dtype: 'float32' }

describe('GradientTape', () => {
  it('gives gradients of variables and of watched tensors', () => {
    const [w, c] = [new Variable([1, 2]), tf.tensor1d([3, 4])]
    const tape = new GradientTape({ persistent: true })
    tape.watch(c)
    const unwatched = tf.tensor1d([1, 1])
    const loss = tape.record(() => ops.sum(ops.multiply(ops.multiply(ops.square(w), c), unwatched)))
    expect(Array.from(tape.gradient(loss, w)?.dataSync() ?? [])).toEqual([6, 16])
    const [ofW, ofC, ofOther, ofUnwatched] = tape.gradient(loss, [w, c, new Variable(1), unwatched])
    expect(Array.from(ofW?.dataSync() ?? [])).toEqual([6, 16])
    expect(Array.from(ofC?.dataSync() ?? [])).toEqual([1, 4])
    expect([ofOther, ofUnwatched]).toEqual([null, null])
  })

  it('tells what cannot be done', () => {
    const w = new Variable(2)
    const tape = new GradientTape()
    expect(() => tape.gradient(tf.scalar(1), w)).toThrow(
      'GradientTape: expected a recorded function, got none.',
    )
    const loss = tape.record(() => ops.square(w))
    expect(() => tape.record(() => 0)).toThrow('GradientTape: expected to record once')
    tape.gradient(loss, w)
    expect(() => tape.gradient(loss, w)).toThrow(
      'GradientTape: expected one call of gradient, got another one.',
    )
    expect(() => new GradientTape().record(() => new GradientTape().record(() => 0))).toThrow(ArgumentError)
    expect(() => new GradientTape().record(() => Promise.resolve())).toThrow('got one that awaits')
    expect(() => w.assign([1, 2])).toThrow(ShapeError)
  })

  it('trains with an optimizer alone', () => {
    const w = new Variable([5, -3], { name: 'w' })
    const optimizer = new optimizers.SGD({ learningRate: 0.1 })
    for (let step = 0; step < 100; step++) {
      tf.tidy(() => {
        const tape = new GradientTape()
        const loss = tape.record(() => ops.sum(ops.square(ops.subtract(w, [1, 2]))))
        optimizer.applyGradients([[tape.gradient(loss, w), w]])
      })
    }
    const [first, second] = w.value.dataSync()
    expect(first).toBeCloseTo(1, 4)
    expect(second).toBeCloseTo(2, 4)
  })
})

/** The usual step, written out, with a figure of its own. */
class OwnModel extends Model {
  override trainStep([inputs, labels]: StepArguments) {
    const tape = new GradientTape()
    const loss = tape.record(() => {
      const yPred = this.apply(inputs, { training: true })
      return this.computeLoss({ x: inputs, y: labels, yPred })
    })
    const gradients = tape.gradient(loss, this.trainableVariables)
    this.optimizer?.apply(gradients, this.trainableVariables)
    return { loss, doubled: ops.multiply(loss, 2) }
  }
}

class OwnSequential extends Sequential {
  override trainStep(data: StepArguments) {
    const logs = super.trainStep(data)
    return { ...logs, halved: ops.divide(logs['loss'] ?? 0, 2) }
  }
}

const settings = () => ({
  optimizer: new optimizers.Adam({ learningRate: 0.05 }),
  loss: 'binaryCrossentropy',
})

function functional(Class: typeof Model): Model {
  const inputs = Input({ shape: [2] })
  const hidden = new layers.Dense(4, { activation: 'tanh' }).apply(inputs)
  return new Class({ inputs, outputs: new layers.Dense(1, { activation: 'sigmoid' }).apply(hidden) })
}

async function trained(model: Model, runEagerly: boolean, stepsPerExecution = 1) {
  model.compile({ ...settings(), runEagerly, stepsPerExecution, metrics: ['accuracy'] })
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 4, validationData: [x, y] })
  return history
}

/** The same in a session of its own, compiled. */
async function compiled(model: Model, stepsPerExecution = 1) {
  const session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
  const history = await trained(model, false, stepsPerExecution)
  session.dispose()
  return history
}

function expectClose(
  actual: Readonly<Record<string, number[]>>,
  expected: Readonly<Record<string, number[]>>,
): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected))
  for (const [name, values] of Object.entries(expected))
    for (const [epoch, value] of values.entries()) expect(actual[name]?.[epoch]).toBeCloseTo(value, 5)
}

describe('a trainStep of the program', () => {
  it('is what fit calls, and trains as the usual one', async () => {
    const usual = await trained(functional(Model), true)
    setRandomSeed(3)
    const own = await trained(functional(OwnModel), true)
    expect(Object.keys(own)).toEqual(['loss', 'doubled', 'valLoss', 'valAccuracy'])
    expectClose({ loss: own['loss'] ?? [] }, { loss: usual['loss'] ?? [] })
    expect(own['doubled']?.[0]).toBeCloseTo(2 * (own['loss']?.[0] ?? NaN), 5)
  })

  it.each([1, 3])('compiles, %i steps at a time', async (steps) => {
    const eager = await trained(functional(OwnModel), true)
    setRandomSeed(3)
    expectClose(await compiled(functional(OwnModel), steps), eager)
  })

  it('may call the usual step', async () => {
    const make = () =>
      new OwnSequential([Input({ shape: [2] }), new layers.Dense(1, { activation: 'sigmoid' })])
    const eager = await trained(make(), true)
    expect(Object.keys(eager)).toEqual(['loss', 'accuracy', 'halved', 'valLoss', 'valAccuracy'])
    setRandomSeed(3)
    expectClose(await compiled(make()), eager)
  })

  it('has to give a loss', async () => {
    class Wrong extends Sequential {
      override trainStep() {
        return { error: tf.scalar(1) }
      }
    }
    const model = new Wrong([Input({ shape: [2] }), new layers.Dense(1)])
    model.compile({ optimizer: 'sgd' })
    await expect(model.fit(x, y)).rejects.toThrow(
      'trainStep: expected figures that are scalar tensors, with a loss',
    )
  })

  it('needs a loss unless there is one', async () => {
    const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
    model.compile({ optimizer: 'sgd' })
    await expect(model.fit(x, y)).rejects.toThrow(
      'fit: expected a loss, got a model that was compiled without one.',
    )
  })
})

describe('losses outside of fit', () => {
  it('find the logits behind an output', () => {
    const model = functional(Model)
    const outputs = model.apply(tf.tensor2d(x.values, [10, 2]), { training: false }) as tf.Tensor
    const loss = new losses.BinaryCrossentropy()
    const [stable, plain] = [loss.apply(y, outputs), loss.apply(y, tf.clone(outputs))]
    expect(stable.dataSync()[0]).toBeCloseTo(plain.dataSync()[0] ?? NaN, 5)
  })

  it('reduce as they are told', () => {
    const [labels, outputs] = [[[1, 2], [3, 4]], [[1, 1], [1, 1]]] // prettier-ignore
    const of = (reduction: 'none' | 'sum' | 'mean') =>
      Array.from(new losses.MeanSquaredError({ reduction }).apply(labels, outputs).dataSync())
    expect(of('none')).toEqual([0.5, 6.5])
    expect(of('sum')).toEqual([7])
    expect(of('mean')).toEqual([3.5])
    const weighted = new losses.MeanSquaredError().apply(labels, outputs, { sampleWeight: [2, 0] })
    expect(weighted.dataSync()[0]).toBeCloseTo(0.5, 6)
    expect(() => new losses.MeanSquaredError({ reduction: 'all' as 'sum' })).toThrow(
      "MeanSquaredError: expected reduction to be 'sumOverBatchSize'",
    )
    const none = new losses.MeanSquaredError({ reduction: 'none' })
    expect(() => functional(Model).compile({ loss: none })).toThrow(
      'compile loss: expected a reduction to one number',
    )
  })
})

describe('callbacks', () => {
  /** Trains and gives the model and the history. */
  async function withCallbacks(list: Callback[], options: object = {}, learningRate = 0.05) {
    const model = functional(Model)
    model.compile({ ...settings(), optimizer: new optimizers.SGD({ learningRate }), metrics: ['accuracy'] })
    const { history } = await model.fit(x, y, {
      epochs: 6,
      callbacks: list,
      validationData: [x, y],
      ...options,
    })
    return { model, history }
  }

  it('EarlyStopping stops after epochs without an improvement, and goes back to the best', async () => {
    const stopping = new callbacks.EarlyStopping({
      monitor: 'loss',
      patience: 2,
      minDelta: 10,
      restoreBestWeights: true,
    })
    const checkpoint = new callbacks.ModelCheckpoint('at-{epoch:02d}')
    const { model, history } = await withCallbacks([stopping, checkpoint])
    expect(history['loss']).toHaveLength(3)
    expect([stopping.stoppedEpoch, stopping.bestEpoch]).toEqual([2, 0])
    const { weights } = await model.weights()
    model.loadWeights('at-01')
    expect((await model.weights()).weights).toEqual(weights)
  })

  it('EarlyStopping knows which way a metric goes, and asks where it does not', async () => {
    const stopping = new callbacks.EarlyStopping({ monitor: 'valAccuracy', patience: 1, minDelta: 2 })
    expect((await withCallbacks([stopping])).history['loss']).toHaveLength(2)
    const spelt = new callbacks.EarlyStopping({ monitor: 'val_accuracy', patience: 1, minDelta: 2 })
    expect((await withCallbacks([spelt])).history['loss']).toHaveLength(2)
    class Adds extends callbacks.Callback {
      override onEpochEnd(_epoch: number, logs: Record<string, number>): void {
        logs['own'] = 1
      }
    }
    const unknown = new callbacks.EarlyStopping({ monitor: 'own' })
    await expect(withCallbacks([new Adds(), unknown])).rejects.toThrow(
      "EarlyStopping: expected mode 'min' or 'max' for 'own', got 'auto'",
    )
    expect(() => new callbacks.EarlyStopping({ mode: 'less' as 'min' })).toThrow(
      "EarlyStopping: expected mode to be 'auto', 'min' or 'max', got less.",
    )
  })

  it('ReduceLROnPlateau lowers the learning rate, not below the least', async () => {
    const reduce = new callbacks.ReduceLROnPlateau({
      monitor: 'loss',
      factor: 0.1,
      patience: 2,
      minDelta: 10,
      minLr: 2e-4,
    })
    const { history, model } = await withCallbacks([reduce], {}, 0.05)
    const rates = history['learningRate'] ?? []
    for (const [epoch, rate] of [0.05, 0.05, 0.05, 0.005, 0.005, 5e-4].entries())
      expect(rates[epoch]).toBeCloseTo(rate, 8)
    expect(model.optimizer?.learningRate).toBeCloseTo(5e-4, 8)
    expect(() => new callbacks.ReduceLROnPlateau({ factor: 1 })).toThrow('expected a factor below 1, got 1')
  })

  it('LearningRateScheduler sets the learning rate of each epoch', async () => {
    const scheduler = new callbacks.LearningRateScheduler((epoch, rate) => (epoch < 2 ? rate : rate / 2))
    const { history } = await withCallbacks([scheduler], { epochs: 4 }, 0.08)
    expect(history['learningRate']).toEqual([0.08, 0.08, 0.04, 0.02])
    const wrong = new callbacks.LearningRateScheduler(() => '1' as unknown as number)
    await expect(withCallbacks([wrong])).rejects.toThrow('expected the schedule to give a number, got string')
  })

  it('ModelCheckpoint keeps the best weights under a path with figures', async () => {
    const best = new callbacks.ModelCheckpoint('best-{valLoss:.2f}', {
      saveBestOnly: true,
      monitor: 'valLoss',
    })
    const { model, history } = await withCallbacks([best])
    const least = Math.min(...(history['valLoss'] ?? []))
    expect(best.best).toBe(least)
    expect(best.lastPath).toBe(`best-${least.toFixed(2)}`)
    expect(() => model.loadWeights('nowhere')).toThrow("got 'nowhere'. Save weights under that path first")
    await expect(withCallbacks([new callbacks.ModelCheckpoint('{other}')])).rejects.toThrow(
      "in the path, got 'other'",
    )
  })

  it('CSVLogger writes a row for each epoch, and goes on where it is told', async () => {
    const logger = new callbacks.CSVLogger('log.csv', { separator: ';' })
    const { history } = await withCallbacks([logger], { epochs: 2 })
    const [heading, first] = logger.text.split('\n')
    expect(heading).toBe('epoch;accuracy;loss;valAccuracy;valLoss')
    expect(first).toBe(
      [0, ...['accuracy', 'loss', 'valAccuracy', 'valLoss'].map((name) => history[name]?.[0])].join(';'),
    )
    await withCallbacks([new callbacks.CSVLogger('log.csv', { separator: ';', append: true })], { epochs: 1 })
    expect(logger.text.trim().split('\n')).toHaveLength(4)
  })
})

describe('learning rate schedules', () => {
  it('give the rate of each update, compiled or not, in one trace', async () => {
    const schedule = () =>
      new optimizers.schedules.ExponentialDecay({ initialLearningRate: 0.2, decaySteps: 2, decayRate: 0.5 })
    const run = async (runEagerly: boolean) => {
      setRandomSeed(3)
      const model = functional(Model)
      const optimizer = new optimizers.SGD({ learningRate: schedule(), momentum: 0.9 })
      model.compile({ optimizer, loss: 'mse', runEagerly, stepsPerExecution: 3 })
      const { history } = await model.fit(x, y, { epochs: 4, batchSize: 5 })
      return { loss: history['loss'] ?? [], rate: [optimizer.learningRate] }
    }
    const eager = await run(true)
    expect(eager.rate[0]).toBeCloseTo(0.2 * 0.5 ** 4, 10)
    const session = new Session({ backend: 'wasm' })
    setCurrentSession(session)
    expectClose(await run(false), eager)
    expect(session.signatures().filter(({ function: name }) => name === 'trainStep')).toHaveLength(1)
    session.dispose()
  })

  it('are not set by hand', () => {
    const { CosineDecay, PiecewiseConstantDecay, ExponentialDecay } = optimizers.schedules
    const optimizer = new optimizers.Adam({
      learningRate: new CosineDecay({ initialLearningRate: 1, decaySteps: 10 }),
    })
    expect(optimizer.learningRate).toBe(1)
    expect(() => (optimizer.learningRate = 0.1)).toThrow(
      'optimizer: expected a learning rate that is a number to set it',
    )
    expect(() => new PiecewiseConstantDecay({ boundaries: [1], values: [1] })).toThrow(
      'expected one value more',
    )
    expect(() => new ExponentialDecay({ initialLearningRate: 1, decaySteps: 0, decayRate: 1 })).toThrow(
      'ExponentialDecay: expected decaySteps to be a number above 0, got 0.',
    )
  })
})

it('an optimizer clips in one way, above 0', () => {
  expect(() => new optimizers.SGD({ clipnorm: 1, clipvalue: 1 })).toThrow(
    'got clipnorm and clipvalue. Leave one out.',
  )
  expect(() => new optimizers.Adam({ globalClipnorm: 0 })).toThrow(
    'Adam: expected globalClipnorm above 0, got 0.',
  )
})
