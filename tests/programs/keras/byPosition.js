import { Sequential, layers, losses, optimizers, callbacks, Input } from 'tandem/keras'
const x = [[0], [1], [2], [3]]
const y = [[0], [1], [2], [3]]
export const model = new Sequential([Input([1]), new layers.Dense(1)])
model.compile('sgd', 'mse')
const history = await model.fit(x, y, 2, 5)
if (history.epoch.length !== 5 || model.optimizer.iterations !== 10)
  throw new Error(`fit(x, y, 2, 5): ${history.epoch.length} epochs, ${model.optimizer.iterations} updates`)
const stopped = await model.fit(x, y, 4, 9, 0, new callbacks.EarlyStopping('loss', 100, 2))
if (stopped.epoch.length !== 3) throw new Error(`one callback: ${stopped.epoch.length} epochs`)
if ((await model.predict(x, 2, 0, 1)).shape[0] !== 2) throw new Error('predict(x, 2, 0, 1)')
const [loss] = await model.evaluate(x, y, 2)
if (!(loss >= 0)) throw new Error('evaluate(x, y, 2)')
if (!new losses.BinaryCrossentropy(true).fromLogits) throw new Error('fromLogits by position')
if (new optimizers.SGD(0.1, 0.9).learningRate !== 0.1) throw new Error('SGD(0.1, 0.9)')
const pool = new layers.MaxPooling2D(2, 1, 'same').apply(Input([4, 4, 1]))
if (String(pool.shape) !== ',4,4,1') throw new Error(`MaxPooling2D(2, 1, 'same'): ${pool.shape}`)
