import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { memoryInUse } from '../eager/counters'
import { MemoryScope } from '../eager/memoryScope'
import { AutogradError } from '../util/errors'
import { nn, noGrad, optim, tensor, zeros, type Tensor } from './index'

beforeAll(() => initialiseBackend('cpu'))

const clear = (x: Tensor) => void (x.grad = null)
const leaf = (...values: number[]) => tensor(values, { requiresGrad: true })

describe('registerHook', () => {
  it('shows the whole gradient of an intermediate result once', async () => {
    const x = leaf(3)
    const y = x.mul(2)
    const seen: PromiseLike<number>[] = []
    y.registerHook((gradient) => void seen.push(gradient.item()))
    // y is used twice: d(y² + y)/dy = 2y + 1
    y.pow(2).add(y).sum().backward()
    expect(await Promise.all(seen)).toEqual([13])
    expect(await x.grad?.item()).toBe(26)
  })

  it('lets a hook replace the gradient, of a result and of a leaf, until it is removed', async () => {
    const x = leaf(1)
    const onLeaf = x.registerHook((gradient) => gradient.add(1))
    const y = x.mul(2)
    y.registerHook((gradient) => gradient.mul(10))
    y.sum().backward()
    expect(await x.grad?.item()).toBe(21)
    onLeaf.remove()
    clear(x)
    x.mul(2).sum().backward()
    expect(await x.grad?.item()).toBe(2)
  })

  it('gives gradients that live as long as the batch, and no longer', () => {
    const x = leaf(1, 2)
    const before = memoryInUse().tensors
    const scope = new MemoryScope('batch')
    const kept: Tensor[] = []
    const y = x.mul(3)
    y.registerHook((gradient) => void kept.push(gradient))
    y.retainGrad()
    y.sum().backward()
    expect(kept.map(({ value }) => [...value.dataSync()])).toEqual([[1, 1]])
    expect([...(y.grad?.value.dataSync() ?? [])]).toEqual([1, 1])
    scope.close()
    x.grad = null
    expect(memoryInUse().tensors).toBe(before)
  })

  it('refuses a tensor without gradient', () => {
    expect(() => tensor(1).registerHook(() => undefined)).toThrow(
      'registerHook: expected a tensor that requires grad, got one that does not.',
    )
  })
})

describe('requiresGrad', () => {
  it('freezes a parameter, which optimizers then leave alone', async () => {
    const layer = new nn.Linear(2, 1)
    layer.weight.requiresGrad = false
    const before = await layer.weight.tolist()
    const optimizer = new optim.SGD(layer.parameters(), { lr: 1 })
    layer
      .forward(tensor([[1, 2]]))
      .sum()
      .backward()
    optimizer.step()
    expect(layer.weight.grad).toBeNull()
    expect(await layer.weight.tolist()).toEqual(before)
    expect(await layer.bias?.grad?.item()).toBe(1)
  })

  it('freezes and frees whole modules', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1)).requiresGrad_(false)
    expect(model.forward(zeros(1, 2)).requiresGrad).toBe(false)
    expect(model.requiresGrad_().forward(zeros(1, 2)).requiresGrad).toBe(true)
  })

  it('is no choice for results and for whole numbers', () => {
    const result = leaf(1).mul(2)
    expect(() => (result.requiresGrad = false)).toThrow(
      'requiresGrad: expected a leaf, got the result of a computation. Use .detach() for a tensor without gradient.',
    )
    expect(() => tensor([1], { dtype: 'int32' }).requiresGrad_()).toThrow(
      'requiresGrad: expected float32, got int32. Only real numbers have gradients: use .float().',
    )
  })
})

describe('a parameter', () => {
  it('is changed in place without a graph: gradient descent by hand', async () => {
    const w = new nn.Parameter(tensor([1, 2]))
    w.pow(2).sum().backward()
    noGrad(() => w.sub_(w.grad?.mul(0.25) ?? 0))
    expect(await w.tolist()).toEqual([0.5, 1])
    noGrad(() =>
      w
        .mul_(2)
        .add_(tensor([1, 1]))
        .div_(2),
    )
    expect(await w.tolist()).toEqual([1, 1.5])
    noGrad(() => w.copy_(tensor([7, 8])))
    expect(await w.tolist()).toEqual([7, 8])
    noGrad(() => w.zero_())
    expect(await w.tolist()).toEqual([0, 0])
  })

  it('refuses a change in place that a graph would miss', () => {
    const w = new nn.Parameter(tensor([1]))
    expect(() => w.add_(1)).toThrow(
      new AutogradError(
        'add_: expected no graph while a parameter is changed in place, got one that is recorded. ' +
          'Change it inside noGrad(() => { ... }).',
      ),
    )
  })
})

it('modules list what they consist of, and apply a function to it', () => {
  class Net extends nn.Module {
    readonly body = new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh())
    readonly heads = new nn.ModuleList([new nn.Linear(2, 1)]).append(new nn.Linear(2, 3))
    constructor() {
      super()
      this.registerBuffer('scale', tensor([1]))
    }
    forward(x: Tensor): Tensor {
      return x
    }
  }
  const net = new Net()
  expect(net.namedModules().map(([name]) => name)).toEqual([
    '',
    'body',
    'body.0',
    'body.1',
    'heads',
    'heads.0',
    'heads.1',
  ])
  expect(Object.keys(net.stateDict())).toEqual([
    'scale',
    'body.0.weight',
    'body.0.bias',
    'heads.0.weight',
    'heads.0.bias',
    'heads.1.weight',
    'heads.1.bias',
  ])
  const seen: string[] = []
  net.apply((module) => void seen.push(module.constructor.name))
  expect(seen).toEqual(['Linear', 'Tanh', 'Sequential', 'Linear', 'Linear', 'ModuleList', 'Net'])
})
