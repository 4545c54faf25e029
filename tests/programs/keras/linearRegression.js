import { Sequential, layers, optimizers } from 'tandem/keras'
const x = [],
  y = []
for (let i = 0; i < 100; i++) {
  x.push([i / 50 - 1])
  y.push([3 * (i / 50 - 1) + 2])
}
export const model = new Sequential([new layers.Dense(1, { inputShape: [1] })])
model.compile({ optimizer: new optimizers.SGD({ learningRate: 0.1 }), loss: 'meanSquaredError' })
const history = await model.fit(x, y, { epochs: 50, verbose: 0 })
console.log(history.history.loss.at(-1))
const [w, b] = await model.getWeights()
console.log(w, b)
if (!(history.history.loss.at(-1) < 0.01))
  throw new Error(`loss ${history.history.loss.at(-1)}, the variance of y is 3`)
