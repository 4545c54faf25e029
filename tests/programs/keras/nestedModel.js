// A trained model as the frozen first layer of another one.
import { Input, layers, Model, Sequential } from 'tandem/keras'

const x = [[0], [1], [2], [3]]
const y = [[0], [1], [2], [3]]
const base = new Sequential([
  Input([1]),
  new layers.Dense(4, { activation: 'relu' }),
  new layers.BatchNormalization(),
])
base.trainable = false
const valuesOf = async (net) => JSON.stringify((await net.getWeights()).map(({ values }) => [...values]))
const before = await valuesOf(base)

export const model = new Sequential([base, new layers.Dense(1)])
model.compile({ optimizer: 'sgd', loss: 'mse' })
await model.fit(x, y, { epochs: 2 })
if ((await valuesOf(base)) !== before) throw new Error('the frozen model changed')
if (model.trainableWeights.length !== 2) throw new Error(`${model.trainableWeights.length} trainable weights`)

class Net extends Model {
  constructor() {
    super()
    this.base = base
    this.head = new layers.Dense(1)
  }

  call(inputs) {
    return this.head.apply(this.base.apply(inputs))
  }
}
const own = new Net()
own.compile({ optimizer: 'sgd', loss: 'mse' })
await own.fit(x, y, { epochs: 2 })
const input = Input([1])
const functional = new Model(input, new layers.Dense(1).apply(base.apply(input)))
functional.compile({ optimizer: 'sgd', loss: 'mse' })
await functional.fit(x, y, { epochs: 2 })
if ((await valuesOf(base)) !== before) throw new Error('the frozen model changed in another one')
