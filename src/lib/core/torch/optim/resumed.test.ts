/** Checkpoints of optimizer and scheduler, loaded in either order, as PyTorch 2.13 continues from them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { load, nn, ones, optim, save, type Tensor } from '../index'

beforeAll(() => initialiseBackend('cpu'))

const { lrScheduler } = optim

type Made = InstanceType<(typeof lrScheduler)[Exclude<keyof typeof lrScheduler, 'ReduceLROnPlateau'>]>

interface Resumed {
  readonly make: (optimizer: optim.SGD) => Made
  /** Rates of the first of two groups after the checkpoint. */
  readonly whole: readonly number[]
  /** What a new scheduler makes of a loaded optimizer until its first step. */
  readonly before: number
  /** Where that differs: PyTorch's LinearLR and ConstantLR apply their factor again. */
  readonly first?: readonly number[]
}

const kinds: Record<string, Resumed> = {
  StepLR: { make: (o) => new lrScheduler.StepLR(o, 2), whole: [0.001, 0.001, 0.0001], before: 0.01 },
  MultiStepLR: {
    make: (o) => new lrScheduler.MultiStepLR(o, [1, 4]),
    whole: [0.001, 0.001, 0.001],
    before: 0.01,
  },
  ExponentialLR: {
    make: (o) => new lrScheduler.ExponentialLR(o, 0.9),
    whole: [0.06561, 0.059049, 0.0531441],
    before: 0.0729,
  },
  LambdaLR: {
    make: (o) => new lrScheduler.LambdaLR(o, (epoch: number) => 0.5 ** epoch),
    whole: [0.00625, 0.003125, 0.0015625],
    before: 0.1,
  },
  LinearLR: {
    make: (o) => new lrScheduler.LinearLR(o, 0.5, 1, 10),
    whole: [0.07, 0.075, 0.08],
    before: 0.0325,
    first: [0.035, 0.0375, 0.04],
  },
  CosineAnnealingLR: {
    make: (o) => new lrScheduler.CosineAnnealingLR(o, 5),
    whole: [0.00954915, 0, 0.00954915],
    before: 0.03454915,
  },
  ConstantLR: {
    make: (o) => new lrScheduler.ConstantLR(o, 0.5, 4),
    whole: [0.1, 0.1, 0.1],
    before: 0.025,
    first: [0.05, 0.05, 0.05],
  },
  PolynomialLR: {
    make: (o) => new lrScheduler.PolynomialLR(o, 8, 2),
    whole: [0.025, 0.0140625, 0.00625],
    before: 0.0390625,
  },
  MultiplicativeLR: {
    make: (o) => new lrScheduler.MultiplicativeLR(o, () => 0.95),
    whole: [0.081450625, 0.077378094, 0.073509189],
    before: 0.0857375,
  },
  CosineAnnealingWarmRestarts: {
    make: (o) => new lrScheduler.CosineAnnealingWarmRestarts(o, 4),
    whole: [0.1, 0.085355339, 0.05],
    before: 0.1,
  },
}

function makeOptimizer(options: object = { momentum: 0.9 }): optim.SGD {
  const net = new nn.Linear(1, 1)
  return new optim.SGD([{ params: [net.weight] }, { params: [net.bias as Tensor], lr: 0.01 }], {
    lr: 0.1,
    ...options,
  })
}

const rates = (optimizer: optim.SGD) => optimizer.paramGroups.map(({ lr }) => lr)

function run(optimizer: optim.SGD, scheduler: Made): number[][] {
  return [1, 2, 3].map(() => {
    optimizer.step()
    scheduler.step()
    return rates(optimizer)
  })
}

function expectRates(found: readonly number[][], first: readonly number[]): void {
  for (const [index, [a, b]] of found.entries()) {
    expect(a).toBeCloseTo(first[index] ?? NaN, 8)
    expect(b).toBeCloseTo((first[index] ?? NaN) / 10, 8)
  }
}

it('has every scheduler', () => {
  expect(Object.keys(lrScheduler).sort()).toEqual([...Object.keys(kinds), 'ReduceLROnPlateau'].sort())
})

describe.each(Object.entries(kinds))('%s', (_, { make, whole, before, first = whole }) => {
  function checkpoint() {
    const optimizer = makeOptimizer()
    const scheduler = make(optimizer)
    run(optimizer, scheduler)
    save({ optimizer: optimizer.stateDict(), scheduler: scheduler.stateDict() }, 'checkpoint.pt')
    const lastLr = scheduler.getLastLr()
    expectRates(run(optimizer, scheduler), whole)
    return { lastLr, saved: load('checkpoint.pt') as never as { optimizer: never; scheduler: never } }
  }

  it('continues with the optimizer loaded first', () => {
    const { saved, lastLr } = checkpoint()
    const optimizer = makeOptimizer()
    optimizer.loadStateDict(saved.optimizer)
    const scheduler = make(optimizer)
    scheduler.loadStateDict(saved.scheduler)
    expect(rates(optimizer)[0]).toBeCloseTo(before, 8)
    expect(scheduler.getLastLr()).toEqual(lastLr)
    expect([...scheduler.baseLrs]).toEqual([0.1, 0.01])
    expectRates(run(optimizer, scheduler), first)
  })

  it('continues with the scheduler made first', () => {
    const { saved, lastLr } = checkpoint()
    const optimizer = makeOptimizer()
    const scheduler = make(optimizer)
    optimizer.loadStateDict(saved.optimizer)
    scheduler.loadStateDict(saved.scheduler)
    expect(rates(optimizer)).toEqual(lastLr)
    expectRates(run(optimizer, scheduler), whole)
  })
})

it('ReduceLROnPlateau continues with its counts and its options', () => {
  const optimizer = makeOptimizer()
  const scheduler = new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0 })
  for (const metric of [1, 1, 0.5]) scheduler.step(metric)
  const other = makeOptimizer()
  other.loadStateDict(optimizer.stateDict())
  const resumed = new lrScheduler.ReduceLROnPlateau(other)
  resumed.loadStateDict(scheduler.stateDict())
  expect(resumed.getLastLr()).toEqual(scheduler.getLastLr())
  for (const metric of [0.6, 0.4, 0.4]) for (const each of [scheduler, resumed]) each.step(metric)
  expect(rates(optimizer)[0]).toBeCloseTo(1e-4, 10)
  expect(rates(other)).toEqual(rates(optimizer))
})

it('the state holds what the scheduler was made with, which replaces that of another one', () => {
  const state = new lrScheduler.StepLR(makeOptimizer(), 2, 0.5).stateDict()
  expect(state).toEqual({ lastEpoch: 0, baseLrs: [0.1, 0.01], stepSize: 2, gamma: 0.5, lastLr: [0.1, 0.01] })
  const other = new lrScheduler.StepLR(makeOptimizer(), 30)
  other.loadStateDict(state)
  expect([other.stepSize, other.gamma]).toEqual([2, 0.5])
})

it('the state of another scheduler is an error', () => {
  const scheduler = new lrScheduler.StepLR(makeOptimizer(), 2)
  expect(() =>
    scheduler.loadStateDict(new lrScheduler.CosineAnnealingLR(makeOptimizer(), 5).stateDict()),
  ).toThrow(
    'StepLR.loadStateDict: expected what stateDict() of a StepLR gave, got etaMin 0. Load the state of a scheduler of the same kind.',
  )
  expect(() => scheduler.loadStateDict(undefined as never)).toThrow(
    'LRScheduler.loadStateDict: expected stateDict, got nothing. Pass a state dict.',
  )
  const ofOne = new optim.SGD([ones(1, { requiresGrad: true })])
  expect(() => scheduler.loadStateDict(new lrScheduler.StepLR(ofOne, 2).stateDict())).toThrow(
    'StepLR.loadStateDict: expected the state for 2 groups, got it for 1. Make the optimizer with the same groups first.',
  )
})

describe("an optimizer's state", () => {
  it('replaces the options of the groups', () => {
    const optimizer = makeOptimizer({ weightDecay: 0.5 })
    optimizer.loadStateDict(makeOptimizer({ momentum: 0.9, nesterov: true }).stateDict())
    const [{ momentum, nesterov, weightDecay }] = optimizer.paramGroups
    expect({ momentum, nesterov, weightDecay }).toEqual({ momentum: 0.9, nesterov: true, weightDecay: 0 })
  })

  it('trains on with the options that were loaded', async () => {
    const descend = (make: (w: Tensor) => optim.SGD) => {
      const w = ones(1, { requiresGrad: true })
      const optimizer = make(w)
      for (let step = 0; step < 2; step++) {
        optimizer.zeroGrad()
        w.square().sum().backward()
        optimizer.step()
      }
      return w.tolist()
    }
    const state = new optim.SGD([ones(1, { requiresGrad: true })], { lr: 0.1, momentum: 0.9 }).stateDict()
    const loaded = await descend((w) => {
      const optimizer = new optim.SGD([w], { lr: 1 })
      optimizer.loadStateDict(state)
      return optimizer
    })
    expect(loaded).toEqual(await descend((w) => new optim.SGD([w], { lr: 0.1, momentum: 0.9 })))
  })

  it('of another kind, or for other parameters, is an error', () => {
    const adam = new optim.Adam([
      { params: [ones(1, { requiresGrad: true })] },
      { params: [ones(1, { requiresGrad: true })] },
    ])
    expect(() => makeOptimizer().loadStateDict(adam.stateDict())).toThrow(
      'loadStateDict: expected options of optim.SGD, got betas. Load the state of an optimizer of the same kind.',
    )
    const ofTwo = new optim.SGD([ones(1, { requiresGrad: true }), ones(1, { requiresGrad: true })])
    expect(() => new optim.SGD([ones(1, { requiresGrad: true })]).loadStateDict(ofTwo.stateDict())).toThrow(
      'loadStateDict: expected the state of 1 parameters in group 0, got 2. Make the optimizer with the same parameters first.',
    )
  })
})
