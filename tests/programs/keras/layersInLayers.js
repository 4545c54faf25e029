// Layers and lists of layers in the fields of a layer belong to it: trained, frozen and saved with it. Values of Keras 3.15.
import { Input, layers, Model, ops, optimizers, Sequential, Variable } from 'tandem/keras'

const x = [[1], [2], [3], [4]]
const y = [[1], [1], [2], [2]]

class Block extends layers.Layer {
  constructor() {
    super()
    this.inner = new layers.Dense(2, { kernelInitializer: 'ones' })
    this.others = [new layers.Dense(2, { kernelInitializer: 'ones' })]
  }
  build() {
    this.scale = this.addWeight({ shape: [1], initializer: 'ones' })
  }
  call(inputs) {
    return ops.multiply(this.others[0].apply(this.inner.apply(inputs)), this.scale)
  }
}

const block = new Block()
export const model = new Sequential([Input([1]), block, new layers.Dense(1, { kernelInitializer: 'ones' })])
model.compile(new optimizers.SGD(0.001), 'mse')
const { history } = await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false })
const near = (a, b) => Math.abs(a - b) < 1e-4 * Math.max(1, Math.abs(b))
if (![88.5, 24.763721].every((loss, epoch) => near(history.loss[epoch], loss)))
  throw new Error(String(history.loss))
const shapes = (await model.getWeights()).map(({ shape }) => shape.join('×')).join()
if (shapes !== '1,1×2,2,2×2,2,2×1,1') throw new Error(shapes)
block.trainable = false
if (model.trainableWeights.length !== 2 || block.inner.trainable) throw new Error('the block is not frozen')

class Scaled extends layers.Layer {
  factor = new Variable([2])
  call(inputs) {
    return ops.multiply(inputs, this.factor)
  }
}
const scaled = new Sequential([Input([1]), new Scaled()])
scaled.compile('sgd', 'mse')
await scaled.fit(x, y, { shuffle: false })
const [factor] = await scaled.getWeights()
if (!near(factor.values[0], 1.785)) throw new Error(String(factor.values[0]))

// What is in lists of lists and in objects belongs to a model, too, and so do variables.
class Net extends Model {
  scale = new Variable([2])
  same = { of: this.scale }
  table = { first: new layers.Dense(2, { kernelInitializer: 'ones' }) }
  rows = [[new layers.Dense(1, { kernelInitializer: 'ones' })]]
  call(inputs) {
    return ops.multiply(this.rows[0][0].apply(this.table.first.apply(inputs)), this.scale)
  }
}
const expectLosses = async (net, losses) => {
  const { history } = await net.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false })
  if (!losses.every((loss, epoch) => near(history.loss[epoch], loss))) throw new Error(String(history.loss))
}
const net = new Net()
net.compile(new optimizers.SGD(0.001), 'mse')
await expectLosses(net, [88.5, 44.266396])
const values = (await net.getWeights()).flatMap((array) => [...array.values])
const after = [1.839572, 0.83508, 0.83508, -0.054254, -0.054254, 0.835847, 0.835847, -0.05658]
if (!after.every((value, place) => near(values[place], value)) || net.countParams() !== 8)
  throw new Error(String(values))
net.setWeights(await net.getWeights())
const names = (await net.weights()).weights.map(({ name }) => name).join()
if (names !== 'scale,dense/kernel,dense/bias,dense_1/kernel,dense_1/bias') throw new Error(names)
net.trainable = false
if (net.trainableWeights.length !== 0 || net.nonTrainableWeights.length !== 5)
  throw new Error('the model is not frozen')

// A frozen layer leaves its own weights as they are; what a layer in it says of its weights counts for these.
class Frozen extends layers.Layer {
  scale = new Variable([2])
  inner = new layers.Dense(2, { kernelInitializer: 'ones' })
  build() {
    this.factor = this.addWeight({ shape: [1], initializer: 'ones' })
  }
  call(inputs) {
    return ops.multiply(ops.multiply(this.inner.apply(inputs), this.scale), this.factor)
  }
}
const frozen = new Frozen()
const partly = new Sequential([Input([1]), frozen, new layers.Dense(1, { kernelInitializer: 'ones' })])
frozen.trainable = false
frozen.inner.trainable = true
partly.compile(new optimizers.SGD(0.001), 'mse')
await expectLosses(partly, [88.5, 51.030388])
if (partly.trainableWeights.length !== 4) throw new Error('expected the inner layer and the last one')

// A layer that two others share has its weights once.
const shared = new layers.Dense(2)
class Shares extends layers.Layer {
  constructor(part) {
    super()
    this.part = part
  }
  call(inputs) {
    return this.part.apply(inputs)
  }
}
const twice = new Sequential([Input([2]), new Shares(shared), new Shares(shared)])
twice.compile('sgd', 'mse')
await twice.fit([[1, 2]], [[1, 2]])
if (twice.trainableWeights.length !== 2 || twice.countParams() !== 6)
  throw new Error('shared weights are counted twice')
