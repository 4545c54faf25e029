import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { engineCounts, memoryInUse } from '../eager/counters'
import { MemoryScope } from '../eager/memoryScope'
import { Session, setCurrentSession } from '../session/session'
import { ArgumentError, TracedValueError } from '../util/errors'
import { compile, manualSeed, nn, noGrad, ones, optim, tensor, type Tensor } from './index'

let session: Session
let scope: MemoryScope

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  scope = new MemoryScope('test')
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
  scope.close()
})

function batch(index: number, size = 4): [Tensor, Tensor] {
  const x = Float32Array.from({ length: 2 * size }, (_, i) => Math.sin(3 * i + index))
  const y = Float32Array.from({ length: size }, (_, i) => (i + index) % 2)
  return [
    tensor({ values: x, shape: [size, 2], dtype: 'float32' }),
    tensor({ values: y, shape: [size, 1], dtype: 'float32' }),
  ]
}

type Wrap = (model: nn.Module) => nn.Module
const wraps: readonly (readonly [string, Wrap])[] = [
  ['eager', (model) => model],
  ['compiled', (model) => compile(model)],
]

function makeModel() {
  manualSeed(7)
  return new nn.Sequential(
    new nn.Linear(2, 6),
    new nn.BatchNorm1d(6),
    new nn.Tanh(),
    new nn.Dropout(0.25),
    new nn.Linear(6, 1),
  )
}

/** Losses, weights and buffers of an ordinary loop, with validation and a last batch of another size. */
async function trained(wrap: Wrap) {
  const model = makeModel()
  const fast = wrap(model)
  const criterion = new nn.BCEWithLogitsLoss()
  const optimizer = new optim.Adam(fast.parameters(), { lr: 0.05 })
  const losses: number[] = []
  for (const index of [0, 1, 2, 3, 4, 5]) {
    fast.train()
    optimizer.zeroGrad()
    const [x, y] = batch(index, index % 3 === 2 ? 3 : 4)
    const loss = criterion.forward(fast.forward(x), y)
    loss.backward()
    optimizer.step()
    losses.push(await loss.item())
    fast.eval()
    const [testX, testY] = batch(10 + index)
    losses.push(await noGrad(() => criterion.forward(fast.forward(testX), testY)).item())
  }
  const { weights } = await model.weights()
  return { losses, weights: weights.flatMap(({ values }) => [...values]) }
}

function expectEqual(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index] ?? NaN, 6)
}

describe('a compiled module', () => {
  it('trains in an ordinary loop as the module itself: dropout, batch norm, validation, a smaller batch', async () => {
    const expected = await trained((model) => model)
    const actual = await trained((model) => compile(model))
    expectEqual(actual.losses, expected.losses)
    expectEqual(actual.weights, expected.weights)
    // Training with 4 and 3 rows, and validation.
    expect(session.signatures().map(({ signature, hits }) => [signature, hits])).toEqual([
      ['float32[4, 2], "tensor"', 3],
      ['float32[4, 2], "tensor", "noGrad"', 5],
      ['float32[3, 2], "tensor"', 1],
    ])
  })

  it('may be called several times in a step, and be a part of a larger model', async () => {
    const outcomes: number[][] = []
    for (const [, wrap] of wraps) {
      manualSeed(3)
      const before = new nn.Linear(2, 3)
      const inner = new nn.Sequential(new nn.Linear(3, 3), new nn.Sigmoid())
      const fast = wrap(inner)
      const [x] = batch(1)
      const h = before.forward(x)
      const loss = fast.forward(fast.forward(h).add(h)).pow(2).mean().add(fast.forward(h).sum())
      loss.backward()
      const gradients: number[] = [await loss.item()]
      for (const parameter of [...before.parameters(), ...inner.parameters()])
        gradients.push(...((await (parameter.grad as Tensor).flatten().tolist()) as number[]))
      outcomes.push(gradients)
    }
    expectEqual(outcomes[1] ?? [], outcomes[0] ?? [NaN])
  })

  it('gives gradients of inputs, and keeps them for a second backward where that is asked for', async () => {
    const layer = new nn.Linear(2, 1)
    const fast = compile(layer)
    const x = tensor([[1, 2]], { requiresGrad: true })
    const loss = fast.forward(x).sum()
    loss.backward({ retainGraph: true })
    loss.backward()
    const weight = (await layer.weight.tolist()) as number[][]
    expect(await x.grad?.tolist()).toEqual([weight[0]?.map((value) => 2 * value)])
    expect(() => loss.backward()).toThrow('got one that an earlier backward() already went through and freed')
  })

  it('gives back what the module does, such as the states of a recurrent one', async () => {
    manualSeed(5)
    const lstm = new nn.LSTM(2, 3, { batchFirst: true })
    const fast = compile(lstm)
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
    ])
    const sums: number[] = []
    for (const each of [lstm, fast]) {
      const [output, [h, c]] = each.forward(x)
      const loss = output.sum().add(h.sum()).add(c.pow(2).sum())
      for (const parameter of lstm.parameters()) parameter.grad = null
      loss.backward()
      let sum = await loss.item()
      for (const { grad } of lstm.parameters()) sum += await (grad as Tensor).abs().sum().item()
      sums.push(sum)
    }
    expect(sums[1]).toBeCloseTo(sums[0] ?? NaN, 5)
  })

  it('has the names of the state that PyTorch gives it, and the fields and methods of the module', async () => {
    class Net extends nn.Module {
      readonly linear = new nn.Linear(2, 2)
      scale = 1
      forward(x: Tensor): Tensor {
        return this.linear.forward(x).mul(this.scale)
      }
      twice(x: Tensor): Tensor {
        return this.forward(x).mul(2)
      }
    }
    const net = new Net()
    const fast = compile(net) as unknown as Net & { _orig_mod: Net }
    expect(Object.keys(fast.stateDict())).toEqual(['_orig_mod.linear.weight', '_orig_mod.linear.bias'])
    expect(String(fast)).toBe(
      'OptimizedModule(\n  (_orig_mod): Net(scale=1\n    (linear): Linear(inFeatures=2, outFeatures=2)\n  )\n)'.replace(
        'Net(scale=1\n',
        'Net(\n',
      ),
    )
    expect(fast.linear).toBe(net.linear)
    fast.scale = 3
    expect(net.scale).toBe(3)
    fast.eval()
    expect([fast.training, net.training, net.linear.training]).toEqual([false, false, false])
    const x = ones(1, 2)
    expect(await fast.twice(x).tolist()).toEqual(await net.twice(x).tolist())
    expect(() => fast.loadStateDict(net.stateDict())).toThrow('expected the keys _orig_mod.linear.weight')
    fast.loadStateDict(fast.stateDict())
  })

  it('follows frozen parameters, settings and the mode', async () => {
    const outcomes: number[][] = []
    for (const [, wrap] of wraps) {
      manualSeed(1)
      const model = makeModel()
      const fast = wrap(model)
      const found: number[] = []
      const step = async () => {
        for (const parameter of model.parameters()) parameter.grad = null
        const loss = fast.forward(batch(3)[0]).pow(2).sum()
        loss.backward()
        found.push(await loss.item())
        for (const { grad } of model.parameters()) found.push(grad ? await grad.sum().item() : NaN)
      }
      await step()
      model.parameters()[0]?.requiresGrad_(false)
      await step()
      ;(model[3] as nn.Dropout).p = 0
      await step()
      model.eval()
      await step()
      outcomes.push(found)
    }
    const [eager = [], compiled = []] = outcomes
    expect(compiled.map(Number.isNaN)).toEqual(eager.map(Number.isNaN))
    expectEqual(
      compiled.filter((value) => !Number.isNaN(value)),
      eager.filter((value) => !Number.isNaN(value)),
    )
    expect(session.signatures().map(({ retrace }) => retrace?.differences[0]?.name)).toEqual([
      undefined,
      'requiresGrad',
      '3 Dropout.p',
      '1 BatchNorm1d.training',
    ])
  })

  it('keeps no tensor of a step', () => {
    const model = makeModel()
    const fast = compile(model)
    const step = () => {
      const batchScope = new MemoryScope('batch')
      fast.forward(batch(0)[0]).sum().backward()
      // Nobody calls backward() for this one.
      fast.forward(batch(1)[0])
      noGrad(() => fast.forward(batch(2)[0]))
      for (const parameter of model.parameters()) parameter.grad = null
      batchScope.close()
    }
    step()
    const before = memoryInUse()
    for (let count = 0; count < 5; count++) step()
    expect(memoryInUse()).toEqual(before)
  })

  it('runs fewer kernels than the module', () => {
    const counted = (run: () => void) => {
      const before = engineCounts().kernels
      run()
      return engineCounts().kernels - before
    }
    const model = makeModel()
    const fast = compile(model)
    const [x] = batch(0)
    const step = (each: nn.Module) => each.forward(x).sum().backward()
    step(fast)
    expect(counted(() => step(fast))).toBeLessThan(counted(() => step(model)))
  })

  it('is part of a compiled step', async () => {
    const layer = new nn.Linear(2, 1)
    const fast = compile(layer)
    const step = compile((x: Tensor) => fast.forward(x).sum())
    const [x] = batch(0)
    expect(await step(x).item()).toBeCloseTo(await layer.forward(x).sum().item(), 5)
  })

  it('refuses what it cannot do', () => {
    expect(() => compile(new nn.Linear(1, 1), { stepsPerExecution: 10 })).toThrow(ArgumentError)
    expect(() => compile(new nn.Linear(1, 1), { stepsPerExecution: 10 })).toThrow(
      'compile: expected stepsPerExecution for a whole step, got 10 for a module, whose calls run at once.',
    )
    expect(() => compile(1 as unknown as () => Tensor)).toThrow(
      'compile: expected model to be a function or a module, got 1. Write compile((x, y) => { ... }) or compile(model).',
    )
    class Reads extends nn.Module {
      forward(x: Tensor): Tensor {
        return (x.sum() as unknown as number) > 0 ? x : x.neg()
      }
    }
    const reads = compile(new Reads())
    expect(() => reads.forward(ones(2))).toThrow(TracedValueError)
  })
})
