import torch, { compile, nn, optim, DataLoader, manualSeed, noGrad } from 'tandem/torch'
import { moons } from 'tandem/data'
import { log } from 'tandem/run'

const { train, test } = moons({ samples: 200, seed: 4 })

/** Losses of an ordinary loop, with what wraps the model. */
async function losses(wrap) {
  manualSeed(2)
  const net = new nn.Sequential(
    new nn.Linear(2, 8),
    new nn.BatchNorm1d(8),
    new nn.ReLU(),
    new nn.Dropout(0.2),
    new nn.Linear(8, 1),
  )
  const model = wrap(net)
  const criterion = new nn.BCEWithLogitsLoss()
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.02 })
  const schedule = new torch.lrScheduler.StepLR(optimizer, { stepSize: 1, gamma: 0.9 })
  const found = []
  for (let epoch = 0; epoch < 3; epoch++) {
    model.train()
    for await (const [x, y] of new DataLoader(train, { batchSize: 32, shuffle: true })) {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(x), y)
      loss.backward()
      nn.utils.clipGradNorm_(model.parameters(), 1)
      optimizer.step()
      found.push(await loss.item())
      log({ loss: found.at(-1) })
    }
    schedule.step()
    model.eval()
    await noGrad(async () => {
      for await (const [x, y] of new DataLoader(test, { batchSize: 64 }))
        found.push(await criterion.forward(model.forward(x), y).item())
    })
  }
  return { model, found }
}

const eager = await losses((net) => net)
const compiled = await losses((net) => compile(net))
export const { model } = compiled
for (const [index, loss] of compiled.found.entries())
  if (!(Math.abs(loss - eager.found[index]) < 1e-5))
    throw new Error(`${index}: ${loss}, ${eager.found[index]}`)
const names = Object.keys(model.stateDict())
if (names[0] !== '_orig_mod.0.weight') throw new Error(names[0])
