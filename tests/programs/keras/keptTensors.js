// Tensors that a loop of one's own keeps: losses, predictions and a moving average outlive their steps.
import { GradientTape, Sequential, layers, losses, ops, optimizers } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
export const model = new Sequential([new layers.Dense(4, { activation: 'tanh' }), new layers.Dense(1)])
const lossFn = new losses.BinaryCrossentropy({ fromLogits: true })
export const optimizer = new optimizers.Adam({ learningRate: 1e-2 })
const all = []
const values = []
const outputs = []
let average = ops.zeros([])
for (let step = 0; step < 20; step++) {
  const tape = new GradientTape()
  const loss = tape.record(() => lossFn.apply(train.y, model.apply(train.x, { training: true })))
  const grads = tape.gradient(loss, model.trainableWeights)
  optimizer.applyGradients(grads.map((g, i) => [g, model.trainableWeights[i]]))
  all.push(loss)
  values.push(await ops.item(loss))
  outputs.push(model.apply(train.x))
  average = ops.add(ops.multiply(average, 0.9), ops.multiply(loss, 0.1))
}
const mean = values.reduce((sum, value) => sum + value, 0) / values.length
if (Math.abs((await ops.item(ops.mean(ops.stack(all)))) - mean) > 1e-5) throw new Error('losses differ')
if (ops.concatenate(outputs).shape[0] !== 20 * outputs[0].shape[0])
  throw new Error('predictions are not joined')
const expected = values.reduce((sum, value) => sum * 0.9 + value * 0.1, 0)
if (Math.abs((await ops.item(average)) - expected) > 1e-5) throw new Error('the moving average differs')
