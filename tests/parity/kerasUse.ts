/** What Keras-style programs do around training steps. */
import * as keras from '../../src/lib/core/keras'
import type { FittedModel } from '../../src/lib/core/keras/callbacks'
import { weightsOf, x, y, type How, type Scenario } from './executionScenario'

const { layers, optimizers } = keras

/** Notes the batches that a callback is told of. */
export class Losses extends keras.callbacks.Callback {
  readonly batches: number[] = []
  readonly losses: number[] = []

  constructor(
    private readonly onBatch: (batch: number, model: FittedModel) => void | Promise<void> = () => {},
  ) {
    super()
  }

  override async onBatchEnd(batch: number, { loss }: Readonly<Record<string, number>>): Promise<void> {
    this.batches.push(batch)
    this.losses.push(loss ?? NaN)
    if (this.model) await this.onBatch(batch, this.model)
  }
}

/** A model, compiled. */
export function kerasModel(
  how: How,
  optimizer: keras.Optimizer = new optimizers.Adam({ learningRate: 0.02 }),
) {
  const model = new keras.Sequential([
    keras.Input({ shape: [4] }),
    new layers.Dense(6, { activation: 'tanh' }),
    new layers.BatchNormalization(),
    new layers.Dense(2),
  ])
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae'], ...how })
  return { model, optimizer }
}

/** Batches in the order of the data. */
export const fitOptions = { batchSize: 4, shuffle: false }

/** Keras-style programs. */
export const kerasScenarios: Record<string, Scenario> = {
  'fit twice, with another batch size the second time': async (how) => {
    const { model } = kerasModel(how)
    const first = await model.fit(x, y, { ...fitOptions, epochs: 2 })
    const second = await model.fit(x, y, { ...fitOptions, batchSize: 6, epochs: 2 })
    const third = await model.fit(x, y, { ...fitOptions, validationSplit: 0.2 })
    return {
      first: first.history['loss'] ?? [],
      second: second.history['loss'] ?? [],
      third: [...(third.history['loss'] ?? []), ...(third.history['valLoss'] ?? [])],
      ...(await weightsOf(model)),
    }
  },
  'evaluate and predict between and after fits': async (how) => {
    const { model } = kerasModel(how)
    const found: Record<string, ArrayLike<number>> = {}
    for (const round of [1, 2]) {
      await model.fit(x, y, fitOptions)
      const { loss = NaN, mae = NaN } = await model.evaluate(x, y, { batchSize: 4 })
      found[`evaluated ${round}`] = [loss, mae]
      found[`predicted ${round}`] = (await model.predict(x, { batchSize: 7 })).values
    }
    return found
  },
  'setWeights and getWeights between fits': async (how) => {
    const { model } = kerasModel(how)
    await model.fit(x, y, fitOptions)
    const kept = await model.getWeights()
    await model.fit(x, y, fitOptions)
    model.setWeights(kept)
    await model.fit(x, y, fitOptions)
    return { ...(await weightsOf(model)), kept: kept.flatMap(({ values }) => [...values]) }
  },
  'a learning rate that a callback changes at ends of epochs': async (how) => {
    const { model, optimizer } = kerasModel(how)
    class Decay extends keras.callbacks.Callback {
      override onEpochEnd(): void {
        optimizer.learningRate *= 0.5
      }
    }
    const { history } = await model.fit(x, y, { ...fitOptions, epochs: 3, callbacks: [new Decay()] })
    return { losses: history['loss'] ?? [], rate: [optimizer.learningRate], ...(await weightsOf(model)) }
  },
  'weights that a callback reads and replaces at ends of epochs': async (how) => {
    const { model } = kerasModel(how)
    class Halve extends keras.callbacks.Callback {
      override async onEpochEnd(): Promise<void> {
        const weights = (await this.model?.getWeights()) ?? []
        this.model?.setWeights(
          weights.map(({ values, ...rest }) => ({
            ...rest,
            values: Float32Array.from(values, (w) => w / 2),
          })),
        )
      }
    }
    await model.fit(x, y, { ...fitOptions, epochs: 3, callbacks: [new Halve()] })
    return weightsOf(model)
  },
  'compile again, and train in both executions in turn': async (how) => {
    const { model, optimizer } = kerasModel(how)
    const losses: number[] = []
    for (const runEagerly of [how.runEagerly, true, how.runEagerly, true, how.runEagerly]) {
      model.compile({ optimizer, loss: 'meanSquaredError', ...how, runEagerly })
      const { history } = await model.fit(x, y, { ...fitOptions, epochs: 2 })
      losses.push(...(history['loss'] ?? []))
    }
    return { losses, ...(await weightsOf(model)) }
  },
  'two models, one after the other': async (how) => {
    const [a, b] = [kerasModel(how).model, kerasModel(how, new optimizers.SGD({ learningRate: 0.1 })).model]
    for (const model of [a, b, a, b]) await model.fit(x, y, fitOptions)
    const [first, second] = [await weightsOf(a), await weightsOf(b)]
    return { ...first, ...Object.fromEntries(Object.entries(second).map(([name, w]) => [`b ${name}`, w])) }
  },
  'stopTraining in the middle of an epoch': async (how) => {
    const { model } = kerasModel({ ...how, stepsPerExecution: 1 })
    const losses = new Losses((batch, trained) => {
      if (batch === 1) trained.stopTraining = true
    })
    const { history } = await model.fit(x, y, { ...fitOptions, epochs: 3, callbacks: [losses] })
    return { batches: losses.batches, losses: losses.losses, mean: history['loss'] ?? [] }
  },
}
