// Callbacks hear the figures so far after each batch, as in Keras 3; the values are those of Keras 3.15.
import { callbacks, Input, layers, Sequential } from 'tandem/keras'

const x = [[1], [2], [3], [4], [5]]
const y = [[1], [1], [2], [2], [3]]
export const model = new Sequential([Input([1]), new layers.Dense(1, { kernelInitializer: 'zeros' })])
model.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mae'] })

const heard = []
class Recorder extends callbacks.Callback {
  onTrainBegin() {
    heard.push(`${this.params.epochs} × ${this.params.steps}`)
  }
  onTrainBatchEnd(batch, { loss, mae }) {
    heard.push(`train ${batch} ${loss.toFixed(4)} ${mae.toFixed(4)}`)
  }
  onTestBatchBegin(batch) {
    heard.push(`test ${batch}`)
  }
  onTestBatchEnd(batch, { loss, mae }) {
    heard.push(`tested ${batch} ${Number.isFinite(loss) && Number.isFinite(mae)}`)
  }
  onPredictBatchEnd(batch) {
    heard.push(`predicted ${batch}`)
  }
}
const recorder = new Recorder()
await model.fit(x, y, { batchSize: 2, shuffle: false, callbacks: recorder })
await model.evaluate(x, y, { batchSize: 4, callbacks: [recorder] })
await model.predict(x, { batchSize: 3, callbacks: recorder })
const expected = [
  '1 × 3',
  'train 0 1.0000 1.0000',
  'train 1 2.2579 1.4375',
  'train 2 2.7197 1.5774',
  ...['test 0', 'tested 0 true', 'test 1', 'tested 1 true', 'predicted 0', 'predicted 1'],
]
if (JSON.stringify(heard) !== JSON.stringify(expected)) throw new Error(JSON.stringify(heard))
