import { Sequential, Input, layers, optimizers, setRandomSeed } from 'tandem/keras'
import { gaussians } from 'tandem/data'
setRandomSeed(1)
const { train, test } = gaussians({ samples: 200 })
export const model = new Sequential()
model.add(new Input({ shape: [2] }))
model.add(new layers.Dense(1, { activation: 'sigmoid' }))
model.compile({ optimizer: new optimizers.SGD(0.5), loss: 'binary_crossentropy', metrics: ['accuracy'] })
await model.fit(train.x, train.y, { epochs: 10 })
const [loss, acc] = await model.evaluate(test.x, test.y)
console.log('acc', acc, loss)
if (!(acc > 0.8)) throw new Error(`accuracy ${acc}, chance is 0.5`)
