// What a hook makes of the gradient that it is shown lives as long as the batch.
import torch from 'tandem/torch'

const x = torch.tensor([1, 2], { requiresGrad: true })
const kept = []
const y = x.mul(3)
y.registerHook((gradient) => {
  kept.push(gradient.clone(), gradient.mul(3), gradient)
  return gradient.mul(2)
})
y.pow(2).sum().backward()
const got = JSON.stringify(await Promise.all([x.grad, ...kept].map((each) => each.tolist())))
if (got !== '[[36,72],[6,12],[18,36],[6,12]]') throw new Error(got)
