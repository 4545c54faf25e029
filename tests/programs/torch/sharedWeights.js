// A decoder with the encoder's weights: trained by both uses, listed once, saved under both names.
import torch, { nn, optim } from 'tandem/torch'

class Tied extends nn.Module {
  constructor() {
    super()
    this.encoder = new nn.Linear(5, 3, { bias: false })
    this.decoder = new nn.Linear(5, 3, { bias: false })
    this.decoder.weight = this.encoder.weight
  }

  forward(x) {
    return nn.functional.dropout(this.encoder.forward(x).add(this.decoder.forward(x)), 0)
  }
}

export const model = new Tied()
const keys = Object.keys(model.stateDict()).join()
if (keys !== 'encoder.weight,decoder.weight') throw new Error(keys)
if (model.parameters().length !== 1) throw new Error('a parameter twice')

const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
const before = await model.encoder.weight.tolist()
model.forward(torch.ones(1, 5)).sum().backward()
optimizer.step()
const after = await model.decoder.weight.tolist()
if (Math.abs(before[0][0] - after[0][0] - 0.2) > 1e-6) throw new Error(`${before[0][0]}, ${after[0][0]}`)

model.loadStateDict(model.stateDict())
const nothing = nn.functional.dropout(torch.ones(3), 1)
if (String(await nothing.tolist()) !== '0,0,0') throw new Error('dropout with p = 1')
