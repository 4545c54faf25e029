import { Sequential, layers, callbacks } from 'tandem/keras'
const x = [[0], [1], [2], [3]]
const y = [[0], [1], [2], [3]]
const same = (name, found, expected) => {
  if (String(found) !== String(expected)) throw new Error(`${name}: ${found}`)
}
export const model = new Sequential([new layers.Dense(1, { inputShape: [1] })])
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
same('Dense', new layers.Dense({ units: 8, inputShape: [1] }).units, 8)
same('Dropout', new layers.Dropout({ rate: 0.5 }).rate, 0.5)
same('Embedding', new layers.Embedding({ inputDim: 5, outputDim: 2 }).outputDim, 2)
same('Conv2D', new layers.Conv2D({ filters: 4, kernelSize: 3 }).filters, 4)
same('LSTM', new layers.LSTM({ units: 4 }).units, 4)
same('Reshape', new layers.Reshape({ targetShape: [1, 1] }).targetShape, [1, 1])
const seen = []
const own = new callbacks.LambdaCallback({ onEpochEnd: (epoch) => void seen.push(epoch) })
await model.fit(x, y, { epochs: 2, callbacks: own })
same('one callback', seen, [0, 1])
const advised = async (name, run, message) => {
  try {
    await run()
  } catch (error) {
    if (error.message.includes(message)) return
    throw error
  }
  throw new Error(`${name} was taken`)
}
await advised(
  'an object of callbacks',
  () => model.fit(x, y, { callbacks: { onEpochEnd: () => seen.push(9) } }),
  'Write callbacks: [new callbacks.LambdaCallback({ onEpochEnd })].',
)
await advised('a function', () => layers.dense({ units: 1 }), 'Write new layers.Dense(…).')
await advised('a call', () => layers.Conv2D({ filters: 1, kernelSize: 1 }), 'Write new layers.Conv2D(…).')
await advised('a slip', () => new layers.Desne(1), 'Write new layers.Dense(…).')
await advised(
  'an activation',
  () => new layers.Dense(1, 'tanhh'),
  "expected 'tanh', got 'tanhh'. Write 'tanh'.",
)
await advised(
  'an initializer',
  () => new layers.Dense({ units: 1, kernelInitializer: 'heNormall' }),
  "Write 'heNormal'.",
)
await advised('a loss', () => model.compile('sgd', 'meanSquareError'), "Write 'meanSquaredError'.")
await advised('an optimizer', () => model.compile('adagrd'), "Write 'adagrad'.")
await advised('a metric', () => model.compile('sgd', 'mse', null, ['acuracy']), "Write 'accuracy'.")
same('nothing of it was trained', seen, [0, 1])
