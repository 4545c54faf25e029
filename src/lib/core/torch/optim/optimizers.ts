/** `optim` of the module 'tandem/torch': PyTorch's names and defaults for the shared update rules. */
import { Adagrad as AdagradRule } from '../../optim/adagrad'
import { Adam as AdamRule } from '../../optim/adam'
import type { Formulation } from '../../optim/optimizer'
import { Rmsprop as RmspropRule } from '../../optim/rmsprop'
import { Sgd as SgdRule } from '../../optim/sgd'
import { ArgumentError } from '../../util/errors'
import { assertAtLeastZero } from '../options'
import { Optimizer, type OptimizerSettings, type Parameters } from './optimizer'

interface CommonOptions {
  /** Learning rate; 0.001 when left out, 0.01 for RMSprop and Adagrad. */
  readonly lr?: number
  /** L2 penalty: weightDecay·w is added to the gradient. In AdamW decoupled: w −= lr·weightDecay·w. */
  readonly weightDecay?: number
  /** Go up instead of down. */
  readonly maximize?: boolean
  /** 'keras' runs the formula of Keras instead of PyTorch's. Not in PyTorch. */
  readonly formulation?: Formulation
}

const common = ['lr', 'weightDecay', 'maximize', 'formulation']

export interface SGDOptions extends CommonOptions {
  readonly momentum?: number
  /** Share of each gradient but the first that the momentum leaves out. */
  readonly dampening?: number
  readonly nesterov?: boolean
}

export interface AdamOptions extends CommonOptions {
  readonly betas?: readonly [number, number]
  readonly eps?: number
  /** Divide by the largest second moment so far. */
  readonly amsgrad?: boolean
}

export interface RMSpropOptions extends CommonOptions {
  /** Share of the old average of squared gradients that is kept. */
  readonly alpha?: number
  readonly eps?: number
  readonly momentum?: number
  /** Divide by the root of the variance of the gradients instead of by that of their squares. */
  readonly centered?: boolean
}

export interface AdagradOptions extends CommonOptions {
  /** The learning rate in step t is lr / (1 + (t − 1)·lrDecay). */
  readonly lrDecay?: number
  /** What the sum of squared gradients starts from. */
  readonly initialAccumulatorValue?: number
  readonly eps?: number
}

/** Stochastic gradient descent. Source: torch.optim.SGD. */
export class SGD extends Optimizer<SGDOptions> {
  constructor(parameters: Parameters<SGDOptions>, options: number | SGDOptions = {}) {
    const where = 'optim.SGD'
    super({
      where,
      parameters,
      options: optionsOf(options),
      known: [...common, 'momentum', 'dampening', 'nesterov'],
      defaults: { lr: 0.001, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0 },
      rule: (variables, given) => {
        const { lr = 0.001, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = given
        const { formulation = 'torch' } = given
        assertAtLeastZero(where, { lr, momentum, weightDecay })
        if (nesterov && momentum === 0) {
          throw new ArgumentError(
            `${where}: expected a momentum with nesterov, got none. Set momentum to 0.9.`,
          )
        }
        if (nesterov && dampening !== 0) {
          throw new ArgumentError(
            `${where}: expected no dampening with nesterov, got ${dampening}. Leave it out.`,
          )
        }
        const rule = { learningRate: lr, momentum, dampening, nesterov, weightDecay, formulation }
        return new SgdRule(variables, rule)
      },
    })
  }
}

/** Adam. Source: torch.optim.Adam. */
export class Adam extends Optimizer<AdamOptions> {
  constructor(parameters: Parameters<AdamOptions>, options: number | AdamOptions = {}) {
    super(adamSettings('optim.Adam', parameters, optionsOf(options), false))
  }
}

/** Adam with decoupled weight decay, 0.01 when left out. Source: torch.optim.AdamW. */
export class AdamW extends Optimizer<AdamOptions> {
  constructor(parameters: Parameters<AdamOptions>, options: number | AdamOptions = {}) {
    super(adamSettings('optim.AdamW', parameters, optionsOf(options), true))
  }
}

/** RMSprop. Source: torch.optim.RMSprop. */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(parameters: Parameters<RMSpropOptions>, options: number | RMSpropOptions = {}) {
    const where = 'optim.RMSprop'
    super({
      where,
      parameters,
      options: optionsOf(options),
      known: [...common, 'alpha', 'eps', 'momentum', 'centered'],
      defaults: { lr: 0.01, alpha: 0.99, eps: 1e-8, momentum: 0, centered: false, weightDecay: 0 },
      rule: (variables, given) => {
        const { lr = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = given
        const { centered = false, formulation = 'torch' } = given
        assertAtLeastZero(where, { lr, alpha, eps, momentum, weightDecay })
        const rule = {
          learningRate: lr,
          rho: alpha,
          epsilon: eps,
          momentum,
          centered,
          weightDecay,
          formulation,
        }
        return new RmspropRule(variables, rule)
      },
    })
  }
}

/** Adagrad. Source: torch.optim.Adagrad. */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(parameters: Parameters<AdagradOptions>, options: number | AdagradOptions = {}) {
    const where = 'optim.Adagrad'
    super({
      where,
      parameters,
      options: optionsOf(options),
      known: [...common, 'lrDecay', 'eps', 'initialAccumulatorValue'],
      defaults: { lr: 0.01, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10 },
      rule: (variables, given) => {
        const { lr = 0.01, lrDecay = 0, eps = 1e-10, initialAccumulatorValue = 0, weightDecay = 0 } = given
        assertAtLeastZero(where, { lr, lrDecay, eps, initialAccumulatorValue, weightDecay })
        return new AdagradRule(variables, {
          learningRate: lr,
          learningRateDecay: lrDecay,
          epsilon: eps,
          weightDecay,
          formulation: given.formulation ?? 'torch',
          initialAccumulator: initialAccumulatorValue,
        })
      },
    })
  }
}

/** The learning rate may be given by position, as in PyTorch. */
function optionsOf<Options extends CommonOptions>(
  given: number | Options,
): Options | { readonly lr: number } {
  return typeof given === 'number' ? { lr: given } : given
}

function adamSettings(
  where: string,
  parameters: Parameters<AdamOptions>,
  options: AdamOptions,
  decoupled: boolean,
): OptimizerSettings<AdamOptions> {
  const decay = decoupled ? 0.01 : 0
  return {
    where,
    parameters,
    options,
    known: [...common, 'betas', 'eps', 'amsgrad'],
    defaults: { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: decay, amsgrad: false },
    rule: (variables, given) => {
      const { lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weightDecay = decay, amsgrad = false } = given
      const { formulation = 'torch' } = given
      const [beta1, beta2] = betas
      assertAtLeastZero(where, { lr, eps, weightDecay })
      assertBetas(where, betas)
      const rule = { learningRate: lr, beta1, beta2, epsilon: eps, weightDecay, amsgrad, formulation }
      return new AdamRule(variables, decoupled ? { ...rule, decoupled } : rule)
    },
  }
}

function assertBetas(where: string, betas: readonly number[]): void {
  for (const beta of betas) {
    if (beta >= 0 && beta < 1) continue
    throw new ArgumentError(
      `${where}: expected betas of at least 0 and below 1, got ${beta}. Leave them out for [0.9, 0.999].`,
    )
  }
}
