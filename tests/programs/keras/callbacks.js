import { Sequential, layers, callbacks, Input } from 'tandem/keras'
import { circle } from 'tandem/data'
const { train, test } = circle()
export const model = new Sequential([
  Input({ shape: [2] }),
  new layers.Dense(8, { activation: 'relu' }),
  new layers.Dense(1, { activation: 'sigmoid' }),
])
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] })
const csv = new callbacks.CSVLogger('training.csv')
const history = await model.fit(train.x, train.y, {
  epochs: 30,
  validationData: [test.x, test.y],
  callbacks: [
    new callbacks.EarlyStopping({ monitor: 'valLoss', patience: 3, restoreBestWeights: true }),
    new callbacks.ModelCheckpoint('best.keras', { monitor: 'valAccuracy', saveBestOnly: true, mode: 'max' }),
    new callbacks.ReduceLROnPlateau({ monitor: 'valLoss', factor: 0.2, patience: 2, minLr: 0.001 }),
    new callbacks.LearningRateScheduler((epoch, lr) => (epoch < 10 ? lr : lr * Math.exp(-0.1))),
    csv,
    new callbacks.TensorBoard({ logDir: './logs' }),
  ],
})
console.log(csv.text.split('\n')[0])
await model.loadWeights('best.keras')
if (!(history.history.loss.at(-1) < Math.log(2) && csv.text.startsWith('epoch,')))
  throw new Error('no better than chance')
