import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { engineCounts, memoryInUse } from '../eager/counters'
import { MemoryScope } from '../eager/memoryScope'
import { Session, setCurrentSession } from '../session/session'
import { at } from '../util/at'
import { AutogradError, ArgumentError, TracedValueError } from '../util/errors'
import { compile, manualSeed, nn, optim, type Tensor, tensor, zeros } from './index'

let session: Session

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
})

function batch(index: number, size = 4): [Tensor, Tensor] {
  const x = Float32Array.from({ length: 2 * size }, (_, i) => Math.sin(3 * i + index))
  const y = Float32Array.from({ length: size }, (_, i) => (i + index) % 2)
  return [
    tensor({ values: x, shape: [size, 2], dtype: 'float32' }),
    tensor({ values: y, shape: [size, 1], dtype: 'float32' }),
  ]
}

function makeStep() {
  manualSeed(7)
  const model = new nn.Sequential(
    new nn.Linear(2, 4),
    new nn.Tanh(),
    new nn.Dropout(0.25),
    new nn.Linear(4, 1),
  )
  const criterion = new nn.BCEWithLogitsLoss()
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
  const step = (x: Tensor, y: Tensor) => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), y)
    loss.backward()
    optimizer.step()
    return loss
  }
  return { model, optimizer, step }
}

async function losses(step: (x: Tensor, y: Tensor) => Tensor, count = 6): Promise<number[]> {
  const found: number[] = []
  for (let index = 0; index < count; index++) found.push(await step(...batch(index)).item())
  return found
}

describe('compile', () => {
  it('trains as the same function does eagerly, dropout included', async () => {
    const expected = await losses(makeStep().step)
    const { step } = makeStep()
    const actual = await losses(compile(step))
    for (const [index, loss] of actual.entries()) expect(loss).toBeCloseTo(expected[index] ?? NaN, 5)
  })

  it('runs queued steps together and gives each its own result', async () => {
    const expected = await losses(makeStep().step)
    const step = compile(makeStep().step, { stepsPerExecution: 4 })
    const items = Array.from({ length: 6 }, (_, index) => step(...batch(index)).item())
    expect(session.queuedSteps).toBe(6)
    expect(items[0]?.arrived).toBeUndefined()
    await session.settle()
    expect(session.queuedSteps).toBe(2)
    for (const [index, item] of items.entries()) expect(await item).toBeCloseTo(expected[index] ?? NaN, 5)
  })

  it('counts steps and reads the learning rate anew at each', async () => {
    const outcomes = []
    for (const wrap of [(step: (x: Tensor, y: Tensor) => Tensor) => step, compile]) {
      const { model, optimizer, step } = makeStep()
      const wrapped = wrap(step)
      await losses(wrapped, 2)
      optimizer.paramGroups[0].lr = 0.5
      await losses(wrapped, 1)
      const { weights } = await model.weights()
      outcomes.push({ ...(await optimizer.state()), weights: weights.flatMap(({ values }) => [...values]) })
    }
    const [eager, compiled] = outcomes
    expect(compiled?.iterations).toBe(3)
    expect(compiled?.slots).toHaveLength(eager?.slots.length ?? 0)
    for (const [index, value] of (compiled?.weights ?? []).entries()) {
      expect(value).toBeCloseTo(eager?.weights[index] ?? NaN, 4)
    }
  })

  it.each([[['both', 'one', 'both', 'one', 'both']], [['twice', 'both', 'twice', 'twice']]])(
    'counts the steps of each parameter: %s',
    async (order) => {
      const outcomes: { counts: readonly number[]; weights: readonly number[] }[] = []
      for (const wrap of [(step: (x: Tensor) => Tensor) => step, compile]) {
        manualSeed(7)
        const [first, second] = [new nn.Linear(2, 1), new nn.Linear(2, 1)]
        const optimizer = new optim.Adam([...first.parameters(), ...second.parameters()], { lr: 0.05 })
        const update = (loss: Tensor) => {
          optimizer.zeroGrad()
          loss.backward()
          optimizer.step()
          return loss
        }
        const both = (x: Tensor) => update(first.forward(second.forward(x).mul(x)).pow(2).mean())
        const one = (x: Tensor) => update(second.forward(x).pow(2).mean())
        const steps = {
          both: wrap((x: Tensor) => both(x)),
          one: wrap((x: Tensor) => one(x)),
          twice: wrap((x: Tensor) => both(x).add(one(x))),
        }
        for (const [index, name] of order.entries()) {
          const scope = new MemoryScope('test')
          await steps[name as keyof typeof steps](batch(index)[0]).item()
          scope.close()
        }
        const { steps: counts } = await optimizer.state()
        const { weights } = await new nn.Sequential(first, second).weights()
        outcomes.push({ counts, weights: weights.flatMap(({ values }) => [...values]) })
      }
      const [eager, compiled] = outcomes
      expect(compiled?.counts).toEqual(eager?.counts)
      for (const [index, value] of (compiled?.weights ?? []).entries()) {
        expect(value).toBeCloseTo(eager?.weights[index] ?? NaN, 5)
      }
    },
  )

  it('leaves gradients and memory as they were', async () => {
    const { model, step } = makeStep()
    const compiled = compile(step)
    const scope = new MemoryScope('test')
    await losses(compiled, 1)
    scope.close()
    const before = memoryInUse()
    const again = new MemoryScope('test')
    await losses(compiled, 3)
    again.close()
    expect(memoryInUse()).toEqual(before)
    expect(model.parameters().map(({ grad }) => grad)).toEqual([null, null, null, null])
  })

  it('sets the mode of modules at every call, whatever it was before', async () => {
    const dropout = new nn.Dropout(0.999)
    const [x] = batch(0)
    const train = compile((input: Tensor) => {
      dropout.train()
      return dropout.forward(input).abs().sum()
    })
    const evaluate = compile((input: Tensor) => {
      dropout.eval()
      return dropout.forward(input).abs().sum()
    })
    const sums: number[] = []
    for (let epoch = 0; epoch < 3; epoch++) {
      sums.push(await train(x).item())
      expect(dropout.training).toBe(true)
      sums.push(await evaluate(x).item())
      expect(dropout.training).toBe(false)
    }
    const whole = await x.abs().sum().item()
    for (const [index, sum] of sums.entries()) expect(sum).toBeCloseTo(index % 2 === 0 ? 0 : whole, 5)
    expect(session.signatures().map(({ hits }) => hits)).toEqual([2, 2])
  })

  it('makes a graph for each mode that it finds modules in', async () => {
    const dropout = new nn.Dropout(0.999)
    const [x] = batch(0)
    const drop = compile((input: Tensor) => dropout.forward(input).abs().sum())
    for (const isTraining of [true, false, true, false]) {
      dropout.train(isTraining)
      expect((await drop(x).item()) > 0).toBe(!isTraining)
    }
    expect(session.signatures().map(({ hits }) => hits)).toEqual([1, 1])
  })

  it('runs no kernel in replay', async () => {
    const step = compile(makeStep().step)
    await losses(step, 1)
    const before = engineCounts()
    await losses(step, 3)
    expect(engineCounts()).toEqual(before)
  })

  it('makes a graph for every number that is passed', async () => {
    const scaled = compile((x: Tensor, factor: number) => x.mul(factor).sum())
    const [x] = batch(0)
    const [one, two, again] = [scaled(x, 1), scaled(x, 2), scaled(x, 1)]
    expect(await two.item()).toBeCloseTo(2 * (await one.item()), 5)
    expect(await again.item()).toBe(await one.item())
    expect(session.signatures().map(({ signature, hits }) => [signature, hits])).toEqual([
      ['float32[4, 2], "tensor", 1', 1],
      ['float32[4, 2], "tensor", 2', 0],
    ])
  })

  it('takes tensors inside of arrays and objects as inputs too', async () => {
    const weighted = compile(([x]: readonly [Tensor], { y, scale }: { y: Tensor; scale: number }) =>
      x.mean().add(y.mean().mul(scale)),
    )
    const expected: number[] = []
    const actual: number[] = []
    for (const index of [0, 1, 2]) {
      const [x, y] = batch(index)
      expected.push((await x.mean().item()) + 10 * (await y.mean().item()))
      actual.push(await weighted([x], { y, scale: 10 }).item())
    }
    for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index] ?? NaN, 5)
    expect(session.signatures().map(({ signature, hits }) => [signature, hits])).toEqual([
      ['float32[4, 2], float32[4, 1], ["tensor"], {y: "tensor", scale: 10}', 2],
    ])
  })

  it('tells objects and functions apart by which they are, and numbers by their values', async () => {
    const apply = compile((x: Tensor, change: unknown) =>
      typeof change === 'function' ? (change as (x: Tensor) => Tensor)(x).sum() : x.sum(),
    )
    const times = (factor: number) => (x: Tensor) => x.mul(factor)
    const [x] = batch(0)
    const [double, triple] = [times(2), times(3)]
    const sum = await x.sum().item()
    expect(await apply(x, double).item()).toBeCloseTo(2 * sum, 5)
    expect(await apply(x, triple).item()).toBeCloseTo(3 * sum, 5)
    expect(await apply(x, double).item()).toBeCloseTo(2 * sum, 5)
    for (const other of [NaN, Infinity, null, undefined, -0, 0, 1n, new Map(), new Map()]) apply(x, other)
    expect(session.signatures()).toHaveLength(2 + 9)
  })

  it('is traced again for a parameter that is frozen meanwhile, and not for a learning rate', async () => {
    const layer = new nn.Linear(1, 1)
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 })
    const scheduler = new optim.lrScheduler.ExponentialLR(optimizer, 0.5)
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad()
      const loss = layer.forward(x).pow(2).mean()
      loss.backward()
      optimizer.step()
      scheduler.step()
      return loss
    })
    const x = tensor([[2]])
    for (let count = 0; count < 3; count++) await step(x).item()
    expect(session.signatures()).toHaveLength(1)
    expect(optimizer.paramGroups[0].lr).toBeCloseTo(0.0125, 8)
    layer.weight.requiresGrad = false
    const before = await layer.weight.item()
    await step(x).item()
    expect(session.signatures()).toHaveLength(2)
    expect(await layer.weight.item()).toBe(before)
  })

  it('refuses what belongs to a module as an argument', () => {
    const { model } = makeStep()
    const sum = compile((x: Tensor) => x.sum())
    const [weight] = model.parameters()
    expect(() => sum(weight as Tensor)).toThrow(
      'expected arguments that are data, got a tensor that requires grad',
    )
    expect(() => sum(new nn.Buffer(zeros(2)))).toThrow(
      'expected arguments that are data, got a buffer. Use parameters and buffers inside the function.',
    )
  })

  it('takes objects of classes as they are at each call', async () => {
    class Setting {
      scale = 1
      more = { power: [1] }
    }
    const [setting, map, list] = [new Setting(), new Map([['scale', 1]]), Float32Array.of(1)]
    const scaled = compile((x: Tensor, by: Setting, more: Map<string, number>, last: Float32Array) =>
      x
        .mul(by.scale)
        .pow(at(by.more.power, 0))
        .mul(more.get('scale') ?? 0)
        .mul(last[0] ?? 0),
    )
    const value = async () => scaled(tensor([1]), setting, map, list).item()
    expect(await value()).toBe(1)
    setting.scale = 2
    expect(await value()).toBe(2)
    map.set('scale', 3)
    expect(await value()).toBe(6)
    setting.more.power[0] = 2
    expect(await value()).toBe(12)
    list[0] = 5
    expect(await value()).toBe(60)
    list[0] = 1
    expect(await value()).toBe(12)
    expect(await scaled(tensor([1]), new Setting(), map, list).item()).toBe(3)
  })

  it('gives back arrays and objects of tensors', async () => {
    const both = compile((x: Tensor) => ({ sum: x.sum(), parts: [x.mean(), x.max()] }))
    const { sum, parts } = both(batch(0)[0])
    const mean = parts[0] as Tensor
    expect(await sum.item()).toBeCloseTo(8 * (await mean.item()), 5)
  })

  it('fails at trace time where the function reads a value, also when it awaits it', () => {
    const [x] = batch(0)
    const reads = compile((input: Tensor) => {
      if ((input.sum() as unknown as number) > 0) return input.sum()
      return input.mean()
    })
    expect(() => reads(x)).toThrow(TracedValueError)
    const awaits = compile((async (input: Tensor) => {
      if ((await input.sum().item()) > 0) return input.sum()
      return input.mean()
    }) as unknown as (input: Tensor) => Tensor)
    expect(() => awaits(x)).toThrow(TracedValueError)
  })

  it('fails at trace time where the function reads a parameter, which a trace would freeze', () => {
    const { model } = makeStep()
    const reads = compile((x: Tensor) => {
      void model.parameters()[0]?.tolist()
      return model.forward(x).sum()
    })
    expect(() => reads(batch(0)[0])).toThrow(TracedValueError)
  })

  it('fails before any step on shapes that do not fit', () => {
    const { model } = makeStep()
    const step = compile((x: Tensor) => model.forward(x.reshape(2, 4)))
    expect(() => step(batch(0)[0])).toThrow('Linear: expected input [..., 2], got [2, 4]')
    expect(session.queuedSteps).toBe(0)
  })

  it('prints once, symbolic, what every eager step prints', async () => {
    const print = vi.fn<(text: string) => void>()
    const step = compile((x: Tensor) => {
      print(String(x.sum()))
      return x.sum()
    })
    for (let index = 0; index < 3; index++) await step(batch(index)[0]).item()
    expect(print.mock.calls).toEqual([['tensor(symbolic, shape=[], float32)']])
  })

  it('leaves no graph behind that later steps would find', async () => {
    const { model, step } = makeStep()
    const scope = new MemoryScope('run', { isLong: true })
    try {
      const validate = compile((x: Tensor) => model.forward(x))
      await validate(batch(0)[0]).tolist()
      expect(await losses(step)).toHaveLength(6)
    } finally {
      scope.close()
    }
  })

  it('wants zeroGrad inside, since gradients do not outlive the function', () => {
    const { model } = makeStep()
    const step = compile((x: Tensor) => {
      const loss = model.forward(x).sum()
      loss.backward()
      return loss
    })
    expect(() => step(batch(0)[0])).toThrow(AutogradError)
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true)
  })

  it('says what it takes and what it gives', () => {
    const [x] = batch(0)
    expect(() => compile(3 as unknown as () => Tensor)).toThrow(
      'compile: expected model to be a function or a module, got 3. Write compile((x, y) => { ... }) or compile(model).',
    )
    expect(() => compile(() => x, { stepsPerExecution: 0 })).toThrow(
      'compile: expected stepsPerExecution to be a whole number of at least 1, got 0.',
    )
    expect(() => compile((() => 3) as unknown as () => Tensor, { name: 'three' })()).toThrow(
      'three: expected a tensor, or an array or object of tensors, to be returned, got a number.',
    )
    const result = compile((input: Tensor) => input.sum(), { stepsPerExecution: 9 })(x)
    expect(() => result.add(1)).toThrow(ArgumentError)
    setCurrentSession(null)
    expect(() => compile((input: Tensor) => input)(x)).toThrow('compile: expected a runtime for graphs')
  })
})
