import { GradientTape, Model, Input, layers } from 'tandem/keras'
import { moons } from 'tandem/data'
const { train } = moons()
class CustomModel extends Model {
  trainStep([x, y]) {
    const tape = new GradientTape()
    let yPred
    const loss = tape.record(() => {
      yPred = this.apply(x, { training: true })
      return this.computeLoss({ y, yPred })
    })
    const gradients = tape.gradient(loss, this.trainableVariables)
    this.optimizer.apply(gradients, this.trainableVariables)
    for (const metric of this.metrics) {
      if (metric.name === 'loss') metric.updateState(loss)
      else metric.updateState(y, yPred)
    }
    return Object.fromEntries(this.metrics.map((m) => [m.name, m.result()]))
  }
}
const inputs = Input({ shape: [2] })
const outputs = new layers.Dense(1, { activation: 'sigmoid' }).apply(
  new layers.Dense(8, { activation: 'relu' }).apply(inputs),
)
export const model = new CustomModel(inputs, outputs)
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] })
await model.fit(train.x, train.y, { epochs: 3 })
