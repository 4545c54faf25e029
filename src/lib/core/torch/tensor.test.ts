import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { MemoryScope } from '../eager/memoryScope'
import { tf } from '../eager/tfjs'
import { ArgumentError, AutogradError, ShapeError } from '../util/errors'
import { nn, noGrad, ones, optim, tensor, zeros, type Tensor } from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const matrix = () =>
  tensor([
    [1, -2, 3],
    [4, 5, -6],
  ])

describe('Tensor', () => {
  it('knows shape, size and dtype', async () => {
    expect(matrix().shape).toEqual([2, 3])
    expect(matrix().size()).toEqual([2, 3])
    expect(matrix().size(-1)).toBe(3)
    expect(tensor([1, 2], { dtype: 'int32' }).dtype).toBe('int32')
    expect(tensor({ values: Int32Array.of(3), shape: [1, 1], dtype: 'int32' }).dtype).toBe('int32')
    expect(await zeros(2, 2).tolist()).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(await tensor(3).tolist()).toBe(3)
    expect(await ones(2).toNdArray()).toEqual({
      values: Float32Array.of(1, 1),
      shape: [2],
      dtype: 'float32',
    })
  })

  it('compares, also with another dtype', async () => {
    const x = tensor([1, 2, 3])
    const counted = (comparison: Tensor) => comparison.sum().item()
    expect(await counted(x.gt(1))).toBe(2)
    expect(await counted(x.ge(2))).toBe(2)
    expect(await counted(x.lt(3))).toBe(2)
    expect(await counted(x.le(1))).toBe(1)
    expect(await counted(x.ne(2))).toBe(2)
    expect(await counted(x.gt(1).eq(tensor([0, 0, 1])))).toBe(2)
    expect(await counted(x.eq(tensor([1, 2, 4], { dtype: 'int32' })))).toBe(2)
  })

  it('finds largest elements', async () => {
    const { values, indices } = matrix().max(1)
    expect([await values.tolist(), await indices.tolist()]).toEqual([
      [3, 5],
      [2, 1],
    ])
    expect(await matrix().max().item()).toBe(5)
    expect(await matrix().argmax().item()).toBe(4)
    expect(await matrix().argmax(0, { keepdim: true }).tolist()).toEqual([[1, 1, 0]])
  })

  it('moves axes', () => {
    expect(matrix().transpose(0, 1).shape).toEqual([3, 2])
    expect(matrix().unsqueeze(-1).shape).toEqual([2, 3, 1])
    expect(matrix().unsqueeze(0).squeeze(0).shape).toEqual([2, 3])
    expect(matrix().squeeze(1).shape).toEqual([2, 3])
    expect(matrix().view(-1, 2).shape).toEqual([3, 2])
  })

  it('prints the value of a scalar, and shape and dtype of others', () => {
    expect(String(tensor([[1, 2.5]]))).toBe('tensor(shape=[1, 2], float32)')
    expect(String(tensor(1, { requiresGrad: true }).mul(2))).toBe('tensor(2, requiresGrad=true)')
    expect(String(tensor(1).div(3))).toBe('tensor(0.3333)')
  })

  it('converts between float32 and int32', async () => {
    expect((await tensor([1.7]).long().toNdArray()).values).toEqual(Int32Array.of(1))
    expect(tensor([1], { dtype: 'int32' }).float().dtype).toBe('float32')
  })
})

describe('reading back', () => {
  it('gives the number to await, also inside noGrad', async () => {
    expect(1 + (await tensor([[2]]).item())).toBe(3)
    expect(await noGrad(() => tensor(4).item())).toBe(4)
  })

  it('explains itself when it is used without await', () => {
    const error = new ArgumentError(
      'item: expected `await tensor.item()`, got arithmetic or text with a value that is still being read back. ' +
        'Write await loss.item().',
    )
    // A program in JavaScript has no compiler to stop it.
    const value = tensor(1).item() as unknown as number
    let total = 0
    expect(() => value * 2).toThrow(error)
    expect(() => (total += value)).toThrow(error)
    expect(() => value < 1).toThrow(error)
    expect(() => Math.sqrt(value)).toThrow(error)
    expect(() => `loss ${value}`).toThrow(error)
    expect(total).toBe(0)
  })

  it('outlives the batch that the tensor belongs to', async () => {
    const scope = new MemoryScope('batch')
    const batch = tensor([1, 2])
    const reading = [batch.sum().item(), batch.tolist(), batch.toNdArray()]
    scope.close()
    const array = { values: Float32Array.of(1, 2), shape: [2], dtype: 'float32' }
    expect(await Promise.all(reading)).toEqual([3, [1, 2], array])
  })
})

describe('errors name operation and shapes', () => {
  const refusals: [string, () => unknown, Error][] = [
    [
      'broadcast',
      () => zeros(32, 1).add(zeros(16, 2)),
      new ShapeError(
        'add: expected shapes that broadcast, got [32, 1] and [16, 2]. Reshape one of them so that the axes line up from the right.',
      ),
    ],
    [
      'matmul',
      () => zeros(32, 10).matmul(zeros(12, 4)),
      new ShapeError(
        'matmul: expected [..., n, k] and [..., k, m], got [32, 10] and [12, 4]. Transpose one of them or change the layer sizes.',
      ),
    ],
    [
      'reshape',
      () => zeros(2, 3).reshape(4, -1),
      new ShapeError('reshape: expected a shape of 6 elements, got [4, -1]. Use −1 for at most one size.'),
    ],
    [
      'dim',
      () => zeros(2, 3).sum(2),
      new ArgumentError('sum: expected a dim from -2 to 1, got 2. The tensor has 2 dimensions.'),
    ],
    [
      'permute',
      () => zeros(2, 3).permute(0, 0),
      new ArgumentError(
        'permute: expected each of the 2 dims once, got [0, 0]. List every dim in its new order.',
      ),
    ],
    [
      'item',
      () => zeros(2, 3).item(),
      new ArgumentError('item: expected a tensor of one element, got shape [2, 3]. Use .tolist() instead.'),
    ],
  ]

  it.each(refusals)('%s', (_, run, error) => {
    expect(run).toThrow(error)
  })

  it('says that values are gone', () => {
    const scope = new MemoryScope('layer', { isPrivate: true })
    const loss = tensor(1).mul(2)
    scope.close()
    const message =
      'tensor: expected a tensor with values, got one that was freed with the layer or the traced step that it was made in. ' +
      'Return it from there.'
    expect(() => loss.item()).toThrow(new ArgumentError(message))
    expect(() => loss.add(1)).toThrow(message)
    expect(String(loss)).toBe('tensor(freed, shape=[])')
  })
})

describe('tensors of a batch that is over', () => {
  const afterBatch = <T>(make: () => T): T => {
    const scope = new MemoryScope('batch')
    const made = make()
    scope.close()
    return made
  }

  it('keep their values, and leave nothing on the backend', async () => {
    const before = tf.memory().numTensors
    const kept = afterBatch(() => tensor([1, 2]).mul(2))
    expect(tf.memory().numTensors).toBe(before)
    expect(await kept.tolist()).toEqual([2, 4])
    expect(String(kept.sum())).toBe('tensor(6)')
    expect(await kept.add(kept).tolist()).toEqual([4, 8])
  })

  it('print as others do', () => {
    const kept = afterBatch(() => tensor(2).mul(2))
    const detached = kept.detach()
    expect(String(kept)).toBe('tensor(4)')
    kept.add_(1)
    expect(String(detached)).toBe('tensor(5)')
  })

  it('are refused by backward() where their graph is needed', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const hidden = afterBatch(() => w.mul(2))
    expect(() => hidden.sum().backward()).toThrow(
      new AutogradError(
        'backward: expected a graph of this batch, got one that begins in a batch that is over. ' +
          'Call detach() on what one batch hands to the next.',
      ),
    )
  })

  it('may be leaves, changed in place, and kept gradients', async () => {
    const w = afterBatch(() => tensor([1, 2], { requiresGrad: true }))
    const gradient = (factor: number) => {
      w.grad = null
      afterBatch(() => w.mul(factor).sum().backward())
      return w.grad as Tensor | null
    }
    const [first, second] = [gradient(3), gradient(4)]
    expect([await first?.tolist(), await second?.tolist()]).toEqual([
      [3, 3],
      [4, 4],
    ])
    const total = afterBatch(() => tensor([0, 0]))
    for (let batch = 0; batch < 3; batch++) afterBatch(() => total.add_(1))
    expect(await total.tolist()).toEqual([3, 3])
  })
})

describe('detach and data', () => {
  it('refer to the same values in both directions', async () => {
    const w = new nn.Parameter(Float32Array.of(1, 2), [2])
    const detached = w.detach()
    noGrad(() => w.fill_(7))
    expect(await detached.tolist()).toEqual([7, 7])
    expect(await detached.mul(2).tolist()).toEqual([14, 14])
    w.data.mul_(2)
    expect(await w.tolist()).toEqual([14, 14])
    w.data = tensor([1, 2])
    expect([await w.tolist(), await detached.tolist()]).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('refer to constants and results, but not to a clone', async () => {
    const x = tensor([1, 2])
    const [detached, copy] = [x.detach(), x.clone()]
    x.add_(1)
    expect([await detached.tolist(), await copy.tolist()]).toEqual([
      [2, 3],
      [1, 2],
    ])
    const w = tensor([1, 2], { requiresGrad: true })
    const result = w.mul(w)
    result.detach().zero_()
    expect(await result.tolist()).toEqual([0, 0])
    result.sum().backward()
    expect(await w.grad?.tolist()).toEqual([2, 4])
  })

  it('pass no gradient on', async () => {
    const w = tensor([3], { requiresGrad: true })
    w.mul(w.detach()).sum().backward()
    expect(await w.grad?.tolist()).toEqual([3])
    expect(w.data.requiresGrad).toBe(false)
    expect(() => (w.data = ones(2))).toThrow(
      new ShapeError('data: expected shape [1], got [2]. Reshape it first.'),
    )
  })

  it('stay on a parameter that an optimizer changes', async () => {
    const w = new nn.Parameter(Float32Array.of(1), [1])
    const { data } = w
    w.mul(2).sum().backward()
    new optim.SGD([w], { lr: 0.5 }).step()
    expect(await data.tolist()).toEqual([0])
  })
})

describe('backward', () => {
  const leaf = () => tensor([1, 2], { requiresGrad: true })

  it('accumulates until the gradient is set to null', async () => {
    const w = leaf()
    w.mul(w).sum().backward()
    w.mul(3).sum().backward()
    expect(await w.grad?.tolist()).toEqual([5, 7])
    const clear = () => void (w.grad = null)
    clear()
    w.sum().backward()
    expect(await w.grad?.tolist()).toEqual([1, 1])
  })

  it('refuses a second pass unless the graph was retained', async () => {
    const w = leaf()
    const loss = w.mul(w).sum()
    loss.backward({ retainGraph: true })
    loss.backward()
    expect(await w.grad?.tolist()).toEqual([4, 8])
    expect(() => loss.backward()).toThrow(
      new AutogradError(
        'backward: expected a recorded graph, got one that an earlier backward() already went through and freed. ' +
          'Pass { retainGraph: true } to the earlier call, run the forward pass again, or detach() what one step hands to the next.',
      ),
    )
  })

  it('refuses a second loss that shares a freed part', () => {
    const shared = leaf().exp()
    shared.sum().backward()
    expect(() => shared.mean().backward()).toThrow(AutogradError)
  })

  it('refuses a tensor that is not a scalar', () => {
    expect(() => leaf().mul(2).backward()).toThrow(
      new AutogradError('backward: expected a scalar, got shape [2]. Call .mean() or .sum() first.'),
    )
  })

  it('refuses a tensor that does not require grad', () => {
    const message =
      'backward: expected a tensor that requires grad, got one that does not. ' +
      'Compute it from parameters, outside noGrad() and without detach().'
    expect(() => tensor(1).backward()).toThrow(new AutogradError(message))
    expect(() => leaf().detach().sum().backward()).toThrow(message)
    expect(() => noGrad(() => leaf().sum()).backward()).toThrow(message)
  })

  it('stops at detach()', async () => {
    const w = leaf()
    w.mul(w.detach()).sum().backward()
    expect(await w.grad?.tolist()).toEqual([1, 2])
  })

  it('records nothing for constants', () => {
    const before = tf.memory().numTensors
    const y = tensor([1, 2]).mul(2).exp()
    expect(y.requiresGrad).toBe(false)
    // The constant, its double and the exponential; no copies saved for a backward pass.
    expect(tf.memory().numTensors - before).toBe(3)
  })
})

describe('noGrad', () => {
  it('lasts until an async body settles, and ends when it throws', async () => {
    const w = tensor(1, { requiresGrad: true })
    const inside = noGrad(async () => {
      await Promise.resolve()
      return w.mul(2).requiresGrad
    })
    expect(await inside).toBe(false)
    expect(w.mul(2).requiresGrad).toBe(true)
    const failing = () =>
      noGrad(() => {
        throw new Error('stop')
      })
    expect(failing).toThrow('stop')
    await expect(noGrad(() => Promise.reject(new Error('stop')))).rejects.toThrow('stop')
    expect(w.mul(2).requiresGrad).toBe(true)
  })

  it('nests', () => {
    const w = tensor(1, { requiresGrad: true })
    const flags = noGrad(() => [noGrad(() => w.mul(2).requiresGrad), w.mul(2).requiresGrad])
    expect(flags).toEqual([false, false])
  })
})
