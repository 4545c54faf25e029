import { Sequential, layers, callbacks } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train } = circle()
class Stop extends callbacks.Callback {
  onEpochBegin(epoch) {
    console.log('begin', epoch)
  }
  onEpochEnd(epoch, logs) {
    console.log(epoch, logs.loss, logs.accuracy)
    if (logs.accuracy > 0.4) this.model.stopTraining = true
  }
  onTrainEnd() {
    console.log('end')
  }
}
export const model = new Sequential([
  new layers.Dense(8, { activation: 'relu' }),
  new layers.Dense(1, { activation: 'sigmoid' }),
])
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] })
await model.fit(train.x, train.y, {
  epochs: 10,
  callbacks: [new Stop(), new callbacks.LambdaCallback({ onEpochEnd: (e) => console.log('lambda', e) })],
})
