import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { setUpdateObserver } from '../../optim/updateObserver'
import { lrScheduler, nn, optim, tensor } from '../index'

beforeAll(() => initialiseBackend('cpu'))

const pair = () => [1, 2].map((value) => new nn.Parameter(tensor([value])))

/** Both parameters with the gradient 1. */
function backward(parameters: readonly nn.Parameter[]): void {
  for (const parameter of parameters) parameter.grad = null
  for (const parameter of parameters) parameter.sum().backward()
}

it("refuses dampening in Keras' formulation, which has none", () => {
  const make = (dampening: number) =>
    new optim.SGD(pair(), { lr: 0.1, momentum: 0.9, dampening, formulation: 'keras' })
  expect(() => make(0.5)).toThrow("optim.SGD: expected no dampening with formulation: 'keras'")
  expect(make(0).paramGroups).toHaveLength(1)
})

describe('parameter groups', () => {
  it('show their options, which can be set', async () => {
    const parameters = pair()
    const [first, second] = parameters as [nn.Parameter, nn.Parameter]
    const optimizer = new optim.SGD([{ params: [first] }, { params: second, lr: 0.5 }], { lr: 0.25 })
    expect(optimizer.paramGroups.map(({ lr, momentum }) => [lr, momentum])).toEqual([
      [0.25, 0],
      [0.5, 0],
    ])
    const [, group] = optimizer.paramGroups
    if (group) group.lr = 1
    backward(parameters)
    optimizer.step()
    expect([await first.item(), await second.item()]).toEqual([0.75, 1])
  })

  /** Four steps of an optimizer whose group is changed before the third. */
  const changed = async (
    make: (params: readonly nn.Parameter[]) => optim.Optimizer,
    change: (group: Record<string, unknown>) => void,
  ) => {
    const [weight] = pair() as [nn.Parameter, nn.Parameter]
    const optimizer = make([weight])
    for (let step = 0; step < 4; step++) {
      if (step === 2) change(optimizer.paramGroups[0])
      optimizer.zeroGrad()
      weight.pow(2).sum().backward()
      optimizer.step()
    }
    return weight.item()
  }

  // Recorded from PyTorch 2.13, from the weight 1.
  it.each<
    readonly [
      name: string,
      make: (params: readonly nn.Parameter[]) => optim.Optimizer,
      change: (group: Record<string, unknown>) => void,
      weight: number,
    ]
  >([
    ['momentum', (p) => new optim.SGD(p, 0.1, 0.9), (group) => (group['momentum'] = 0.5), 0.0274],
    ['nesterov', (p) => new optim.SGD(p, 0.1, 0.9), (group) => (group['nesterov'] = true), -0.316304],
    ['momentum from none', (p) => new optim.SGD(p, 0.1), (group) => (group['momentum'] = 0.5), 0.3456],
    ['weightDecay', (p) => new optim.AdamW(p, 0.1), (group) => (group['weightDecay'] = 0.5), 0.5296236],
    ['betas', (p) => new optim.Adam(p, 0.1), (group) => (group['betas'] = [0.5, 0.9]), 0.5737177],
    ['alpha', (p) => new optim.RMSprop(p, 0.1), (group) => (group['alpha'] = 0.5), -0.0],
    ['maximize', (p) => new optim.SGD(p, 0.1), (group) => (group['maximize'] = true), 0.9216],
  ])('count from the next step on: %s', async (_, make, change, weight) => {
    expect(await changed(make, change)).toBeCloseTo(weight, 6)
  })

  it('refuse what an optimizer cannot begin late, and names that it does not have', () => {
    const group = new optim.Adam(pair()).paramGroups[0] as unknown as Record<string, unknown>
    expect(() => (group['amsgrad'] = true)).toThrow(
      'optim.Adam: expected amsgrad to stay what it is, got true.',
    )
    expect(() => (group['betas'] = 0.9)).toThrow('optim.Adam: expected betas to be two numbers')
    expect(() => (group['learningRate'] = 0.9)).toThrow('Write lr.')
    expect(() => group['momentum']).toThrow('paramGroups[0]: expected a name that it has, got momentum.')
    expect(() => (group['params'] = [])).toThrow('Write optimizer.addParamGroup({ params })')
  })

  it('change in proportion when the page sets the learning rate', () => {
    const [first, second] = pair() as [nn.Parameter, nn.Parameter]
    const optimizer = new optim.Adam([
      { params: first, lr: 0.1 },
      { params: second, lr: 0.3 },
    ])
    optimizer.learningRate = 0.2
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.2, expect.closeTo(0.6, 12)])
    optimizer.learningRate = 0
    optimizer.learningRate = 0.5
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.5, 0.5])
  })

  it('count as one update, with the gradients of all', () => {
    const parameters = pair()
    const counts: number[] = []
    setUpdateObserver((gradients) => void counts.push(gradients.length))
    const optimizer = new optim.SGD(parameters.map((params) => ({ params })))
    backward(parameters)
    optimizer.step()
    setUpdateObserver(null)
    expect(counts).toEqual([2])
  })

  it('go on from a copied state, each with its own part', async () => {
    const run = async (
      steps: number,
      from?: Awaited<ReturnType<optim.Optimizer['state']>>,
      values = [1, 2],
    ) => {
      const parameters = values.map((value) => new nn.Parameter(tensor([value])))
      const optimizer = new optim.Adam(parameters.map((params, index) => ({ params, lr: 0.1 * (index + 1) })))
      if (from) optimizer.setState(from)
      for (let step = 0; step < steps; step++) {
        for (const parameter of parameters) parameter.grad = null
        for (const parameter of parameters) parameter.pow(2).sum().backward()
        optimizer.step()
      }
      const now = await Promise.all(parameters.map((parameter) => parameter.item()))
      return { now, state: await optimizer.state() }
    }
    const half = await run(2)
    expect(half.state.slots).toHaveLength(4)
    expect((await run(2, half.state, half.now)).now).toEqual((await run(4)).now)
  })

  it('can be added later', async () => {
    const [first, second] = pair() as [nn.Parameter, nn.Parameter]
    const optimizer = new optim.SGD([first], { lr: 1 })
    optimizer.addParamGroup({ params: second, lr: 0.5 })
    backward([first, second])
    optimizer.step()
    expect([await first.item(), await second.item()]).toEqual([0, 1.5])
    expect(() => optimizer.addParamGroup({ params: first })).toThrow(
      'optim.SGD: expected each parameter once, got one that comes twice.',
    )
  })
})

describe('schedulers', () => {
  const sgd = () => new optim.SGD(pair(), { lr: 1 })

  it('LambdaLR multiplies the first learning rate', () => {
    const optimizer = sgd()
    const scheduler = new lrScheduler.LambdaLR(optimizer, (epoch) => 1 / (epoch + 1))
    expect(optimizer.paramGroups[0].lr).toBe(1)
    scheduler.step()
    scheduler.step()
    expect(scheduler.getLastLr()).toEqual([1 / 3])
  })

  it('go on from a learning rate that was set by hand', () => {
    const optimizer = sgd()
    const scheduler = new lrScheduler.ExponentialLR(optimizer, 0.5)
    scheduler.step()
    optimizer.paramGroups[0].lr = 10
    scheduler.step()
    expect(scheduler.getLastLr()).toEqual([5])
  })

  it.each<[string, (optimizer: optim.SGD) => { step(metric?: number): void }]>([
    ['StepLR', (optimizer) => new lrScheduler.StepLR(optimizer, 3)],
    ['MultiStepLR', (optimizer) => new lrScheduler.MultiStepLR(optimizer, [2, 7])],
    ['ExponentialLR', (optimizer) => new lrScheduler.ExponentialLR(optimizer, 0.9)],
    ['LambdaLR', (optimizer) => new lrScheduler.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch))],
    ['MultiplicativeLR', (optimizer) => new lrScheduler.MultiplicativeLR(optimizer, (epoch) => 1 / epoch)],
    ['LinearLR', (optimizer) => new lrScheduler.LinearLR(optimizer, { totalIters: 8 })],
    ['ConstantLR', (optimizer) => new lrScheduler.ConstantLR(optimizer, 0.5, 7)],
    ['PolynomialLR', (optimizer) => new lrScheduler.PolynomialLR(optimizer, 9, 2)],
    ['CosineAnnealingLR', (optimizer) => new lrScheduler.CosineAnnealingLR(optimizer, 4)],
    ['WarmRestarts', (optimizer) => new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 2, 2)],
    ['Plateau', (optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1, cooldown: 2 })],
  ])('%s goes on where its optimizer was copied', async (_, make) => {
    const made = () => {
      const optimizer = sgd()
      return { optimizer, scheduler: make(optimizer) }
    }
    const [first, second] = [made(), made()]
    const step = ({ optimizer, scheduler }: typeof first) => {
      if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(1)
      else scheduler.step()
      return optimizer.paramGroups[0].lr
    }
    for (let epoch = 0; epoch < 5; epoch++) step(first)
    second.optimizer.setState(await first.optimizer.state())
    const rates = (of: typeof first) => Array.from({ length: 7 }, () => step(of))
    expect(rates(second)).toEqual(rates(first))
  })

  it('are part of optim, too', () => {
    expect(optim.lrScheduler.StepLR).toBe(lrScheduler.StepLR)
  })

  it.each<[() => unknown, string]>([
    [
      () => new lrScheduler.StepLR({}, 2),
      'StepLR: expected optimizer to be an optimizer, got {}. Pass it as the first argument.',
    ],
    [
      () => new lrScheduler.StepLR(sgd(), 0),
      'StepLR: expected stepSize to be a whole number of epochs, at least 1, got 0.',
    ],
    [
      () => new lrScheduler.ConstantLR(sgd(), 2),
      'ConstantLR: expected factor to be a number from 0 to 1, got 2.',
    ],
    [
      () => new lrScheduler.ExponentialLR(sgd(), 0),
      'ExponentialLR: expected gamma to be a number above 0, got 0.',
    ],
    [
      () => new lrScheduler.LambdaLR(sgd(), []),
      'LambdaLR: expected a function for each of the 1 groups, got 0.',
    ],
    [
      () => new lrScheduler.ReduceLROnPlateau(sgd(), { factor: 1 }),
      'ReduceLROnPlateau: expected factor to be a number below 1, got 1.',
    ],
    [
      () => new lrScheduler.ReduceLROnPlateau(sgd(), { mode: 'least' as never }),
      "ReduceLROnPlateau: expected mode to be 'min' or 'max', got least.",
    ],
    [
      () => new lrScheduler.ReduceLROnPlateau(sgd(), { minLr: [0, 0] }),
      'ReduceLROnPlateau: expected a minLr for each of the 1 groups, got 2.',
    ],
    [
      () => new lrScheduler.ReduceLROnPlateau(sgd()).step(tensor(1) as never),
      'ReduceLROnPlateau.step: expected metrics to be a number, got tensor(1). Write scheduler.step(await loss.item()).',
    ],
  ])('%#', (run, message) => {
    expect(run).toThrow(message)
  })
})
