// A computeLoss of the program's own is what fit and evaluate minimise and show; the values are those of Keras 3.15.
import { GradientTape, Input, layers, Model, ops, optimizers, Sequential } from 'tandem/keras'

const x = [[1], [2], [3], [4]]
const y = [[1], [1], [2], [2]]
const near = (a, b) => Math.abs(a - b) < 1e-5 * Math.max(1, Math.abs(b))
const expectNear = (what, got, expected) => {
  if (!expected.every((value, index) => near(got[index], value))) throw new Error(`${what}: ${String(got)}`)
}

class Doubled extends Model {
  constructor() {
    super()
    this.dense = new layers.Dense(1, { kernelInitializer: 'ones' })
  }
  call(inputs) {
    return this.dense.apply(inputs)
  }
  computeLoss(data) {
    return ops.multiply(super.computeLoss(data), 2)
  }
}
export const model = new Doubled()
model.compile('sgd', 'mse')
const { history } = await model.fit(x, y, { epochs: 2, shuffle: false, validationData: [x, y] })
expectNear('loss', history.loss, [3, 1.4587])
expectNear('valLoss', history.valLoss, [1.4587, 0.774207])

// It may also take its arguments in Keras' order; penalties are what it adds itself.
class Absolute extends Model {
  dense = new layers.Dense(1, { kernelInitializer: 'ones', kernelRegularizer: 'l2' })
  call(inputs) {
    return this.dense.apply(inputs)
  }
  computeLoss(_x, labels, outputs) {
    return ops.mean(ops.abs(ops.subtract(labels, outputs)))
  }
}
const absolute = new Absolute()
absolute.compile('sgd', 'mse')
expectNear(
  'loss in order',
  (await absolute.fit(x, y, { epochs: 2, shuffle: false })).history.loss,
  [1, 0.95125],
)
expectNear('its evaluation', [(await absolute.evaluate(x, y)).loss], [0.90875])

// An optimizer goes on with some of its weights; the others keep theirs.
const net = new Sequential([
  Input([1]),
  new layers.Dense(1, { kernelInitializer: 'zeros' }),
  new layers.Dense(1, { kernelInitializer: 'ones' }),
])
const optimizer = new optimizers.Adam(0.1)
for (let step = 0; step < 3; step++) {
  const weights = step === 1 ? net.trainableVariables.slice(2) : net.trainableVariables
  const tape = new GradientTape()
  const loss = tape.record(() => ops.mean(ops.square(ops.subtract(net.apply(x), y))))
  optimizer.apply(tape.gradient(loss, weights), weights)
}
const values = (await net.getWeights()).map((array) => array.values[0])
expectNear('weights', values, [0.183462, 0.183254, 1.159858, 0.293717])

// Data can be tensors.
const tensors = [ops.convertToTensor(x), ops.convertToTensor(y)]
net.compile('sgd', 'mse')
const same = [await net.evaluate(x, y), await net.evaluate(...tensors)].map(({ loss }) => loss)
expectNear('loss of tensors', [same[1]], [same[0]])
await net.fit(...tensors, { validationData: tensors })
if ((await net.predict(tensors[0])).shape[0] !== 4) throw new Error('predict does not take tensors')
