/** `optim` of the module 'tandem/torch': PyTorch's names and defaults for the shared update rules. */
import { Adagrad as AdagradRule } from '../../optim/adagrad'
import { Adam as AdamRule } from '../../optim/adam'
import { Rmsprop as RmspropRule } from '../../optim/rmsprop'
import { Sgd as SgdRule } from '../../optim/sgd'
import type { tf } from '../../eager/tfjs'
import { flag, only, taking } from '../../util/kinds'
import { ArgumentError } from '../../util/errors'
import { parameters, type Given, type Values } from '../../util/parameters'
import { atLeastZero, formulation, forSpeed, isIterable } from '../nn/kinds'
import { Optimizer, type Params } from './optimizer'

/** What is trained: `model.parameters()`, or groups `{ params, lr }` of it. A group may have one tensor. */
const params = taking<Params>(
  'a list of parameters, or of groups { params, lr }',
  isIterable,
  'Pass model.parameters().',
)

/** What each optimizer takes of these, in its own order. */
const shared = {
  /** L2 penalty: weightDecay·w is added to the gradient. */
  weightDecay: atLeastZero.or(0),
  /** Added to what the step is divided by. */
  eps: atLeastZero.or(1e-8),
  momentum: atLeastZero.or(0),
  /** Go up instead of down. */
  maximize: flag.or(false),
  foreach: forSpeed,
  capturable: flag.or(false).unused('results are the same'),
  differentiable: only(false, 'Leave it out: steps are not recorded.'),
}

const named = {
  maximize: shared.maximize.named,
  foreach: forSpeed.named,
  capturable: shared.capturable.named,
  differentiable: shared.differentiable.named,
  fused: forSpeed.named,
}

/** 'keras' runs the formula of Keras instead of PyTorch's. Not in PyTorch. */
const ours = { formulation }

const sgdParameters = parameters('optim.SGD', {
  params,
  /** Learning rate. */
  lr: atLeastZero.or(0.001),
  /** Share of the step before that is added to each step. */
  momentum: shared.momentum,
  /** Share of each gradient but the first that the momentum leaves out. */
  dampening: taking<number>('a number', (value) => typeof value === 'number').or(0),
  weightDecay: shared.weightDecay,
  /** Nesterov's form of momentum. */
  nesterov: flag.or(false),
  maximize: named.maximize,
  foreach: named.foreach,
  differentiable: named.differentiable,
  fused: named.fused,
  ...ours,
})

/** Stochastic gradient descent. Source: torch.optim.SGD. */
export class SGD extends Optimizer<Values<typeof sgdParameters.table>> {
  constructor(...given: Given<typeof sgdParameters.table>) {
    super(sgdParameters, given, (variables, options) => {
      const { lr: learningRate, momentum, dampening, nesterov, weightDecay } = options
      assertNesterov(options)
      const { formulation: whose } = options
      if (whose === 'keras' && dampening !== 0) throw new ArgumentError(noDampening)
      const rule = { learningRate, momentum, dampening, nesterov, weightDecay, formulation: whose }
      return new SgdRule(variables, rule)
    })
  }
}

const noDampening =
  "optim.SGD: expected no dampening with formulation: 'keras', whose momentum has none. Leave one of the two out."

function assertNesterov({ nesterov, momentum, dampening }: Values<typeof sgdParameters.table>): void {
  if (nesterov && momentum === 0) {
    throw new ArgumentError('optim.SGD: expected a momentum with nesterov, got none. Set momentum to 0.9.')
  }
  if (nesterov && dampening !== 0) {
    throw new ArgumentError(`optim.SGD: expected no dampening with nesterov, got ${dampening}. Leave it out.`)
  }
}

const adamTable = {
  params,
  /** Learning rate. */
  lr: atLeastZero.or(0.001),
  /** Shares of the old averages of gradients, and of their squares, that are kept. */
  betas: taking<readonly [number, number]>(
    'two numbers of at least 0 and below 1',
    (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((beta) => typeof beta === 'number' && beta >= 0 && beta < 1),
    'Leave it out for [0.9, 0.999].',
  ).or([0.9, 0.999]),
  eps: shared.eps,
  weightDecay: shared.weightDecay,
  /** Divide by the largest second moment so far. */
  amsgrad: flag.or(false),
  foreach: named.foreach,
  maximize: named.maximize,
  capturable: named.capturable,
  differentiable: named.differentiable,
  fused: named.fused,
}

const adamParameters = parameters('optim.Adam', {
  ...adamTable,
  /** Whether weights decay by lr·weightDecay·w instead, as in AdamW. */
  decoupledWeightDecay: flag.named.or(false),
  ...ours,
})

/** Adam. Source: torch.optim.Adam. */
export class Adam extends Optimizer<Values<typeof adamParameters.table>> {
  constructor(...given: Given<typeof adamParameters.table>) {
    super(adamParameters, given, (variables, options) =>
      adamRule(variables, options, options.decoupledWeightDecay),
    )
  }
}

const adamWParameters = parameters('optim.AdamW', {
  ...adamTable,
  /** Weights decay apart from the step: w −= lr·weightDecay·w. */
  weightDecay: atLeastZero.or(0.01),
  ...ours,
})

/** Adam with decoupled weight decay. Source: torch.optim.AdamW. */
export class AdamW extends Optimizer<Values<typeof adamWParameters.table>> {
  constructor(...given: Given<typeof adamWParameters.table>) {
    super(adamWParameters, given, (variables, options) => adamRule(variables, options, true))
  }
}

function adamRule(
  variables: readonly tf.Variable[],
  options: Values<typeof adamTable & typeof ours>,
  isDecoupled: boolean,
): AdamRule {
  const { lr: learningRate, betas, eps: epsilon, weightDecay, amsgrad, formulation: whose } = options
  const [beta1, beta2] = betas
  const rule = { learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, formulation: whose }
  return new AdamRule(variables, isDecoupled ? { ...rule, decoupled: true } : rule)
}

const rmspropParameters = parameters('optim.RMSprop', {
  params,
  /** Learning rate. */
  lr: atLeastZero.or(0.01),
  /** Share of the old average of squared gradients that is kept. */
  alpha: atLeastZero.or(0.99),
  eps: shared.eps,
  weightDecay: shared.weightDecay,
  momentum: shared.momentum,
  /** Divide by the root of the variance of the gradients instead of by that of their squares. */
  centered: flag.or(false),
  capturable: shared.capturable,
  foreach: shared.foreach,
  maximize: shared.maximize,
  differentiable: shared.differentiable,
  ...ours,
})

/** RMSprop. Source: torch.optim.RMSprop. */
export class RMSprop extends Optimizer<Values<typeof rmspropParameters.table>> {
  constructor(...given: Given<typeof rmspropParameters.table>) {
    super(rmspropParameters, given, (variables, options) => {
      const { lr: learningRate, alpha: rho, eps: epsilon, momentum, centered, weightDecay } = options
      const { formulation: whose } = options
      const rule = { learningRate, rho, epsilon, momentum, centered, weightDecay, formulation: whose }
      return new RmspropRule(variables, rule)
    })
  }
}

const adagradParameters = parameters('optim.Adagrad', {
  params,
  /** Learning rate. */
  lr: atLeastZero.or(0.01),
  /** The learning rate in step t is lr / (1 + (t − 1)·lrDecay). */
  lrDecay: atLeastZero.or(0),
  weightDecay: shared.weightDecay,
  /** What the sum of squared gradients starts from. */
  initialAccumulatorValue: atLeastZero.or(0),
  eps: atLeastZero.or(1e-10),
  foreach: shared.foreach,
  maximize: named.maximize,
  differentiable: named.differentiable,
  fused: named.fused,
  ...ours,
})

/** Adagrad. Source: torch.optim.Adagrad. */
export class Adagrad extends Optimizer<Values<typeof adagradParameters.table>> {
  constructor(...given: Given<typeof adagradParameters.table>) {
    super(
      adagradParameters,
      given,
      (variables, options) =>
        new AdagradRule(variables, {
          learningRate: options.lr,
          learningRateDecay: options.lrDecay,
          epsilon: options.eps,
          weightDecay: options.weightDecay,
          formulation: options.formulation,
          initialAccumulator: options.initialAccumulatorValue,
        }),
    )
  }
}
