import torch from 'tandem/torch'
const x = torch.randn(50, 1),
  y = x.mul(2).add(1)
const w = torch.randn(1, 1, { requiresGrad: true })
const b = torch.zeros(1, { requiresGrad: true })
for (let i = 0; i < 20; i++) {
  const loss = x.mm(w).add(b).sub(y).pow(2).mean()
  loss.backward()
  torch.noGrad(() => {
    w.sub_(w.grad.mul(0.1))
    b.sub_(b.grad.mul(0.1))
    w.grad.zero_()
    b.grad.zero_()
  })
}
export const model = null
if (Math.abs((await w.item()) - 2) > 0.5) throw new Error('far from 2')
