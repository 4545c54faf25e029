import { Sequential, layers, regularizers, optimizers } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
export const model = new Sequential([
  new layers.Dense(16, { activation: 'relu', kernelRegularizer: regularizers.l2(0.01) }),
  new layers.Dense(1, { activation: 'sigmoid', kernelRegularizer: 'l2' }),
])
model.compile({ optimizer: new optimizers.Adam({ learningRate: 0.01 }), loss: 'binaryCrossentropy' })
await model.fit(train.x, train.y, { epochs: 3 })
