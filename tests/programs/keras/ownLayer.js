import { Sequential, layers, ops } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
class Linear extends layers.Layer {
  constructor(units = 32) {
    super()
    this.units = units
  }
  build(inputShape) {
    this.w = this.addWeight({
      shape: [inputShape.at(-1), this.units],
      initializer: 'randomNormal',
      trainable: true,
    })
    this.b = this.addWeight({ shape: [this.units], initializer: 'zeros', trainable: true })
  }
  call(inputs) {
    return ops.add(ops.matmul(inputs, this.w), this.b)
  }
}
export const model = new Sequential([
  new Linear(8),
  new layers.ReLU(),
  new Linear(1),
  new layers.Activation('sigmoid'),
])
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] })
await model.fit(train.x, train.y, { epochs: 3 })
