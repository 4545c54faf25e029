/** Keras-style optimizers: Keras' names and constants on the shared update rules. */
import type { tf } from '../eager/tfjs'
import { eachStep, guard } from '../eager/tracing'
import { Adagrad as AdagradRule } from '../optim/adagrad'
import { Adam as AdamRule } from '../optim/adam'
import type { Formulation, Optimizer as UpdateRule, OptimizerState } from '../optim/optimizer'
import { Rmsprop as RmspropRule } from '../optim/rmsprop'
import { Sgd as SgdRule } from '../optim/sgd'
import { ArgumentError } from '../util/errors'
import { clipOptions, gradientClipping, type ClipGradients, type ClipOptions } from './gradientClipping'
import { assertOptions, madeByName, type Spelling } from './names'
import { LearningRateSchedule } from './schedules'
import { toVariable, type HasVariable } from './tensorLike'

/** An optimizer as `compile` takes it; it meets the weights at its first update. */
export abstract class Optimizer {
  #learningRate: number
  readonly #schedule: LearningRateSchedule | null
  readonly #clip: ClipGradients
  #rule: UpdateRule | null = null
  /** State for a rule that does not exist before the first update. */
  #restored: OptimizerState | null = null
  #variables: readonly tf.Variable[] = []

  protected constructor(where: string, options: CommonOptions, defaultRate: number) {
    const { learningRate = defaultRate } = options
    this.#schedule = learningRate instanceof LearningRateSchedule ? learningRate : null
    this.#learningRate = learningRate instanceof LearningRateSchedule ? learningRate.call(0) : learningRate
    assertNotNegative(where, 'learningRate', this.#learningRate)
    this.#clip = gradientClipping(where, options)
  }

  /** That of the next update. May be set while training, but not where a schedule gives it. */
  get learningRate(): number {
    // Keras has a variable there, so that a step follows it.
    guard('learningRate', () => this.rate)
    return this.rate
  }

  set learningRate(learningRate: number) {
    if (this.#schedule) {
      throw new ArgumentError(
        'optimizer: expected a learning rate that is a number to set it, got a schedule. Make the optimizer with a number.',
      )
    }
    assertNotNegative('optimizer', 'learningRate', learningRate)
    this.#learningRate = learningRate
    if (this.#rule) this.#rule.learningRate = learningRate
  }

  /** Whether a schedule gives the learning rate. */
  get isScheduled(): boolean {
    return this.#schedule !== null
  }

  /** Number of updates so far. */
  get iterations(): number {
    guard('iterations', () => this.#count)
    return this.#count
  }

  get #count(): number {
    return this.#rule?.iterations ?? this.#restored?.iterations ?? 0
  }

  /** The learning rate for ourselves: a rule that is made in a trace takes it as an input of the graph. */
  protected get rate(): number {
    return this.#schedule ? this.#schedule.call(this.#count) : this.#learningRate
  }

  /** One update. A gradient of null means the loss does not depend on the variable, which then stays. */
  apply(gradients: readonly (tf.Tensor | null)[], weights: readonly (tf.Variable | HasVariable)[]): void {
    const variables = weights.map(toVariable)
    if (!this.#rule) {
      this.#rule = this.createRule(variables)
      if (this.#restored) this.#rule.setState(this.#restored)
      this.#restored = null
      this.#variables = variables
    }
    if (
      variables.length !== this.#variables.length ||
      variables.some((each, index) => each !== this.#variables[index])
    ) {
      throw new ArgumentError(
        'optimizer: expected the weights it has updated before, got those of another model. Create one optimizer per model.',
      )
    }
    const rule = this.#rule
    const schedule = this.#schedule
    if (schedule) eachStep(() => (rule.learningRate = schedule.call(rule.iterations)))
    rule.applyGradients(this.#clip(gradients))
  }

  /** The same for pairs of a gradient and its weight: Keras' `apply_gradients(zip(gradients, variables))`. */
  applyGradients(
    pairs: Iterable<readonly [gradient: tf.Tensor | null, weight: tf.Variable | HasVariable]>,
  ): void {
    const list = [...pairs]
    this.apply(
      list.map(([gradient]) => gradient),
      list.map(([, weight]) => weight),
    )
  }

  /** Slots such as momenta, in a fixed order; empty before the first update. */
  slots(): readonly tf.Variable[] {
    return this.#rule?.slots() ?? []
  }

  /** A copy of iterations and slots on the host. */
  async state(): Promise<OptimizerState> {
    return this.#rule ? this.#rule.state() : (this.#restored ?? { iterations: 0, steps: [], slots: [] })
  }

  /** Goes on from a copied state. */
  setState(state: OptimizerState): void {
    if (this.#rule) this.#rule.setState(state)
    else this.#restored = state
  }

  /** Frees the slots. */
  dispose(): void {
    this.#rule?.dispose()
    this.#rule = null
    this.#restored = null
  }

  protected abstract createRule(variables: readonly tf.Variable[]): UpdateRule
}

/** A learning rate, or a schedule of it. */
type Rate = number | LearningRateSchedule

function withRate<Options extends CommonOptions>(given: Rate | Options): Options {
  const isRate = typeof given === 'number' || given instanceof LearningRateSchedule
  return isRate ? ({ learningRate: given } as Options) : given
}

interface CommonOptions extends ClipOptions {
  readonly learningRate?: number | LearningRateSchedule
  /** Decoupled, as everywhere in Keras: w −= learningRate · weightDecay · w. */
  readonly weightDecay?: number
  /** `torch` for PyTorch's update rule. */
  readonly formulation?: Formulation
}

const commonOptions = ['learningRate', 'weightDecay', 'formulation', ...clipOptions]

export interface SGDOptions extends CommonOptions {
  readonly momentum?: number
  readonly nesterov?: boolean
}

/** Source: keras.optimizers.SGD. */
export class SGD extends Optimizer {
  readonly #options: SGDOptions

  /** Takes the learning rate by position, as Keras does, or by name. */
  constructor(given: Rate | SGDOptions = {}) {
    const options = withRate(given)
    assertOptions('SGD', options, [...commonOptions, 'momentum', 'nesterov'])
    super('SGD', options, 0.01)
    assertNotNegative('SGD', 'momentum', options.momentum ?? 0)
    this.#options = options
  }

  protected override createRule(variables: readonly tf.Variable[]): UpdateRule {
    const { rate: learningRate } = this
    return new SgdRule(variables, { formulation: 'keras', ...this.#options, learningRate })
  }
}

export interface AdamOptions extends CommonOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
}

const adamOptions = [...commonOptions, 'beta1', 'beta2', 'epsilon']

/** Source: keras.optimizers.Adam. */
export class Adam extends Optimizer {
  readonly #options: AdamOptions

  /** Takes the learning rate by position, as Keras does, or by name. */
  constructor(given: Rate | AdamOptions = {}) {
    const options = withRate(given)
    assertOptions('Adam', options, adamOptions)
    super('Adam', options, 0.001)
    this.#options = options
  }

  protected override createRule(variables: readonly tf.Variable[]): UpdateRule {
    const { rate: learningRate } = this
    return new AdamRule(variables, { epsilon: 1e-7, formulation: 'keras', ...this.#options, learningRate })
  }
}

/** Adam with a weight decay of 0.004 unless told otherwise. Source: keras.optimizers.AdamW. */
export class AdamW extends Optimizer {
  readonly #options: AdamOptions

  /** Takes the learning rate by position, as Keras does, or by name. */
  constructor(given: Rate | AdamOptions = {}) {
    const options = withRate(given)
    assertOptions('AdamW', options, adamOptions)
    super('AdamW', options, 0.001)
    assertNotNegative('AdamW', 'weightDecay', options.weightDecay ?? 0)
    this.#options = options
  }

  protected override createRule(variables: readonly tf.Variable[]): UpdateRule {
    const { rate: learningRate } = this
    const defaults = { epsilon: 1e-7, weightDecay: 0.004, formulation: 'keras' } as const
    return new AdamRule(variables, { ...defaults, ...this.#options, decoupled: true, learningRate })
  }
}

export interface RMSpropOptions extends CommonOptions {
  /** Share of the old average of squared gradients that is kept. */
  readonly rho?: number
  readonly momentum?: number
  readonly epsilon?: number
}

const rmspropOptions = [...commonOptions, 'rho', 'momentum', 'epsilon']

/** Source: keras.optimizers.RMSprop. */
export class RMSprop extends Optimizer {
  readonly #options: RMSpropOptions

  /** Takes the learning rate by position, as Keras does, or by name. */
  constructor(given: Rate | RMSpropOptions = {}) {
    const options = withRate(given)
    assertOptions('RMSprop', options, rmspropOptions)
    super('RMSprop', options, 0.001)
    assertNotNegative('RMSprop', 'momentum', options.momentum ?? 0)
    this.#options = options
  }

  protected override createRule(variables: readonly tf.Variable[]): UpdateRule {
    const { rate: learningRate } = this
    const defaults = { rho: 0.9, epsilon: 1e-7, formulation: 'keras' } as const
    return new RmspropRule(variables, { ...defaults, ...this.#options, learningRate })
  }
}

export interface AdagradOptions extends CommonOptions {
  /** What the sum of squared gradients starts from. */
  readonly initialAccumulatorValue?: number
  readonly epsilon?: number
}

const adagradOptions = [...commonOptions, 'initialAccumulatorValue', 'epsilon']

/** Source: keras.optimizers.Adagrad. */
export class Adagrad extends Optimizer {
  readonly #options: AdagradOptions

  /** Takes the learning rate by position, as Keras does, or by name. */
  constructor(given: Rate | AdagradOptions = {}) {
    const options = withRate(given)
    assertOptions('Adagrad', options, adagradOptions)
    super('Adagrad', options, 0.001)
    assertNotNegative('Adagrad', 'initialAccumulatorValue', options.initialAccumulatorValue ?? 0)
    this.#options = options
  }

  protected override createRule(variables: readonly tf.Variable[]): UpdateRule {
    const { initialAccumulatorValue = 0.1, ...options } = this.#options
    const defaults = {
      epsilon: 1e-7,
      formulation: 'keras',
      initialAccumulator: initialAccumulatorValue,
    } as const
    return new AdagradRule(variables, { ...defaults, ...options, learningRate: this.rate })
  }
}

const byName = {
  sgd: () => new SGD(),
  adam: () => new Adam(),
  adamW: () => new AdamW(),
  rmsprop: () => new RMSprop(),
  adagrad: () => new Adagrad(),
} satisfies Record<string, () => Optimizer>

/** Name of an optimizer as `compile` takes it. */
export type OptimizerName = keyof typeof byName

/** An optimizer from its name or as it is; throws ArgumentError for an unknown name. */
export function toOptimizer(optimizer: Optimizer | Spelling<OptimizerName>): Optimizer {
  return optimizer instanceof Optimizer
    ? optimizer
    : madeByName<Optimizer>('compile optimizer', optimizer, byName)
}

function assertNotNegative(where: string, option: string, value: number): void {
  if (value >= 0) return
  throw new ArgumentError(
    `${where}: expected ${option} of at least 0, got ${value}. Use a small number such as 0.01.`,
  )
}
