import { GradientTape, Sequential, layers, losses, optimizers } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
export const model = new Sequential([new layers.Dense(8, { activation: 'relu' }), new layers.Dense(1)])
const lossFn = new losses.BinaryCrossentropy({ fromLogits: true })
export const optimizer = new optimizers.Adam({ learningRate: 1e-2 })
for (let step = 0; step < 20; step++) {
  const tape = new GradientTape()
  const loss = tape.record(() => lossFn.apply(train.y, model.apply(train.x, { training: true })))
  const grads = tape.gradient(loss, model.trainableWeights)
  optimizer.applyGradients(grads.map((g, i) => [g, model.trainableWeights[i]]))
}
