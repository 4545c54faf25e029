import { activations, ops } from 'tandem/keras'
const x = [
  [1, 2],
  [3, 6],
]
const expect = async (name, tensor, shape, values) => {
  const found = await ops.convertToNumpy(tensor)
  const isSame = values.every((value, at) => Math.abs(value - found.values[at]) < 1e-5)
  if (!isSame || String(found.shape) !== String(shape) || found.values.length !== values.length)
    throw new Error(`${name}: ${found.shape}, ${[...found.values]}`)
}
await expect('sum(x, 0)', ops.sum(x, 0), [2], [4, 8])
await expect('mean(x, -1)', ops.mean(x, -1), [2], [1.5, 4.5])
await expect('max(x, 1)', ops.max(x, 1), [2], [2, 6])
await expect('min(x, 0, true, 2)', ops.min(x, 0, true, 2), [1, 2], [1, 2])
await expect('sum(x, 1, true)', ops.sum(x, 1, true), [2, 1], [3, 9])
await expect('sum(x, { keepDims })', ops.sum(x, { axis: [0, 1], keepdims: true }), [1, 1], [12])
await expect('argmax(x)', ops.argmax(x), [], [3])
await expect('argmax(x, 0)', ops.argmax(x, 0), [2], [1, 1])
await expect('softmax(x, 0)', ops.softmax(x, 0), [2, 2], [0.1192029, 0.0179862, 0.8807971, 0.9820138])
await expect('activations.softmax', activations.softmax([0, 0], -1), [2], [0.5, 0.5])
await expect('concatenate', ops.concatenate([x, x], 1), [2, 4], [1, 2, 1, 2, 3, 6, 3, 6])
await expect('stack', ops.stack([x, x], 1), [2, 2, 2], [1, 2, 1, 2, 3, 6, 3, 6])
await expect('clip', ops.clip(x, 2, 3), [2, 2], [2, 2, 3, 3])
await expect('oneHot', ops.oneHot([0, 1], 3, 0), [3, 2], [1, 0, 0, 1, 0, 0])
await expect('where', ops.where([[true], [false]], x, 0), [2, 2], [1, 2, 0, 0])
await expect('expandDims', ops.expandDims([1, 2], [0, -1]), [1, 2, 1], [1, 2])
await expect('a list of tensors', ops.sum([ops.ones([2]), ops.zeros([2])], 0), [2], [1, 1])
for (const [name, wrong] of [
  ['two axes', () => ops.sum(x, 0, false, 3)],
  ['an axis that is not there', () => ops.sum(x, 2)],
  ['another name', () => ops.sum(x, { dim: 1 })],
  ['uneven rows', () => ops.sum([[1], [2, 3]])],
]) {
  try {
    wrong()
  } catch (error) {
    if (/^(ops\.sum|tensor): expected /.test(error.message)) continue
  }
  throw new Error(`${name} was taken`)
}
export const model = null
