import torch, { nn, optim, DataLoader, TensorDataset } from 'tandem/torch'
class Classifier extends nn.Module {
  constructor(vocab, dim, hidden) {
    super()
    this.embedding = new nn.Embedding(vocab, dim)
    this.lstm = new nn.LSTM(dim, hidden, { batchFirst: true, numLayers: 1 })
    this.fc = new nn.Linear(hidden, 1)
  }
  forward(x) {
    const [, [h]] = this.lstm.forward(this.embedding.forward(x))
    return this.fc.forward(h.squeeze(0)).squeeze(1)
  }
}
const x = torch.randint(0, 2, [64, 6])
const y = x.sum(1).remainder(2).float()
export const model = new Classifier(2, 4, 8)
export const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 })
const lossFn = new nn.BCEWithLogitsLoss()
for (let epoch = 0; epoch < 2; epoch++) {
  for await (const [xb, yb] of new DataLoader(new TensorDataset(x, y), { batchSize: 16, shuffle: true })) {
    optimizer.zeroGrad()
    const loss = lossFn.forward(model.forward(xb), yb)
    loss.backward()
    nn.utils.clipGradNorm_(model.parameters(), 1.0)
    optimizer.step()
  }
}
