/** What PyTorch computed (makeTorchFixtures.py) against what 'tandem/torch' computes from the same numbers. */
import { readFileSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import * as torch from '../../src/lib/core/torch'
import type { Nested } from '../../src/lib/core/torch/creation'
import { expectClose, expectStatistics, type Statistics } from './comparison'

type Options = Readonly<Record<string, unknown>>
type Call = readonly [name: string, args: readonly unknown[], options: Options]
type Arrays = Readonly<Record<string, readonly number[]>>
type Constructors = Readonly<Record<string, new (...args: unknown[]) => unknown>>
type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>

interface TrainingFixture {
  readonly name: string
  readonly modules: readonly Call[]
  readonly x: Nested
  readonly integers?: number
  readonly y: Nested
  readonly loss: readonly [name: string, options: Options]
  readonly optimizer: readonly [name: string, options: Options]
  readonly groups?: readonly Options[]
  readonly scheduler?: Call
  readonly clipGradNorm?: readonly [number, Options]
  readonly clipGradValue?: readonly [number]
  readonly initial: Arrays
  readonly forward: readonly number[]
  readonly unreduced?: readonly number[]
  readonly gradients: Arrays
  readonly inputGradient?: readonly number[]
  readonly norm?: number
  readonly clipped?: Arrays
  readonly after1: Arrays
  readonly after10: Arrays
  readonly losses: readonly number[]
  readonly rates?: readonly (readonly number[])[]
  readonly evaluated: readonly number[]
}

interface FunctionFixture {
  readonly name: string
  readonly inputs: readonly Nested[]
  readonly integer: readonly boolean[]
  readonly args: readonly unknown[]
  readonly options: Options
  readonly value?: unknown
  readonly outputs?: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[]
  readonly gradients?: readonly (readonly number[] | null)[]
}

interface DrawFixture {
  readonly name: string
  /** A shape of zeros, one number everywhere, or given numbers. */
  readonly inputs: readonly (
    number[] | { readonly full: [number[], number] } | { readonly weights: number[] }
  )[]
  readonly args: readonly unknown[]
  readonly options: Options
  readonly shape: readonly number[]
  readonly statistics: Statistics
}

interface Fixtures {
  readonly training: readonly TrainingFixture[]
  readonly methods: readonly FunctionFixture[]
  readonly functions: readonly FunctionFixture[]
  readonly draws: readonly DrawFixture[]
  readonly joins: readonly FunctionFixture[]
  readonly gains: readonly {
    readonly args: readonly [Parameters<typeof torch.nn.init.calculateGain>[0], number?]
    readonly gain: number
  }[]
  readonly functionals: readonly FunctionFixture[]
  readonly initialisers: readonly {
    readonly name: string
    readonly args: readonly unknown[]
    readonly options: Options
    readonly statistics: Statistics
  }[]
  readonly defaultWeights: readonly {
    readonly module: Call
    readonly statistics: Readonly<Record<string, readonly [size: number, ...Statistics]>>
  }[]
}

const file = new URL('torchFixtures.json', import.meta.url)
const fixtures = JSON.parse(readFileSync(file, 'utf8')) as Fixtures

const steps = 10

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => torch.manualSeed(1))

const valuesOf = async (tensor: torch.Tensor) => Array.from((await tensor.toNdArray()).values)

async function expectArrays(
  actual: readonly (readonly [string, torch.Tensor])[],
  expected: Arrays,
  what: string,
) {
  expect(actual.map(([name]) => name)).toEqual(Object.keys(expected))
  for (const [name, tensor] of actual) {
    expectClose(await valuesOf(tensor), expected[name] ?? [], `${what} ${name}`)
  }
}

/** Of what a recurrent module returns, its outputs of all steps. */
class Output extends torch.nn.Module {
  forward(returned: unknown): torch.Tensor {
    return (returned as [torch.Tensor])[0]
  }
}

/** Of what a recurrent module returns, the last state of each layer. */
class LastState extends torch.nn.Module {
  forward(returned: unknown): torch.Tensor {
    const [, state] = returned as [torch.Tensor, torch.Tensor | torch.Tensor[]]
    return Array.isArray(state) ? torch.cat(state) : state
  }
}

/** The outputs of a cell at all steps of [batch, time, features]. */
class OverTime extends torch.nn.Module {
  readonly cell: torch.nn.Module<torch.Tensor | [hidden: torch.Tensor, cell: torch.Tensor]>

  constructor(...[name, ...args]: unknown[]) {
    super()
    this.cell = make(torch.nn, String(name), args, {})
  }

  forward(x: torch.Tensor): torch.Tensor {
    const outputs: torch.Tensor[] = []
    let state: torch.Tensor | [hidden: torch.Tensor, cell: torch.Tensor] | undefined
    for (const step of x.unbind(1)) {
      state = this.cell.forward(step, state)
      outputs.push(Array.isArray(state) ? state[0] : state)
    }
    return torch.stack(outputs, 1)
  }
}

const ownModules: Constructors = { Output, LastState, OverTime }

function make<T>(namespace: object, name: string, args: readonly unknown[], options: Options): T {
  const constructor = ownModules[name] ?? (namespace as Constructors)[name]
  if (!constructor) throw new Error(`the fixtures name ${name}, which is not there`)
  const given = Object.entries(options).map(([key, value]) => [
    key,
    key === 'weight' || key === 'posWeight' ? torch.tensor(value as Nested) : value,
  ])
  const last: unknown[] = given.length > 0 ? [Object.fromEntries(given)] : []
  return new constructor(...args, ...last) as T
}

const isTruth = (data: unknown): boolean =>
  Array.isArray(data) ? isTruth(data[0]) : typeof data === 'boolean'

function tensorOf(data: Nested, isInteger: boolean, requiresGrad = false): torch.Tensor {
  if (isTruth(data)) return torch.tensor(data, { dtype: 'bool' })
  return torch.tensor(data, { dtype: isInteger ? 'int32' : 'float32', requiresGrad })
}

function modelOf(fixture: TrainingFixture): torch.nn.Sequential {
  const modules = fixture.modules.map(([name, args, options]) =>
    make<torch.nn.Module>(torch.nn, name, args, options),
  )
  const model = new torch.nn.Sequential(...modules)
  const state = model.stateDict()
  expect(Object.keys(state)).toEqual(Object.keys(fixture.initial))
  model.loadStateDict(
    Object.fromEntries(
      Object.entries(state).map(([name, { shape }]) => {
        const values = Float32Array.from(fixture.initial[name] ?? [])
        return [name, { values, shape, dtype: 'float32' as const }]
      }),
    ),
  )
  return model
}

function optimizerOf({ optimizer: [name, options], groups }: TrainingFixture, model: torch.nn.Module) {
  const parameters = model.parameters()
  const given = groups ? parameters.map((params, index) => ({ params, ...groups[index] })) : parameters
  return make<torch.optim.Optimizer>(torch.optim, name, [given], options)
}

type Scheduler = torch.lrScheduler.ReduceLROnPlateau | torch.lrScheduler.StepLR

function schedulerOf({ scheduler }: TrainingFixture, optimizer: torch.optim.Optimizer): Scheduler | null {
  if (!scheduler) return null
  const [name, args, options] = scheduler
  // A function of the program, by epoch.
  const given = args.map((arg) => {
    const { factors } = arg as { readonly factors?: readonly number[] }
    return factors ? (epoch: number) => factors[epoch] : arg
  })
  return make<Scheduler>(torch.lrScheduler, name, [optimizer, ...given], options)
}

const gradientsOf = (model: torch.nn.Module) =>
  model.namedParameters().map(([name, { grad }]) => [name, grad ?? torch.zeros(0)] as const)

async function clip(fixture: TrainingFixture, model: torch.nn.Module, isFirst: boolean): Promise<void> {
  const { clipGradNorm, clipGradValue, norm, clipped } = fixture
  if (clipGradNorm) {
    const [maxNorm, { normType }] = clipGradNorm
    const options = normType === undefined ? {} : { normType: Number(normType) }
    const before = torch.nn.utils.clipGradNorm(model.parameters(), maxNorm, options)
    if (isFirst) expectClose([await before.item()], [norm ?? NaN], 'norm')
  }
  if (clipGradValue) torch.nn.utils.clipGradValue(model.parameters(), ...clipGradValue)
  if (isFirst && clipped) await expectArrays(gradientsOf(model), clipped, 'clipped')
}

describe('forward, loss, gradients, and weights after 1 and 10 steps', () => {
  it.each(fixtures.training)('$name', async (fixture) => {
    const model = modelOf(fixture)
    const [lossName, lossOptions] = fixture.loss
    const criterion = make<torch.nn.Module>(torch.nn, lossName, [], lossOptions)
    const optimizer = optimizerOf(fixture, model)
    const scheduler = schedulerOf(fixture, optimizer)
    const isInteger = fixture.integers !== undefined
    const x = tensorOf(fixture.x, isInteger, !isInteger)
    const isIndex = (values: Nested): boolean =>
      Array.isArray(values) ? values.every(isIndex) : Number.isInteger(values)
    const isClass = ['CrossEntropyLoss', 'NLLLoss'].includes(lossName) && isIndex(fixture.y)
    const y = tensorOf(fixture.y, isClass)
    const losses: number[] = []
    const rates = [scheduler?.getLastLr() ?? []]
    for (let step = 1; step <= steps; step++) {
      optimizer.zeroGrad()
      const output = model.forward(x)
      const loss = criterion.forward(output, y)
      loss.backward()
      losses.push(await loss.item())
      if (step === 1) {
        expectClose(await valuesOf(output), fixture.forward, 'forward')
        if (fixture.unreduced) {
          const each = make<torch.nn.Module>(torch.nn, lossName, [], { ...lossOptions, reduction: 'none' })
          expectClose(await valuesOf(each.forward(output, y)), fixture.unreduced, 'unreduced')
        }
        await expectArrays(gradientsOf(model), fixture.gradients, 'gradient')
        if (x.grad) expectClose(await valuesOf(x.grad), fixture.inputGradient ?? [], 'gradient of the input')
      }
      await clip(fixture, model, step === 1)
      optimizer.step()
      if (scheduler instanceof torch.lrScheduler.ReduceLROnPlateau) scheduler.step(losses.at(-1) ?? NaN)
      else scheduler?.step()
      if (scheduler) rates.push(scheduler.getLastLr())
      if (step === 1) await expectArrays(Object.entries(model.stateDict()), fixture.after1, 'step 1:')
    }
    await expectArrays(Object.entries(model.stateDict()), fixture.after10, 'step 10:')
    expectClose(losses, fixture.losses, 'losses')
    if (fixture.rates) expectClose(rates.flat(), fixture.rates.flat(), 'learning rates')
    expectClose(await valuesOf(model.eval().forward(x)), fixture.evaluated, 'evaluated')
  })
})

function tensorsIn(value: unknown): torch.Tensor[] {
  if (value instanceof torch.Tensor) return [value]
  const isMany = typeof value === 'object' && value !== null && Symbol.iterator in value
  return isMany ? [...(value as Iterable<unknown>)].flatMap(tensorsIn) : []
}

async function expectFunction(
  fixture: FunctionFixture,
  run: (inputs: torch.Tensor[]) => unknown,
): Promise<void> {
  const inputs = fixture.inputs.map((data, index) => {
    const isInteger = fixture.integer[index] ?? false
    return tensorOf(data, isInteger, !isInteger)
  })
  const returned = await run(inputs)
  if (!fixture.outputs) {
    expect(returned).toEqual(fixture.value)
    return
  }
  const outputs = tensorsIn(returned)
  expect(outputs.map(({ shape }) => shape)).toEqual(fixture.outputs.map(({ shape }) => shape))
  for (const [index, output] of outputs.entries()) {
    expectClose(await valuesOf(output), fixture.outputs[index]?.values ?? [], `output ${index}`)
  }
  if (!fixture.gradients) return
  const weighted = outputs
    .filter(({ requiresGrad }) => requiresGrad)
    .map((output) =>
      output
        .mul(
          torch
            .arange(1, output.numel() + 1)
            .float()
            .view(output.shape),
        )
        .sum(),
    )
  weighted.reduce((a, b) => a.add(b)).backward()
  const sources = inputs.filter(({ requiresGrad }) => requiresGrad)
  for (const [index, source] of sources.entries()) {
    const expected = fixture.gradients[index]
    if (expected) expectClose(source.grad ? await valuesOf(source.grad) : [], expected, `gradient ${index}`)
  }
}

const trailing = (options: Options) => (Object.keys(options).length > 0 ? [options] : [])

const shapeOf = (data: Nested): number[] =>
  Array.isArray(data) ? [data.length, ...shapeOf((data as readonly Nested[])[0] ?? 0)] : []

const describeCall = ({ name, inputs, args, options }: FunctionFixture) => {
  const shapes = inputs.map((data) => `[${shapeOf(data).join(', ')}]`)
  return `${name}(${[...shapes, ...[...args, ...trailing(options)].map((arg) => JSON.stringify(arg))].join(', ')})`
}

const called = (list: readonly FunctionFixture[]) =>
  list.map((fixture) => [describeCall(fixture), fixture] as const)

describe('tensor methods', () => {
  it.each(called(fixtures.methods))('%s', async (_, fixture) => {
    const { name, args, options } = fixture
    await expectFunction(fixture, ([first, ...others]) => {
      const method = (first as unknown as Functions)[name]
      const axis = name === 'indexSelect' ? [1] : name === 'gather' ? args : []
      const rest = [...others, ...args, ...trailing(options)]
      return method?.apply(first, axis.length > 0 ? [...axis, ...others] : rest)
    })
  })
})

describe('functions of the module', () => {
  it.each(called(fixtures.functions))('%s', async (_, fixture) => {
    const { name, args, options } = fixture
    await expectFunction(fixture, (inputs) =>
      (torch as unknown as Functions)[name]?.(...inputs, ...args, ...trailing(options)),
    )
  })
})

describe('random tensors, by the statistics of many draws', () => {
  const named = fixtures.draws.map((each) => [JSON.stringify([each.name, ...each.args]), each] as const)
  it.each(named)('%s', async (what, { name, inputs, args, options, shape, statistics }) => {
    const given = inputs.map((each) => {
      if (Array.isArray(each)) return torch.zeros(...each)
      return 'full' in each ? torch.full(...each.full) : torch.tensor(each.weights)
    })
    const drawn = (torch as unknown as Functions)[name]?.(...given, ...args, ...trailing(options))
    expect((drawn as torch.Tensor).shape).toEqual(shape)
    expectStatistics(await valuesOf(drawn as torch.Tensor), statistics, what)
  })
})

it.each(fixtures.gains)('nn.init.calculateGain($args) is $gain', ({ args, gain }) => {
  expectClose([torch.nn.init.calculateGain(...args)], [gain], 'gain')
})

describe('functions of lists of tensors', () => {
  it.each(called(fixtures.joins))('%s', async (_, fixture) => {
    const { name, args, options } = fixture
    await expectFunction(fixture, (inputs) =>
      (torch as unknown as Functions)[name]?.(inputs, ...args, ...trailing(options)),
    )
  })
})

describe('nn.functional', () => {
  it.each(called(fixtures.functionals))('%s', async (_, fixture) => {
    const { name, args, options } = fixture
    const { layerNorm } = torch.nn.functional
    await expectFunction(fixture, (inputs) => {
      const [input, weight, bias] = inputs
      if (name === 'layerNorm' && input && weight && bias) return layerNorm(input, [4], { weight, bias })
      return (torch.nn.functional as unknown as Functions)[name]?.(...inputs, ...args, ...trailing(options))
    })
  })
})

describe('nn.init, by the statistics of many draws', () => {
  const named = fixtures.initialisers.map((each) => {
    const args = [...each.args, ...trailing(each.options)].map((arg) => JSON.stringify(arg))
    return [`${each.name}(${args.join(', ')})`, each] as const
  })
  it.each(named)('%s', async (what, { name, args, options, statistics }) => {
    const weight = new torch.nn.Parameter(torch.zeros(150, 400))
    ;(torch.nn.init as unknown as Functions)[name]?.(weight, ...args, ...trailing(options))
    expectStatistics(await valuesOf(weight), statistics, what)
  })
})

describe('weights that layers start with, by the statistics of many draws', () => {
  it.each(fixtures.defaultWeights)('$module.0', async ({ module: [name, args, options], statistics }) => {
    const module = make<torch.nn.Module>(torch.nn, name, args, options)
    const state = Object.entries(module.stateDict())
    expect(state.map(([key]) => key)).toEqual(Object.keys(statistics))
    for (const [key, tensor] of state) {
      const [size, ...expected] = statistics[key] ?? [0, 0, 0, 0, 0]
      expect(tensor.numel()).toBe(size)
      expectStatistics(await valuesOf(tensor), expected, key)
    }
  })
})
