import { Sequential, layers, optimizers } from 'tandem/keras'
import { waves } from 'tandem/data'
const { train } = waves()
const lrSchedule = new optimizers.schedules.ExponentialDecay({
  initialLearningRate: 1e-2,
  decaySteps: 10,
  decayRate: 0.9,
  staircase: true,
})
export const optimizer = new optimizers.SGD({
  learningRate: lrSchedule,
  momentum: 0.9,
  nesterov: true,
  clipnorm: 1,
})
export const model = new Sequential([new layers.Dense(8, { activation: 'tanh' }), new layers.Dense(1)])
model.compile({ optimizer, loss: 'mse', metrics: ['mae', 'meanSquaredError'] })
await model.fit(train.x, train.y, { epochs: 3 })
console.log(optimizer.iterations, optimizer.learningRate)
const s2 = new optimizers.schedules.CosineDecay(0.1, 100)
console.log(s2.apply(10))
if (optimizer.iterations === 0 || !(optimizer.learningRate < 1e-2)) throw new Error('the rate did not decay')
