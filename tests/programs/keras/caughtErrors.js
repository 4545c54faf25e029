// Errors of fit, evaluate, predict and trainOnBatch that the program catches are over, also where the step was compiled.
import { Input, layers, optimizers, Sequential } from 'tandem/keras'

const y = [[0], [1]]
const make = (...first) => {
  const net = new Sequential([
    Input([2]),
    ...first,
    new layers.Embedding(3, 2, { trainable: false }),
    new layers.Flatten(),
    new layers.Dense(1),
  ])
  net.compile({ optimizer: 'sgd', loss: 'mse' })
  return net
}

export const model = make()
for (const [net, bad] of [
  [
    model,
    [
      [0, 3],
      [1, 2],
    ],
  ],
  [
    make(new layers.Rescaling(3)),
    [
      [0, 1],
      [0, 0],
    ],
  ],
]) {
  const calls = {
    fit: () => net.fit(bad, y),
    evaluate: () => net.evaluate(bad, y),
    predict: () => net.predict(bad),
    trainOnBatch: () => net.trainOnBatch(bad, y),
  }
  for (const [name, call] of Object.entries(calls)) {
    let message = 'no error'
    try {
      await call()
    } catch (error) {
      message = error.message
    }
    if (!message.startsWith('embedding: expected entries')) throw new Error(`${name}: ${message}`)
  }
}
const { history } = await model.fit(
  [
    [0, 2],
    [1, 2],
  ],
  y,
  { epochs: 2 },
)
if (history.loss.length !== 2) throw new Error('fit did not go on')

// A loss that is not finite is told once: the next fit has its own.
for (const [bad, rate] of [
  [[[NaN, 0]], 0.1],
  [[[1e30, 0]], 1e30],
]) {
  const fitted = new Sequential([Input([2]), new layers.Dense(1)])
  fitted.compile({ optimizer: new optimizers.SGD(rate), loss: 'mse' })
  let name = 'no error'
  try {
    await fitted.fit(bad, [[1]], { epochs: 3 })
  } catch (error) {
    name = error.name
  }
  if (name !== 'NonFiniteLossError') throw new Error(`expected an error of the loss, got ${name}`)
  const next = new Sequential([Input([2]), new layers.Dense(1)])
  next.compile({ optimizer: 'sgd', loss: 'mse' })
  const { history } = await next.fit([[1, 0]], [[1]], { epochs: 2 })
  if (history.loss.length !== 2) throw new Error('the next fit did not run')
}
