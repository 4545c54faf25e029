import { Sequential, layers } from 'tandem/keras'
import { spiral } from 'tandem/data'
const { train } = spiral()
export const model = new Sequential([
  new layers.Dense(16, { activation: 'relu' }),
  new layers.Dense(3, { activation: 'softmax' }),
])
model.compile({
  optimizer: 'adam',
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['sparseCategoricalAccuracy'],
})
await model.fit(train.x, train.y, {
  epochs: 2,
  classWeight: { 0: 1, 1: 2, 2: 0.5 },
  shuffle: true,
  verbose: 2,
})
const n = train.y.shape[0]
await model.fit(train.x, train.y, { epochs: 1, sampleWeight: Array(n).fill(1) })
await model.fit(train.x, train.y, { epochs: 2, stepsPerEpoch: 3, initialEpoch: 1 })
