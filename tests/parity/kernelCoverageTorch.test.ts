/** Whatever PyTorch-style programs can use, a trace can follow: every kernel that a training step of it dispatches has a rule. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { manualSeed, nn, ones, optim, type Tensor, tensor } from '../../src/lib/core/torch'
import * as algebra from '../../src/lib/core/torch/ops/algebra'
import * as comparing from '../../src/lib/core/torch/ops/comparing'
import * as elementwise from '../../src/lib/core/torch/ops/elementwise'
import * as inPlaceOps from '../../src/lib/core/torch/ops/inPlace'
import * as methodsOnly from '../../src/lib/core/torch/ops/methods'
import * as ordering from '../../src/lib/core/torch/ops/ordering'
import * as reducing from '../../src/lib/core/torch/ops/reducing'
import * as shaping from '../../src/lib/core/torch/ops/shaping'
import { sizeOf, type Shape } from '../../src/lib/core/util/shapes'
import { counting, withoutRule } from './kernelsWithoutRule'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  manualSeed(1)
})

const rows = (shape: Shape, below = 5): Tensor => {
  const { values } = counting(shape, below)
  return tensor(Array.from(values)).reshape(...shape)
}

/** Forward and backward through a module whose input is itself computed from a parameter. */
function through(shape: Shape, module: { forward(x: Tensor): Tensor }): void {
  const weight = new nn.Parameter(new Float32Array(sizeOf(shape)).fill(0.5), shape)
  module
    .forward(weight.mul(rows(shape)))
    .sum()
    .backward()
}

/** Two steps with an optimizer. */
function updates(make: (parameters: Iterable<nn.Parameter>) => { step(): void; zeroGrad(): void }): void {
  const layer = new nn.Linear(3, 1)
  const optimizer = make(layer.parameters())
  for (let step = 0; step < 2; step++) {
    optimizer.zeroGrad()
    layer
      .forward(rows([4, 3]))
      .sum()
      .backward()
    optimizer.step()
  }
}

/** A loss of outputs [4, 3] that were computed from a parameter. */
function loses(loss: { forward(output: Tensor, target: Tensor): Tensor }, target: Tensor): void {
  loss.forward(new nn.Linear(3, 3).forward(rows([4, 3])), target).backward()
}

/** A loss of probabilities, of what a sigmoid makes of the outputs. */
const ofSigmoid = (loss: nn.BCELoss) => ({
  forward: (output: Tensor, target: Tensor) => loss.forward(output.sigmoid(), target),
})

type TorchStep = () => void
/** What is no module. */
const notModules = [
  'Module',
  'Parameter',
  'Buffer',
  'functional',
  'init',
  'utils',
  'ModuleDict',
  'ModuleList',
  'ParameterList',
] as const
/** What is no optimizer. */
const notOptimizers = ['Optimizer', 'lrScheduler'] as const
type Named<Group> = Exclude<keyof Group, (typeof notModules)[number] | 'prototype'>

/** A recurrent layer's outputs of all steps. */
const outputsOf = (layer: nn.RNN | nn.LSTM | nn.GRU) => ({ forward: (x: Tensor) => layer.forward(x)[0] })

const torchModules: Readonly<Record<Named<typeof nn>, TorchStep>> = {
  AdaptiveAvgPool2d: () => through([2, 3, 5, 4], new nn.AdaptiveAvgPool2d([2, 2])),
  BCELoss: () => loses(ofSigmoid(new nn.BCELoss({ weight: ones(3) })), rows([4, 3], 2)),
  ELU: () => through([4, 3], new nn.ELU(0.5)),
  GRUCell: () => through([4, 3], new nn.GRUCell(3, 2)),
  LSTMCell: () => through([4, 3], { forward: (x) => new nn.LSTMCell(3, 2).forward(x)[0] }),
  RNNCell: () => through([4, 3], new nn.RNNCell(3, 2)),
  GRU: () => through([4, 2, 3], outputsOf(new nn.GRU(3, 2, { numLayers: 2, dropout: 0.5 }))),
  LSTM: () => through([4, 2, 3], outputsOf(new nn.LSTM(3, 2, { bidirectional: true }))),
  LogSoftmax: () => through([4, 3], new nn.LogSoftmax(1)),
  NLLLoss: () => loses(new nn.NLLLoss({ weight: ones(3), ignoreIndex: 1 }), rows([4], 3).long()),
  RNN: () => through([4, 2, 3], outputsOf(new nn.RNN(3, 2, { nonlinearity: 'relu' }))),
  SiLU: () => through([4, 3], new nn.SiLU()),
  Softplus: () => through([4, 3], new nn.Softplus()),
  AvgPool2d: () => through([2, 3, 7, 7], new nn.AvgPool2d(3, { stride: 2, padding: 1 })),
  BCEWithLogitsLoss: () => loses(new nn.BCEWithLogitsLoss(), rows([4, 3], 2)),
  BatchNorm1d: () => through([4, 3], new nn.BatchNorm1d(3)),
  BatchNorm2d: () => through([2, 3, 4, 4], new nn.BatchNorm2d(3)),
  AvgPool1d: () => through([2, 3, 7], new nn.AvgPool1d(3, { stride: 2, padding: 1 })),
  Conv1d: () => through([2, 3, 7], new nn.Conv1d(3, 4, 3, { stride: 2, padding: 1 })),
  MaxPool1d: () => through([2, 3, 7], new nn.MaxPool1d(3, { stride: 2, padding: 1 })),
  Conv2d: () => through([2, 3, 7, 7], new nn.Conv2d(3, 4, 3, { stride: 2, padding: 1 })),
  CrossEntropyLoss: () => loses(new nn.CrossEntropyLoss(), rows([4], 3).long()),
  Dropout: () => through([4, 3], new nn.Dropout(0.5)),
  Embedding: () =>
    new nn.Embedding(5, 3)
      .forward(rows([2, 4]).long())
      .sum()
      .backward(),
  Flatten: () => through([2, 3, 4], new nn.Flatten()),
  GELU: () => through([4, 3], new nn.GELU()),
  HuberLoss: () => loses(new nn.HuberLoss(), rows([4, 3])),
  Identity: () => through([4, 3], new nn.Identity()),
  L1Loss: () => loses(new nn.L1Loss(), rows([4, 3])),
  LayerNorm: () => through([4, 3], new nn.LayerNorm(3)),
  LeakyReLU: () => through([4, 3], new nn.LeakyReLU()),
  Linear: () => through([4, 3], new nn.Linear(3, 2)),
  MSELoss: () => loses(new nn.MSELoss(), rows([4, 3])),
  MaxPool2d: () => through([2, 3, 7, 7], new nn.MaxPool2d(3, { stride: 2, padding: 1 })),
  ReLU: () => through([4, 3], new nn.ReLU()),
  Sequential: () => through([4, 3], new nn.Sequential(new nn.Linear(3, 3), new nn.Tanh())),
  Sigmoid: () => through([4, 3], new nn.Sigmoid()),
  SmoothL1Loss: () => loses(new nn.SmoothL1Loss(), rows([4, 3])),
  Softmax: () => through([4, 3], new nn.Softmax(1)),
  Tanh: () => through([4, 3], new nn.Tanh()),
  Hardsigmoid: () => through([4, 3], new nn.Hardsigmoid()),
  Hardswish: () => through([4, 3], new nn.Hardswish()),
  Hardtanh: () => through([4, 3], new nn.Hardtanh()),
  KLDivLoss: () => loses(new nn.KLDivLoss({ reduction: 'batchmean' }), rows([4, 3], 2)),
  LogSigmoid: () => through([4, 3], new nn.LogSigmoid()),
  Mish: () => through([4, 3], new nn.Mish()),
  PReLU: () => through([4, 3], new nn.PReLU(3)),
  ReLU6: () => through([4, 3], new nn.ReLU6()),
  SELU: () => through([4, 3], new nn.SELU()),
  Softsign: () => through([4, 3], new nn.Softsign()),
  Unflatten: () => through([4, 6], new nn.Unflatten(1, [2, 3])),
}

const torchOptimizers: Readonly<
  Record<Exclude<Named<typeof optim>, (typeof notOptimizers)[number]>, TorchStep>
> = {
  Adagrad: () => updates((parameters) => new optim.Adagrad(parameters, { lr: 0.1, weightDecay: 0.1 })),
  Adam: () => updates((parameters) => new optim.Adam(parameters, { lr: 0.1, weightDecay: 0.1 })),
  AdamW: () => updates((parameters) => new optim.AdamW(parameters, { lr: 0.1 })),
  RMSprop: () => updates((parameters) => new optim.RMSprop(parameters, { lr: 0.1, momentum: 0.9 })),
  SGD: () => updates((parameters) => new optim.SGD(parameters, { lr: 0.1, momentum: 0.9, nesterov: true })),
}

const operations = [algebra, comparing, elementwise, inPlaceOps, methodsOnly, ordering, reducing, shaping]

/** What computes nothing, or what another operation does. */
const notOperations = new Set(
  'to typeAs cpu contiguous allclose equal nelement numel dim size numpy reshapeAs double'.split(' '),
)
/** No kernel of a graph sorts. */
const eagerOnly = new Set(['topk', 'sort', 'argsort'])
/** What leaves no result to look at. */
const inPlace = (name: string) => name.endsWith('_')

/** Methods of tensors with gradients, on a positive matrix [3, 2]. */
const differentiable: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  add: (x) => x.add(x).add(1),
  sub: (x) => x.sub(ones(2)),
  mul: (x) => x.mul(ones(3, 1)),
  div: (x) => x.div(x.add(1)),
  pow: (x) => x.pow(2).add(x.pow(x)),
  neg: (x) => x.neg(),
  exp: (x) => x.exp(),
  log: (x) => x.log(),
  sqrt: (x) => x.sqrt(),
  abs: (x) => x.abs(),
  relu: (x) => x.relu(),
  tanh: (x) => x.tanh(),
  sigmoid: (x) => x.sigmoid(),
  softmax: (x) => x.softmax(0),
  logSoftmax: (x) => x.logSoftmax(1),
  sum: (x) => x.sum(1).add(x.sum()),
  mean: (x) => x.mean(0, { keepdim: true }),
  max: (x) => x.max(1).values.add(x.max()),
  matmul: (x) => x.matmul(x.transpose(0, 1)),
  reshape: (x) => x.reshape(2, 3),
  view: (x) => x.view(6),
  flatten: (x) => x.flatten(),
  squeeze: (x) => x.unsqueeze(0).squeeze(0),
  unsqueeze: (x) => x.unsqueeze(1),
  permute: (x) => x.permute(1, 0),
  transpose: (x) => x.transpose(0, 1),
  float: (x) => x.float(),
  clone: (x) => x.clone(),
  rsqrt: (x) => x.rsqrt(),
  square: (x) => x.square(),
  reciprocal: (x) => x.reciprocal(),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  clamp: (x) => x.clamp(1, 2),
  logsumexp: (x) => x.logsumexp(1),
  var: (x) => x.var(0),
  std: (x) => x.std(),
  norm: (x) =>
    x
      .norm()
      .add(x.norm(1))
      .add(x.norm(3, { dim: 1 }).sum())
      .add(x.norm(Infinity)),
  min: (x) => x.min(0).values.add(x.min()).add(x.min(x)),
  maximum: (x) => x.maximum(ones(2)),
  minimum: (x) => x.minimum(x.neg()),
  cumsum: (x) => x.cumsum(0),
  mm: (x) => x.mm(x.t()),
  bmm: (x) => x.unsqueeze(0).bmm(ones(1, 2, 4)),
  t: (x) => x.t(),
  expand: (x) => x.expand(4, -1, -1),
  repeat: (x) => x.repeat(2, 1, 2),
  select: (x) => x.select(1, 0),
  narrow: (x) => x.narrow(0, 1, 2),
  unbind: (x) => x.unbind(1)[1] ?? x,
  split: (x) => x.split(2)[0] ?? x,
  chunk: (x) => x.chunk(2)[1] ?? x,
  indexSelect: (x) => x.indexSelect(1, rows([3], 2)),
  gather: (x) => x.gather(0, rows([4, 2], 3).long()),
  flip: (x) => x.flip(0),
  maskedFill: (x) => x.maskedFill(x.gt(1), 3),
  log1p: (x) => x.log1p(),
  log2: (x) => x.log2(),
  log10: (x) => x.log10(),
  expm1: (x) => x.expm1(),
  tan: (x) => x.tan(),
  erf: (x) => x.erf(),
  clip: (x) => x.clip(1, 2),
  remainder: (x) => x.remainder(2),
  floorDivide: (x) => x.floorDivide(2),
  trunc: (x) => x.trunc(),
  floor: (x) => x.floor(),
  ceil: (x) => x.ceil(),
  round: (x) => x.round(),
  sign: (x) => x.sign(),
  unflatten: (x) => x.unflatten(0, [3, 1]),
  viewAs: (x) => x.viewAs(ones(6)),
  expandAs: (x) => x.expandAs(ones(4, 3, 2)),
  T: (x) => x.T,
  mT: (x) => x.mT,
  tril: (x) => x.tril(),
  triu: (x) => x.triu(1),
  roll: (x) => x.roll(1, 0).add(x.roll(-1)),
  dot: (x) => x.flatten().dot(x.flatten()),
  outer: (x) => x.flatten().outer(ones(2)),
  mv: (x) => x.mv(ones(2)),
  prod: (x) => x.prod(1),
  addmm: (x) => x.addmm(x, ones(2, 2), { beta: 2, alpha: 3 }),
  where: (x) => x.where(x.gt(2), 1),
}

const discrete: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  gt: (x) => x.gt(1),
  ge: (x) => x.ge(x),
  lt: (x) => x.lt(1),
  le: (x) => x.le(1),
  eq: (x) => x.eq(1).float().mean(),
  ne: (x) => x.ne(1),
  argmax: (x) => x.argmax(1),
  argmin: (x) => x.argmin(),
  long: (x) => x.long(),
  int: (x) => x.int(),
  bool: (x) => x.bool(),
  all: (x) => x.gt(1).all(),
  any: (x) => x.gt(1).any(1),
  logicalNot: (x) => x.gt(1).logicalNot(),
  logicalAnd: (x) => x.gt(1).logicalAnd(x.lt(3)),
  logicalOr: (x) => x.gt(1).logicalOr(x.lt(3)),
  logicalXor: (x) => x.gt(1).logicalXor(x.lt(3)),
  isnan: (x) => x.isnan(),
  isinf: (x) => x.isinf(),
  isfinite: (x) => x.isfinite(),
  isclose: (x) => x.isclose(x),
}

describe('PyTorch style', () => {
  const modules = { ...torchModules, ...torchOptimizers }
  it.each(Object.entries(modules))('%s', async (_, step) => {
    expect(await withoutRule(step)).toEqual([])
  })

  it.each(Object.entries(differentiable))('Tensor.%s and its gradient', async (_, method) => {
    const run = () => through([3, 2], { forward: (x) => method(x.add(1)) })
    expect(await withoutRule(run)).toEqual([])
  })

  it.each(Object.entries(discrete))('Tensor.%s', async (_, method) => {
    expect(await withoutRule(() => method(rows([3, 2])))).toEqual([])
  })

  it('means every module, optimizer and method', () => {
    const named = [nn, optim].flatMap((group) => Object.keys(group))
    const others: readonly string[] = [...notModules, ...notOptimizers]
    expect(Object.keys(modules)).toEqual(
      expect.arrayContaining(named.filter((name) => !others.includes(name))),
    )
    const methods = operations
      .flatMap((module) => Object.keys(module))
      .filter((name) => !notOperations.has(name) && !eagerOnly.has(name) && !inPlace(name))
    expect(Object.keys({ ...differentiable, ...discrete })).toEqual(expect.arrayContaining(methods))
  })
})
