import { Input, Model, layers } from 'tandem/keras'
const a = Input({ shape: [2], name: 'a' })
const b = Input({ shape: [3], name: 'b' })
const x = layers.concatenate ? layers.concatenate([a, b]) : new layers.Concatenate().apply([a, b])
const y = new layers.Dense(1).apply(new layers.Dense(8, { activation: 'tanh' }).apply(x))
export const model = new Model({ inputs: [a, b], outputs: y })
model.compile({ optimizer: 'rmsprop', loss: 'mse', metrics: ['mae'] })
const xa = Array.from({ length: 40 }, (_, i) => [i / 40, 1]),
  xb = Array.from({ length: 40 }, (_, i) => [0, i / 40, 1])
const t = Array.from({ length: 40 }, (_, i) => [i / 20])
await model.fit([xa, xb], t, { epochs: 5 })
await model.fit({ a: xa, b: xb }, t, { epochs: 1 })
console.log((await model.predict([xa, xb])).shape)
