/** What the expressions of the tables call besides PyTorch's names: the same as in recordModules.py. */
import * as torch from '../../../src/lib/core/torch'
import type { Nested } from '../../../src/lib/core/torch/creation'

const { nn, optim, lrScheduler, autograd } = torch

type Tensor = torch.Tensor
type Parameters = torch.nn.Parameter[]
type Pairs = readonly (readonly [string, unknown])[]

const t = (values: Nested, options: object = {}) => torch.tensor(values, options)
const ints = (values: Nested) => torch.tensor(values, { dtype: 'int32' })

/** Numbers of both signs that differ everywhere. */
function fixed(shape: readonly number[], start = 0): Tensor {
  const count = shape.reduce((product, size) => product * size, 1)
  const values = Array.from({ length: count }, (_, index) => Math.sin(index * 1.7 + start))
  return torch.tensor(values).reshape(shape)
}

const rows = (columns = 3) => fixed([4, columns], 1)
const image = () => fixed([2, 2, 5, 6], 2)
const sequence = () => fixed([3, 4, 5], 3)

function fill<M extends torch.nn.Module<unknown>>(module: M): M {
  torch.noGrad(() => {
    for (const [index, parameter] of module.parameters().entries()) {
      parameter.copy_(fixed(parameter.shape, index + 5).mul(0.5))
    }
  })
  return module
}

const gradientsOf = (parameters: readonly Tensor[]) => parameters.map(({ grad }) => grad ?? [])

/** The output of a module whose parameters are fixed, and the gradients of its mean square. */
function run(module: torch.nn.Module<unknown>, ...inputs: Tensor[]) {
  fill(module)
  const output = module.forward(...inputs)
  let first = output
  while (Array.isArray(first)) first = first[0]
  const parameters = module.parameters()
  if (parameters.length > 0)
    (first as Tensor)
      .mul(first as Tensor)
      .mean()
      .backward()
  return [Object.keys(module.stateDict()), output, gradientsOf(parameters)]
}

/** The same after one batch of training, in evaluation. */
function evaluated(module: torch.nn.Module, x: Tensor): Tensor {
  fill(module).forward(x)
  return module.eval().forward(x)
}

function loss(criterion: torch.nn.Module, x: Tensor, y: Tensor) {
  const input = x.clone().requiresGrad_()
  const value = criterion.forward(input, y)
  value.sum().backward()
  return [value, input.grad]
}

const pair = (): Parameters => [new nn.Parameter(t([1, -2])), new nn.Parameter(t([0.5]))]
const added = (terms: readonly Tensor[]) => terms.reduce((a, b) => a.add(b))

/** Parameters after some steps down x² + sin(3x), whose gradients change sign. */
function trained(make: (parameters: Parameters) => torch.optim.Optimizer, steps = 4): Parameters {
  const parameters = pair()
  const optimizer = make(parameters)
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad()
    added(
      parameters.map((p) =>
        p
          .mul(p)
          .add(p.mul(3 + step).sin())
          .sum(),
      ),
    ).backward()
    optimizer.step()
  }
  return parameters
}

type Scheduler = torch.lrScheduler.StepLR | torch.lrScheduler.ReduceLROnPlateau

function rates(
  make: (optimizer: torch.optim.Optimizer) => Scheduler,
  epochs = 8,
  metrics?: readonly number[],
) {
  const optimizer = new optim.SGD(pair(), { lr: 1 })
  const scheduler = make(optimizer)
  const found = [scheduler.getLastLr()[0]]
  for (let epoch = 0; epoch < epochs; epoch++) {
    optimizer.step()
    if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(metrics?.[epoch] ?? NaN)
    else scheduler.step()
    found.push(scheduler.getLastLr()[0])
  }
  return found
}

/** Mean and standard deviation, rounded so that chance does not show. */
async function spread(tensor: Tensor): Promise<number[]> {
  // + 0 makes 0 of −0.
  return [Math.round(await tensor.mean().item()) + 0, Math.round(await tensor.std().item())]
}

async function between(tensor: Tensor, low: number, high: number): Promise<boolean> {
  return (await torch.logicalAnd(tensor.ge(low), tensor.le(high)).all().item()) === 1
}

function clipped(clip: (parameters: Parameters) => unknown) {
  const parameters = pair()
  added(parameters.map((p) => p.mul(p).mul(3).sum())).backward()
  const returned = clip(parameters) ?? null
  return [returned, gradientsOf(parameters)]
}

const data = (count = 10) => new torch.TensorDataset(torch.arange(count), torch.arange(count).mul(2))

async function batches(loader: torch.DataLoader): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const [x] of loader) found.push(await x.tolist())
  return found
}

const sizes = async (loader: torch.DataLoader) =>
  (await batches(loader)).map((batch) => (batch as readonly number[]).length)

async function isShuffled(loader: torch.DataLoader): Promise<boolean[]> {
  const order = (await batches(loader)).flat() as number[]
  const isInOrder = (list: readonly number[]) => list.every((value, index) => value === index)
  return [isInOrder(order.toSorted((a, b) => a - b)), isInOrder(order)]
}

const lengths = (parts: readonly { readonly length: number }[]) => parts.map(({ length }) => length)
const counted = (items: readonly unknown[]) => items.length
const required = (items: torch.nn.Module | readonly Tensor[]) =>
  (items instanceof nn.Module ? items.parameters() : items).map(({ requiresGrad }) => requiresGrad)
const keysAndValues = (state: object) => Object.values(state) as unknown[]
const keysOf = (state: object): Pairs => Object.entries(state)
const names = (pairs: Pairs) => pairs.map(([name]) => name)
const plainNet = () => new nn.Sequential(new nn.Linear(2, 3))
const net = () => fill(new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)))

function shared() {
  const layer = new nn.Linear(2, 2)
  return new nn.Sequential(layer, layer)
}

/** Buffers under two names. */
function tracked() {
  const [layer, inner] = [new nn.Identity(), new nn.Identity()]
  layer.registerBuffer('own', t([1]))
  inner.registerBuffer('mean', t([2]))
  layer.addModule('inner', inner)
  layer.addModule('again', inner)
  return layer
}

/** What two hooks make of a sum, the second one registered by the row. */
function hooked(
  register: (layer: torch.nn.Module, hook: (...given: (Tensor | undefined)[]) => Tensor) => unknown,
) {
  const layer = new nn.Identity()
  layer.registerForwardHook((_module, _inputs, output) => output.mul(2))
  register(layer, (_module, _inputs, output) => (output ?? t(0)).add(1))
  return layer.forward(t([1]))
}

function preHooked(
  register: (layer: torch.nn.Module, hook: (...given: (Tensor[] | undefined)[]) => Tensor[]) => unknown,
) {
  const layer = new nn.Identity()
  layer.registerForwardPreHook((_, [x]) => [(x as Tensor).mul(2)])
  register(layer, (_, inputs) => (inputs ?? []).map((x) => x.add(1)))
  return layer.forward(t([1]))
}

function buffered(register: (layer: torch.nn.Module) => unknown) {
  const layer = new nn.Linear(1, 1)
  register(layer)
  return Object.keys(layer.stateDict())
}

function gradientsAfter(clear: (layer: torch.nn.Module) => unknown) {
  const layer = fill(new nn.Linear(2, 1))
  layer.forward(rows(2)).sum().backward()
  clear(layer)
  return gradientsOf(layer.parameters())
}

function loaded(load: (layer: torch.nn.Module) => ReturnType<torch.nn.Module['loadStateDict']>) {
  const layer = fill(new nn.Linear(2, 1))
  const { missingKeys, unexpectedKeys } = load(layer)
  return [missingKeys, unexpectedKeys, layer.weight]
}

function applied(apply: (layer: torch.nn.Module) => unknown) {
  const layer = new nn.Sequential(new nn.Linear(1, 1))
  apply(layer)
  return [layer[0]?.training, required(layer)]
}

function closed(step: (optimizer: torch.optim.Optimizer, closure: () => Tensor) => unknown) {
  const parameters = pair()
  const optimizer = new optim.SGD(parameters, { lr: 0.1 })
  const closure = () => {
    const value = added(parameters.map((p) => p.mul(p).sum()))
    value.backward()
    return value
  }
  return [step(optimizer, closure) ?? null, parameters]
}

function differentiated(differentiate: (z: Tensor, x: Tensor, y: Tensor) => readonly (Tensor | null)[]) {
  const x = t([1, 2], { requiresGrad: true })
  const y = t([3], { requiresGrad: true })
  return differentiate(x.mul(x).sum(), x, y).map((gradient) => gradient ?? [])
}

const scaled = (value: Tensor) => value.mul(2)

const own = {
  ...{
    t,
    ints,
    fixed,
    rows,
    image,
    sequence,
    fill,
    run,
    evaluated,
    loss,
    pair,
    trained,
    rates,
    spread,
    between,
  },
  ...{
    clipped,
    data,
    batches,
    sizes,
    isShuffled,
    lengths,
    counted,
    required,
    keysAndValues,
    keysOf,
    names,
    plainNet,
  },
  ...{
    net,
    shared,
    tracked,
    hooked,
    preHooked,
    buffered,
    gradientsAfter,
    loaded,
    applied,
    closed,
    differentiated,
  },
  scaled,
}

/** All names that expressions may use. */
export const scope: Readonly<Record<string, unknown>> = {
  ...own,
  ...{ nn, optim, lrScheduler, autograd, F: nn.functional, init: nn.init, utils: nn.utils },
  ...{
    zeros: torch.zeros,
    DataLoader: torch.DataLoader,
    Subset: torch.Subset,
    randomSplit: torch.randomSplit,
  },
}

/** A result as JSON has it: tensors as nested arrays. */
export async function plain(value: unknown): Promise<unknown> {
  const settled: unknown = await value
  if (settled instanceof torch.Tensor) return plain(await settled.tolist())
  if (Array.isArray(settled)) return Promise.all(settled.map(plain))
  if (typeof settled !== 'object' || settled === null) return settled
  if (Symbol.iterator in settled) return plain([...(settled as Iterable<unknown>)])
  const entries = Object.entries(settled).map(async ([key, each]) => [key, await plain(each)] as const)
  return Object.fromEntries(await Promise.all(entries))
}
