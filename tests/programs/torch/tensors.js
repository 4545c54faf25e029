import * as torch from 'tandem/torch'
const a = torch.tensor([
  [1, 2],
  [3, 4],
])
const b = torch.tensor([
  [5.0, 6.0],
  [7.0, 8.0],
])
console.log(a.dtype, b.dtype, torch.tensor([1.5]).dtype, torch.tensor([true]).dtype)
console.log(await a.float().matmul(b).tolist(), await torch.mm(b, b.T).tolist(), await b.t().tolist())
console.log(
  await torch.cat([b, b], 0).tolist(),
  torch.cat([b, b], { dim: 1 }).shape,
  torch.stack([b, b]).shape,
)
console.log(await torch.where(b.gt(6), b, torch.zerosLike(b)).tolist())
console.log(await b.argmax().item(), await b.argmax(1).tolist(), await torch.argmax(b, { dim: 0 }).tolist())
const [values, indices] = b.max(1)
console.log(await values.tolist(), await indices.tolist(), await b.max().item())
const m = torch.max(b, 1)
console.log(await m.values.tolist(), await m.indices.tolist())
console.log(
  b.view(-1).shape,
  b.view(1, 4).shape,
  b.reshape(4, 1).shape,
  b.permute(1, 0).shape,
  b.size(),
  b.size(0),
  b.dim(),
  b.ndim,
  b.numel(),
)
console.log(
  await b.sum().item(),
  await b.sum(0).tolist(),
  await b.mean(1, true).tolist(),
  b.mean({ dim: 1, keepdim: true }).shape,
)
console.log(
  await torch.arange(5).tolist(),
  await torch.arange(0, 1, 0.25).tolist(),
  await torch.eye(2).tolist(),
  await torch.linspace(0, 1, 3).tolist(),
)
console.log(
  await b.std().item(),
  await b.var(0).tolist(),
  await b.norm().item(),
  await torch.prod(b).item(),
  await b.cumsum(0).tolist(),
)
console.log(
  await b.sort().values.tolist(),
  await torch.topk(b, 1).values.tolist(),
  await b.argsort(1).tolist(),
)
console.log(a.int().dtype, a.long().dtype, a.bool().dtype, a.to(torch.float32).dtype)
console.log(String(a), `${b}`)
export const model = null
