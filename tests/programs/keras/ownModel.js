import { Model, layers } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
class MyModel extends Model {
  constructor() {
    super()
    this.dense1 = new layers.Dense(8, { activation: 'relu' })
    this.dropout = new layers.Dropout(0.1)
    this.dense2 = new layers.Dense(1, { activation: 'sigmoid' })
  }
  call(inputs, { training } = {}) {
    let x = this.dense1.apply(inputs)
    x = this.dropout.apply(x, { training })
    return this.dense2.apply(x)
  }
}
export const model = new MyModel()
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] })
await model.fit(train.x, train.y, { epochs: 3 })
console.log((await model.predict(train.x)).shape)
