import * as keras from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle({ samples: 300 })
export const model = new keras.Sequential([
  keras.Input([2]),
  new keras.layers.Dense(16, 'relu'),
  new keras.layers.Dense(16, 'relu'),
  new keras.layers.Dense(1, 'sigmoid'),
])
model.summary()
model.compile('adam', 'binaryCrossentropy', ['accuracy'])
const history = await model.fit(train.x, train.y, { epochs: 20, batchSize: 16, validationSplit: 0.2 })
console.log(Object.keys(history.history), history.epoch.length)
if (!(history.history.loss.at(-1) < Math.log(2) && history.history.valAccuracy.length === 20))
  throw new Error('no better than chance')
