/** `optim` of the module 'tandem/torch': PyTorch's interface over the shared update rules. */
import { Adagrad as AdagradRule } from '../optim/adagrad'
import { Adam as AdamRule, type AdamOptions as AdamRuleOptions } from '../optim/adam'
import type { Formulation, Optimizer as Rule, OptimizerState } from '../optim/optimizer'
import { Rmsprop as RmspropRule } from '../optim/rmsprop'
import { Sgd as SgdRule } from '../optim/sgd'
import type { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { Parameter } from './parameter'

interface CommonOptions {
  /** Learning rate; 0.001 when left out, 0.01 for RMSprop and Adagrad. */
  readonly lr?: number
  /** L2 penalty: weightDecay·w is added to the gradient. In AdamW decoupled: w −= lr·weightDecay·w. */
  readonly weightDecay?: number
  /** 'keras' runs the formula of Keras instead of PyTorch's. Not in PyTorch. */
  readonly formulation?: Formulation
}

export interface SGDOptions extends CommonOptions {
  readonly momentum?: number
  readonly nesterov?: boolean
}

export interface AdamOptions extends CommonOptions {
  readonly betas?: readonly [number, number]
  readonly eps?: number
}

export interface RMSpropOptions extends CommonOptions {
  /** Share of the old average of squared gradients that is kept. */
  readonly alpha?: number
  readonly eps?: number
  readonly momentum?: number
}

export interface AdagradOptions extends CommonOptions {
  /** What the sum of squared gradients starts from. */
  readonly initialAccumulatorValue?: number
  readonly eps?: number
}

/** Parameters that share a learning rate. */
export interface ParameterGroup {
  readonly params: readonly Parameter[]
  lr: number
}

/** What all optimizers share. */
export abstract class Optimizer {
  /** One group holding all parameters; setting its `lr` counts from the next step on. */
  readonly paramGroups: readonly [ParameterGroup]

  constructor(
    where: string,
    parameters: readonly Parameter[],
    private readonly rule: Rule,
  ) {
    if (parameters.length === 0) {
      throw new ArgumentError(`${where}: expected parameters, got an empty list. Pass model.parameters().`)
    }
    this.paramGroups = [
      {
        params: parameters,
        get lr() {
          return rule.learningRate
        },
        set lr(learningRate) {
          rule.learningRate = learningRate
        },
      },
    ]
  }

  get learningRate(): number {
    return this.rule.learningRate
  }

  set learningRate(learningRate: number) {
    this.rule.learningRate = learningRate
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    this.rule.applyGradients(this.paramGroups[0].params.map((parameter) => parameter.grad?.value ?? null))
  }

  /** Sets the gradients to null, so that the next backward() starts from nothing. */
  zeroGrad(): void {
    for (const parameter of this.paramGroups[0].params) parameter.grad = null
  }

  /** Momentum and moments made so far, by parameter. */
  slots(): readonly tf.Variable[] {
    return this.rule.slots()
  }

  /** A copy of the slots and the number of steps on the host; reads back from the backend. */
  state(): Promise<OptimizerState> {
    return this.rule.state()
  }

  /** Goes on from a copied state. */
  setState(state: OptimizerState): void {
    this.rule.setState(state)
  }
}

/** Stochastic gradient descent. Source: torch.optim.SGD. */
export class SGD extends Optimizer {
  constructor(parameters: Iterable<Parameter>, options: SGDOptions = {}) {
    const where = 'optim.SGD'
    assertOptions(where, options, ['lr', 'momentum', 'nesterov', 'weightDecay', 'formulation'])
    const list = listOf(where, parameters)
    const { lr = 0.001, momentum = 0, nesterov = false, weightDecay = 0, formulation = 'torch' } = options
    assertAtLeastZero(where, { lr, momentum, weightDecay })
    if (nesterov && momentum === 0) {
      throw new ArgumentError(`${where}: expected a momentum with nesterov, got none. Set momentum to 0.9.`)
    }
    const rule = { learningRate: lr, momentum, nesterov, weightDecay, formulation }
    super(where, list, new SgdRule(variablesOf(list), rule))
  }
}

/** Adam. Source: torch.optim.Adam. */
export class Adam extends Optimizer {
  constructor(parameters: Iterable<Parameter>, options: AdamOptions = {}) {
    const where = 'optim.Adam'
    const list = listOf(where, parameters)
    super(where, list, new AdamRule(variablesOf(list), adamRule(where, options, 0)))
  }
}

/** Adam with decoupled weight decay, 0.01 when left out. Source: torch.optim.AdamW. */
export class AdamW extends Optimizer {
  constructor(parameters: Iterable<Parameter>, options: AdamOptions = {}) {
    const where = 'optim.AdamW'
    const list = listOf(where, parameters)
    const rule = { ...adamRule(where, options, 0.01), decoupled: true }
    super(where, list, new AdamRule(variablesOf(list), rule))
  }
}

/** RMSprop. Source: torch.optim.RMSprop. */
export class RMSprop extends Optimizer {
  constructor(parameters: Iterable<Parameter>, options: RMSpropOptions = {}) {
    const where = 'optim.RMSprop'
    assertOptions(where, options, ['lr', 'alpha', 'eps', 'momentum', 'weightDecay', 'formulation'])
    const list = listOf(where, parameters)
    const { lr = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = options
    assertAtLeastZero(where, { lr, alpha, eps, momentum, weightDecay })
    const { formulation = 'torch' } = options
    const rule = { learningRate: lr, rho: alpha, epsilon: eps, momentum, weightDecay, formulation }
    super(where, list, new RmspropRule(variablesOf(list), rule))
  }
}

/** Adagrad. Source: torch.optim.Adagrad. */
export class Adagrad extends Optimizer {
  constructor(parameters: Iterable<Parameter>, options: AdagradOptions = {}) {
    const where = 'optim.Adagrad'
    assertOptions(where, options, ['lr', 'eps', 'initialAccumulatorValue', 'weightDecay', 'formulation'])
    const list = listOf(where, parameters)
    const { lr = 0.01, eps = 1e-10, initialAccumulatorValue = 0, weightDecay = 0 } = options
    assertAtLeastZero(where, { lr, eps, initialAccumulatorValue, weightDecay })
    const { formulation = 'torch' } = options
    const common = { learningRate: lr, epsilon: eps, weightDecay, formulation }
    const rule = { ...common, initialAccumulator: initialAccumulatorValue }
    super(where, list, new AdagradRule(variablesOf(list), rule))
  }
}

function adamRule(where: string, options: AdamOptions, defaultDecay: number): AdamRuleOptions {
  assertOptions(where, options, ['lr', 'betas', 'eps', 'weightDecay', 'formulation'])
  const { lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weightDecay = defaultDecay } = options
  const [beta1, beta2] = betas
  assertAtLeastZero(where, { lr, eps, weightDecay })
  for (const beta of [beta1, beta2]) {
    if (beta >= 0 && beta < 1) continue
    throw new ArgumentError(
      `${where}: expected betas of at least 0 and below 1, got ${beta}. Leave them out for [0.9, 0.999].`,
    )
  }
  return {
    learningRate: lr,
    beta1,
    beta2,
    epsilon: eps,
    weightDecay,
    formulation: options.formulation ?? 'torch',
  }
}

function listOf(where: string, parameters: Iterable<Parameter>): Parameter[] {
  const isIterable = typeof parameters === 'object' && Symbol.iterator in parameters
  const list: unknown[] = isIterable ? [...parameters] : []
  if (isIterable && list.every((entry) => entry instanceof Parameter)) return list
  throw new ArgumentError(
    `${where}: expected a list of parameters, got something else. Pass model.parameters().`,
  )
}

function variablesOf(parameters: readonly Parameter[]): tf.Variable[] {
  return parameters.map(({ variable }) => variable)
}

function assertOptions(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ArgumentError(
    `${where}: expected the options ${known.join(', ')}, got ${unknown}. Use PyTorch's name for it.`,
  )
}

function assertAtLeastZero(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value >= 0) continue
    throw new ArgumentError(
      `${where}: expected ${name} of at least 0, got ${value}. Use a number such as 0.01.`,
    )
  }
}
