import torch, { compile } from 'tandem/torch'
let beta = 0
const state = { beta: 0 }
const f = compile((x) => x.mul(beta))
const g = compile((x) => x.mul(state.beta))
const got = []
for (let step = 1; step <= 3; step++) {
  beta = step
  state.beta = step
  got.push([await f(torch.ones(1)).item(), await g(torch.ones(1)).item()])
}
if (JSON.stringify(got) !== '[[1,1],[2,2],[3,3]]') throw new Error(JSON.stringify(got))
