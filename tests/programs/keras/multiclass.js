import { Sequential, layers, utils, losses, metrics } from 'tandem/keras'
const x = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  y = [0, 1, 2, 1]
const yOneHot = utils.toCategorical(y, 3)
export const model = new Sequential([new layers.Dense(8, { activation: 'relu' }), new layers.Dense(3)])
model.compile({
  optimizer: 'adam',
  loss: new losses.CategoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }),
  metrics: [new metrics.CategoricalAccuracy(), new metrics.Precision(), 'recall'],
})
await model.fit(x, yOneHot, { epochs: 10 })
const results = await model.evaluate(x, yOneHot, { returnDict: true })
console.log(results)
if (!(results.loss < 1.5 * Math.log(3))) throw new Error('loss ' + results.loss)
