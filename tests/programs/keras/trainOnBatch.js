import { Sequential, layers } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
export const model = new Sequential([
  new layers.Dense(4, { activation: 'relu' }),
  new layers.Dense(1, { activation: 'sigmoid' }),
])
model.build([null, 2])
model.compile({ optimizer: 'adam', loss: 'bce', metrics: ['acc'] })
for (let i = 0; i < 5; i++) console.log(await model.trainOnBatch(train.x, train.y))
console.log(await model.testOnBatch(train.x, train.y))
console.log(model.metricsNames, model.inputs, model.outputs)
