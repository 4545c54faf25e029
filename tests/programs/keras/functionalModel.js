import { Input, Model, layers } from 'tandem/keras'
import { moons } from 'tandem/data'
const { train, test } = moons()
const inputs = Input({ shape: [2] })
let h = new layers.Dense(16, { activation: 'relu', name: 'hidden' }).apply(inputs)
h = new layers.BatchNormalization().apply(h)
h = new layers.Dropout(0.2).apply(h)
const outputs = new layers.Dense(1, { activation: 'sigmoid' }).apply(h)
export const model = new Model(inputs, outputs)
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] })
await model.fit(train.x, train.y, { epochs: 5, validationData: [test.x, test.y] })
console.log(model.getLayer('hidden').units, model.layers.length)
