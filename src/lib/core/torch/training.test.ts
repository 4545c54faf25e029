import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { batchOrder } from '../data/batches'
import type { Split } from '../data/types'
import { tf } from '../eager/tfjs'
import { setCurrentRun, StoppedError } from '../events/currentRun'
import { ArgumentError } from '../util/errors'
import { DataLoader, manualSeed, nn, noGrad, optim, tensor, type Tensor } from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

beforeEach(() => manualSeed(3))
afterEach(() => setCurrentRun(null))

/** x counts 0 … count−1, y is its double. */
function counting(count: number): Split {
  const x = Float32Array.from({ length: count }, (_, index) => index)
  const y = x.map((value) => 2 * value)
  return {
    x: { values: x, shape: [count, 1], dtype: 'float32' },
    y: { values: y, shape: [count, 1], dtype: 'float32' },
  }
}

async function collect(loader: DataLoader): Promise<number[][]> {
  const seen: number[][] = []
  for await (const [x] of loader) seen.push([...(await x.toNdArray()).values])
  return seen
}

describe('DataLoader', () => {
  it('keeps the last, partial batch, or drops it', async () => {
    const loader = new DataLoader(counting(5), { batchSize: 2 })
    expect(await collect(loader)).toEqual([[0, 1], [2, 3], [4]])
    expect(loader.length).toBe(3)
    const dropping = new DataLoader(counting(5), { batchSize: 2, dropLast: true })
    expect(await collect(dropping)).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(dropping.length).toBe(2)
  })

  it('shuffles by seed and epoch, inputs with their targets', async () => {
    const loader = new DataLoader(counting(20), { batchSize: 8, shuffle: true })
    expect((await collect(loader)).flat()).toEqual([...batchOrder(20, 3, 1)])
    expect((await collect(loader)).flat()).toEqual([...batchOrder(20, 3, 2)])
    for await (const [x, y] of loader) expect(await y.sub(x.mul(2)).abs().sum().item()).toBe(0)
  })

  it('frees each batch with what was made from it, also after break and throw', async () => {
    const w = tensor(1, { requiresGrad: true })
    const loader = new DataLoader(counting(6), { batchSize: 2 })
    const before = tf.memory().numTensors
    let kept: Tensor | undefined
    for await (const [x] of loader) kept = x.mul(w).exp().sum()
    expect(await kept?.item()).toBeCloseTo(Math.exp(4) + Math.exp(5), 2)
    for await (const [x] of loader) {
      x.mul(w)
      break
    }
    const throwing = async () => {
      for await (const [x] of loader) {
        x.mul(w)
        throw new Error('stop')
      }
    }
    await expect(throwing()).rejects.toThrow('stop')
    expect(tf.memory().numTensors).toBe(before)
  })

  it('meets the run before every batch and ends when it is stopped', async () => {
    let boundaries = 0
    setCurrentRun({
      execution: 'eager',
      lineText: '',
      batchBoundary: () => (++boundaries > 2 ? Promise.reject(new StoppedError()) : Promise.resolve(false)),
      log: () => undefined,
      print: () => undefined,
    })
    let batches = 0
    const loop = async () => {
      for await (const batch of new DataLoader(counting(6), { batchSize: 1 })) batches += batch.length / 2
    }
    await expect(loop()).rejects.toThrow(StoppedError)
    expect(batches).toBe(2)
  })

  it('refuses bad arguments', () => {
    expect(() => new DataLoader(counting(2), { batchSize: 0 })).toThrow(
      new ArgumentError(
        'DataLoader: expected batchSize to be a whole number of at least 1, got 0. Pass a number such as 8.',
      ),
    )
    expect(() => new DataLoader({ x: counting(2).x, y: counting(3).y })).toThrow(
      new ArgumentError(
        'DataLoader: expected as many targets as inputs, got 2 inputs and 3 targets. Pass both from the same split.',
      ),
    )
  })
})

const xor: Split = {
  x: { values: Float32Array.of(-1, -1, -1, 1, 1, -1, 1, 1), shape: [4, 2], dtype: 'float32' },
  y: { values: Float32Array.of(0, 1, 1, 0), shape: [4, 1], dtype: 'float32' },
}

function xorNet() {
  return new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1))
}

async function train(model: nn.Module, optimizer: optim.Optimizer, epochs: number): Promise<number[]> {
  const loader = new DataLoader(xor, { batchSize: 3, shuffle: true })
  const criterion = new nn.BCEWithLogitsLoss()
  const losses: number[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    for await (const [x, y] of loader) {
      optimizer.zeroGrad()
      const loss = criterion.forward(model.forward(x), y)
      loss.backward()
      optimizer.step()
      losses.push(await loss.item())
    }
  }
  return losses
}

describe('training', () => {
  const makers: [string, (parameters: nn.Parameter[]) => optim.Optimizer][] = [
    ['Adam', (parameters) => new optim.Adam(parameters, { lr: 0.1 })],
    ['SGD', (parameters) => new optim.SGD(parameters, { lr: 0.3, momentum: 0.9, nesterov: true })],
    ['AdamW', (parameters) => new optim.AdamW(parameters, { lr: 0.1 })],
    ['RMSprop', (parameters) => new optim.RMSprop(parameters, { lr: 0.05 })],
    ['Adagrad', (parameters) => new optim.Adagrad(parameters, { lr: 0.3 })],
  ]

  it.each(makers)('%s learns XOR', async (_, make) => {
    const model = xorNet()
    await train(model, make(model.parameters()), 60)
    let correct = 0
    model.eval()
    await noGrad(async () => {
      for await (const [x, y] of new DataLoader(xor, { batchSize: 4 })) {
        correct += await model.forward(x).gt(0).eq(y).sum().item()
      }
    })
    expect(correct).toBe(4)
  })

  it('defaults are those of PyTorch', () => {
    const g = 1e-3
    const weightAfter = (make: (parameters: nn.Parameter[]) => optim.Optimizer, gradient: number) => {
      const weight = new nn.Parameter(Float32Array.of(1), [])
      weight.mul(gradient).backward()
      make([weight]).step()
      return weight.value.dataSync()[0]
    }
    expect(weightAfter((list) => new optim.AdamW(list, { lr: 0.5 }), 0)).toBeCloseTo(1 - 0.5 * 0.01, 6)
    expect(weightAfter((list) => new optim.RMSprop(list), g)).toBeCloseTo(1 - 0.01 / (0.1 + 1e-8 / g), 6)
    expect(weightAfter((list) => new optim.Adagrad(list), g)).toBeCloseTo(1 - 0.01, 6)
  })

  it('repeats bit for bit with the same seed', async () => {
    const run = () => {
      manualSeed(5)
      const model = xorNet()
      return train(model, new optim.Adam(model.parameters()), 5)
    }
    expect(await run()).toEqual(await run())
  })

  it('leaves the number of live tensors unchanged over 200 steps', async () => {
    const model = xorNet()
    const optimizer = new optim.Adam(model.parameters())
    await train(model, optimizer, 1)
    const before = tf.memory().numTensors
    await train(model, optimizer, 100)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('changes the learning rate while it trains', async () => {
    const model = new nn.Linear(1, 1)
    const optimizer = new optim.SGD(model.parameters(), { lr: 1 })
    optimizer.learningRate = 0.5
    expect(optimizer.paramGroups[0].lr).toBe(0.5)
    optimizer.paramGroups[0].lr = 0.25
    const before = (await model.bias?.item()) ?? NaN
    model
      .forward(tensor([[1]]))
      .sum()
      .backward()
    optimizer.step()
    expect(await model.bias?.item()).toBeCloseTo(before - 0.25, 6)
  })

  it('keeps gradients after their batch, until zeroGrad', async () => {
    const model = new nn.Linear(1, 1)
    for await (const [x] of new DataLoader(counting(2), { batchSize: 1 })) model.forward(x).sum().backward()
    expect(await model.bias?.grad?.item()).toBe(2)
    new optim.SGD(model.parameters()).zeroGrad()
    expect(model.bias?.grad).toBeNull()
  })

  it('goes on from a copied state', async () => {
    const [first, second] = [xorNet(), xorNet()]
    const from = new optim.Adam(first.parameters())
    await train(first, from, 2)
    second.loadStateDict(await first.weights())
    const to = new optim.Adam(second.parameters())
    to.setState(await from.state())
    const step = (model: nn.Module, optimizer: optim.Optimizer) => {
      optimizer.zeroGrad()
      model
        .forward(tensor([[1, 2]]))
        .sum()
        .backward()
      optimizer.step()
      return model.weights()
    }
    expect(await step(second, to)).toEqual(await step(first, from))
    expect(to.slots()).toHaveLength(8)
  })
})

/** What a program in plain JavaScript may pass. */
function untyped<T>(value: unknown): T {
  return value as T
}

describe('optimizers refuse', () => {
  const parameters = () => new nn.Linear(1, 1).parameters()
  const refusals: [string, () => unknown, string][] = [
    [
      "another framework's names",
      () => new optim.Adam(parameters(), untyped({ learningRate: 0.1 })),
      'optim.Adam: expected the option lr, got learningRate. Write lr.',
    ],
    [
      'a name of Keras for RMSprop',
      () => new optim.RMSprop(parameters(), untyped({ rho: 0.9 })),
      'optim.RMSprop: expected the option alpha, got rho. Write alpha.',
    ],
    [
      'a negative accumulator',
      () => new optim.Adagrad(parameters(), { initialAccumulatorValue: -1 }),
      'optim.Adagrad: expected initialAccumulatorValue to be a number of at least 0, got -1. Use a number such as 0.01.',
    ],
    [
      'a beta of 1 for AdamW',
      () => new optim.AdamW(parameters(), { betas: [0.9, 1] }),
      'optim.AdamW: expected betas to be two numbers of at least 0 and below 1, got [0.9, 1]. Leave it out for [0.9, 0.999].',
    ],
    [
      'no parameters',
      () => new optim.SGD([]),
      'optim.SGD: expected parameters, got an empty list. Pass model.parameters().',
    ],
    [
      'a model in place of its parameters',
      () => new optim.SGD(untyped(new nn.Tanh())),
      'optim.SGD: expected params to be a list of parameters, or of groups { params, lr }, got Tanh(). Pass model.parameters().',
    ],
    [
      'a negative rate',
      () => new optim.SGD(parameters(), { lr: -1 }),
      'optim.SGD: expected lr to be a number of at least 0, got -1. Use a number such as 0.01.',
    ],
    [
      'nesterov without momentum',
      () => new optim.SGD(parameters(), { nesterov: true }),
      'optim.SGD: expected a momentum with nesterov, got none. Set momentum to 0.9.',
    ],
    [
      'nesterov with dampening',
      () => new optim.SGD(parameters(), { nesterov: true, momentum: 0.9, dampening: 0.5 }),
      'optim.SGD: expected no dampening with nesterov, got 0.5. Leave it out.',
    ],
    [
      'a group without parameters',
      () => new optim.SGD([{ params: [] }]),
      'optim.SGD: expected parameters in each group, got none. Pass { params: model.parameters() }.',
    ],
    [
      'a parameter in two groups',
      () => {
        const [params] = parameters()
        return new optim.SGD([{ params: untyped(params) }, { params: untyped(params) }])
      },
      'optim.SGD: expected each parameter once, got one that comes twice. Leave it out of one of the groups.',
    ],
    [
      'an unknown option of a group',
      () => new optim.SGD([{ params: parameters(), ...untyped<object>({ rate: 1 }) }]),
      'optim.SGD: expected the options params, lr, momentum, dampening, weightDecay, nesterov, maximize, foreach, differentiable, fused, formulation, got rate. Leave it out.',
    ],
    [
      'betas out of range',
      () => new optim.Adam(parameters(), { betas: [0.9, 1] }),
      'optim.Adam: expected betas to be two numbers of at least 0 and below 1, got [0.9, 1]. Leave it out for [0.9, 0.999].',
    ],
  ]

  it.each(refusals)('%s', (_, run, message) => {
    expect(run).toThrow(new ArgumentError(message))
  })
})
