import torch, { nn } from 'tandem/torch'
const F = nn.functional
class SelfAttention extends nn.Module {
  constructor(d) {
    super()
    this.q = new nn.Linear(d, d)
    this.k = new nn.Linear(d, d)
    this.v = new nn.Linear(d, d)
    this.d = d
  }
  forward(x) {
    const scores = this.q.forward(x).matmul(this.k.forward(x).transpose(-2, -1)).div(Math.sqrt(this.d))
    const mask = torch.tril(torch.ones(x.size(1), x.size(1)))
    return F.softmax(scores.maskedFill(mask.eq(0), -1e9), -1).matmul(this.v.forward(x))
  }
}
export const model = new SelfAttention(4)
const out = model.forward(torch.randn(2, 3, 4))
out.pow(2).mean().backward()
console.log(out.shape, model.q.weight.grad.norm)
