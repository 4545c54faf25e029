// A checkpoint resumed as in PyTorch's tutorial: the optimizer's state, then a new scheduler, then its state.
import torch, { nn, optim } from 'tandem/torch'

const make = () => {
  const net = new nn.Linear(1, 1)
  return new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 })
}
const kinds = {
  lambda: (o) => new optim.lrScheduler.LambdaLR(o, (epoch) => 0.5 ** epoch),
  cosine: (o) => new optim.lrScheduler.CosineAnnealingLR(o, 10),
  warm: (o) => new optim.lrScheduler.CosineAnnealingWarmRestarts(o, 10),
  step: (o) => new optim.lrScheduler.StepLR(o, 2),
}
const run = (optimizer, scheduler) =>
  [1, 2, 3].map(() => {
    optimizer.step()
    scheduler.step()
    return scheduler.getLastLr()[0].toFixed(6)
  })

for (const [name, kind] of Object.entries(kinds)) {
  const optimizer = make()
  const scheduler = kind(optimizer)
  run(optimizer, scheduler)
  torch.save({ optimizer: optimizer.stateDict(), scheduler: scheduler.stateDict() }, 'checkpoint.pt')
  const whole = String(run(optimizer, scheduler))
  const checkpoint = torch.load('checkpoint.pt')
  const loaded = make()
  loaded.loadStateDict(checkpoint.optimizer)
  const resumed = kind(loaded)
  resumed.loadStateDict(checkpoint.scheduler)
  const rates = String(run(loaded, resumed))
  if (rates !== whole) throw new Error(`${name}: ${rates} instead of ${whole}`)
}

export const model = new nn.Linear(1, 1)
