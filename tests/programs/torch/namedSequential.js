import torch, { nn } from 'tandem/torch'
export const model = new nn.Sequential({
  fc1: new nn.Linear(2, 4),
  act: new nn.ReLU(),
  fc2: new nn.Linear(4, 1),
})
console.log(model.fc1.weight.shape, model.fc1.inFeatures, model.fc2.outFeatures)
const m2 = new nn.Sequential()
m2.append(new nn.Linear(2, 2))
m2.addModule('act', new nn.ReLU())
console.log(m2.length)
for (const layer of m2) console.log(layer.constructor.name)
model.zeroGrad()
model.train(false)
model.to('cpu')
console.log(
  await model
    .forward(torch.tensor([[1, 2]]))
    .squeeze()
    .item(),
  model.training,
)
