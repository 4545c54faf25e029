import { Sequential, layers, optimizers } from 'tandem/keras'
const x = [],
  y = []
for (let i = 0; i < 128; i++) {
  const row = Array.from({ length: 6 }, (_, t) => (i >> t) & 1)
  x.push(row)
  y.push(row.reduce((a, b) => a + b) % 2)
}
export const model = new Sequential([
  new layers.Embedding(2, 8),
  new layers.LSTM(16),
  new layers.Dense(1, { activation: 'sigmoid' }),
])
model.compile({ optimizer: new optimizers.Adam(0.01), loss: 'binaryCrossentropy', metrics: ['accuracy'] })
await model.fit(x, y, { epochs: 3 })
