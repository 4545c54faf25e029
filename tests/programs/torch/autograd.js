import torch from 'tandem/torch'
const x = torch.tensor([2.0, 3.0], { requiresGrad: true })
const y = x.pow(2).sum()
y.backward()
console.log(await x.grad.tolist())
const w = torch.ones(2, { requiresGrad: true })
const z = x.mul(w).sum()
z.backward({ retainGraph: true })
z.backward()
console.log(await w.grad.tolist(), x.isLeaf, z.requiresGrad)
w.grad.zero_()
w.grad = null
const [g] = torch.autograd.grad(x.mul(w).sum(), [x])
console.log(await g.tolist())
torch.noGrad(() => {
  w.sub_(w.mul(0.1))
})
const v = torch.noGrad(() => w.mul(2))
console.log(v.requiresGrad)
export const model = null
