/** Keras-style optimizers: Keras' names and constants on the shared update rules. */
import type { tf } from '../eager/tfjs'
import { eachStep, guard } from '../eager/tracing'
import { Adagrad as AdagradRule } from '../optim/adagrad'
import { Adam as AdamRule } from '../optim/adam'
import type { Formulation, Optimizer as UpdateRule, OptimizerState } from '../optim/optimizer'
import { Rmsprop as RmspropRule } from '../optim/rmsprop'
import { Sgd as SgdRule } from '../optim/sgd'
import { ArgumentError } from '../util/errors'
import { isPlainObject } from '../util/plainObject'
import { flag, number, only, taking, text } from '../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments, type Values } from '../util/parameters'
import { clipParameters, gradientClipping, type ClipGradients } from './gradientClipping'
import { list, notNegative, share, spelt } from './kinds'
import { madeByName, spelling, type Spelling } from './names'
import { LearningRateSchedule } from './schedules'
import { toVariable, type HasVariable } from './tensorLike'

/** A learning rate, or a schedule of it. */
type Rate = number | LearningRateSchedule

const rate = taking<Rate>(
  'a number of at least 0 or a schedule',
  (value) => value instanceof LearningRateSchedule || (typeof value === 'number' && value >= 0),
)

const formulations = ['keras', 'torch'] as const

/** What every optimizer takes after its own parameters. */
const sharedParameters = {
  ...clipParameters,
  /** There are no moving averages of weights. */
  useEma: only(false, 'Leave it out: there are no moving averages of weights here.'),
  /** Has no effect without useEma. */
  emaMomentum: number.or(0.99).unused('there are no moving averages of weights here'),
  /** There are no moving averages of weights. */
  emaOverwriteFrequency: only(null, 'Leave it out: there are no moving averages of weights here.'),
  /** Losses are not scaled: everything is computed in float32. */
  lossScaleFactor: only(null, 'Leave it out: everything is computed in float32.'),
  /** Every batch is an update. */
  gradientAccumulationSteps: only(null, 'Leave it out: every batch is an update here.'),
  /** Has no effect: nothing shows it. */
  name: text.or(null).unused('nothing shows it'),
  /** 'torch' for PyTorch's update rule. Not in Keras. */
  formulation: spelt(...formulations).named.or('keras'),
}

/** Decoupled, as everywhere in Keras: w −= learningRate · weightDecay · w. */
const weightDecay = notNegative.or(null)

/** What every optimizer was told. */
type OptimizerValues = Values<typeof sharedParameters> & {
  readonly learningRate: Rate
  readonly weightDecay: number | null
}

/** What every update rule is told. */
interface RuleOptions {
  readonly learningRate: number
  readonly weightDecay: number
  readonly formulation: Formulation
}

const applyParameters = parameters('optimizer.apply', {
  /** One for each weight; null where the loss does not depend on it. */
  grads: list<readonly (tf.Tensor | null)[]>('a list of gradients'),
  /** Those of the updates before when left out. */
  trainableVariables: list<readonly (tf.Variable | HasVariable)[]>('a list of weights').or(null),
})

const pairParameters = parameters('optimizer.applyGradients', {
  /** Pairs [gradient, weight]. */
  gradsAndVars: taking<Iterable<readonly [gradient: tf.Tensor | null, weight: tf.Variable | HasVariable]>>(
    'a list of pairs [gradient, weight]',
    (value) => typeof value === 'object' && value !== null && Symbol.iterator in value,
  ),
})

const stateParameters = parameters('optimizer.setState', {
  /** What `state` gave. */
  state: taking<OptimizerState>(
    'what state() gave, awaited',
    (value) => isPlainObject(value) && 'slots' in value,
  ),
})

/** An optimizer as `compile` takes it; it meets the weights at its first update. */
export abstract class Optimizer {
  #learningRate: number
  readonly #schedule: LearningRateSchedule | null
  readonly #clip: ClipGradients
  readonly #options: Omit<RuleOptions, 'learningRate'>
  #rule: UpdateRule | null = null
  /** State for a rule that does not exist before the first update. */
  #restored: OptimizerState | null = null
  #variables: readonly tf.Variable[] = []

  protected constructor(
    where: string,
    { learningRate, weightDecay, formulation, ...options }: OptimizerValues,
    private readonly createRule: (variables: readonly tf.Variable[], options: RuleOptions) => UpdateRule,
  ) {
    this.#schedule = learningRate instanceof LearningRateSchedule ? learningRate : null
    this.#learningRate = learningRate instanceof LearningRateSchedule ? learningRate.call(0) : learningRate
    assertNotNegative(where, 'learningRate', this.#learningRate)
    this.#clip = gradientClipping(where, options)
    this.#options = {
      weightDecay: weightDecay ?? 0,
      formulation: spelling(`${where} formulation`, formulation, formulations),
    }
  }

  /** That of the next update. May be set while training, but not where a schedule gives it. */
  get learningRate(): number {
    // Keras has a variable there, so that a step follows it.
    guard('learningRate', () => this.#rate)
    return this.#rate
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
  get #rate(): number {
    return this.#schedule ? this.#schedule.call(this.#count) : this.#learningRate
  }

  /** One update. A gradient of null means the loss does not depend on the variable, which then stays. */
  apply(...given: Given<typeof applyParameters.table>): void {
    const { grads, trainableVariables } = applyParameters.read(given)
    this.#update(grads, trainableVariables?.map(toVariable) ?? this.#variables)
  }

  /** The same for pairs of a gradient and its weight: Keras' `apply_gradients(zip(gradients, variables))`. */
  applyGradients(...given: Given<typeof pairParameters.table>): void {
    const pairs = [...pairParameters.read(given).gradsAndVars]
    this.#update(
      pairs.map(([gradient]) => gradient),
      pairs.map(([, weight]) => toVariable(weight)),
    )
  }

  #update(gradients: readonly (tf.Tensor | null)[], variables: readonly tf.Variable[]): void {
    if (gradients.length !== variables.length) {
      throw new ArgumentError(
        `optimizer.apply: expected one gradient for each weight, got ${gradients.length} for ${variables.length}. ` +
          'Pass those of tape.gradient(loss, weights), and the same weights.',
      )
    }
    if (!this.#rule) {
      this.#rule = this.createRule(variables, { ...this.#options, learningRate: this.#rate })
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

  /** Slots such as momenta, in a fixed order; empty before the first update. */
  slots(...given: NoArguments): readonly tf.Variable[] {
    assertNoArguments('optimizer.slots', given)
    return this.#rule?.slots() ?? []
  }

  /** A copy of iterations and slots on the host. */
  async state(...given: NoArguments): Promise<OptimizerState> {
    assertNoArguments('optimizer.state', given)
    return this.#rule ? this.#rule.state() : (this.#restored ?? { iterations: 0, steps: [], slots: [] })
  }

  /** Goes on from a copied state. */
  setState(...given: Given<typeof stateParameters.table>): void {
    const { state } = stateParameters.read(given)
    if (this.#rule) this.#rule.setState(state)
    else this.#restored = state
  }

  /** Frees the slots. */
  dispose(...given: NoArguments): void {
    assertNoArguments('optimizer.dispose', given)
    this.#rule?.dispose()
    this.#rule = null
    this.#restored = null
  }
}

const sgd = parameters('SGD', {
  /** Size of each update, or a schedule of it. */
  learningRate: rate.or(0.01),
  /** Share of the update before that is added. */
  momentum: share.or(0),
  /** Looks ahead along the momentum. */
  nesterov: flag.or(false),
  /** Decoupled: w −= learningRate · weightDecay · w. */
  weightDecay,
  ...sharedParameters,
})

/** w −= learningRate · gradient, with momentum if told so. Source: keras.optimizers.SGD. */
export class SGD extends Optimizer {
  constructor(...given: Given<typeof sgd.table>) {
    const { momentum, nesterov, ...values } = sgd.read(given)
    super('SGD', values, (variables, options) => new SgdRule(variables, { ...options, momentum, nesterov }))
  }
}

const adamParameters = {
  /** Share of the old average of gradients that is kept. */
  beta1: share.or(0.9),
  /** Share of the old average of squared gradients that is kept. */
  beta2: share.or(0.999),
  /** Added to the root, against division by 0. */
  epsilon: notNegative.or(1e-7),
  /** Divides by the largest average so far. */
  amsgrad: flag.or(false),
}

const adam = parameters('Adam', {
  /** Size of each update, or a schedule of it. */
  learningRate: rate.or(0.001),
  ...adamParameters,
  /** Decoupled: w −= learningRate · weightDecay · w. */
  weightDecay,
  ...sharedParameters,
})

/** Updates by averages of gradients and of their squares. Source: Kingma and Ba, 2015; keras.optimizers.Adam. */
export class Adam extends Optimizer {
  constructor(...given: Given<typeof adam.table>) {
    const { beta1, beta2, epsilon, amsgrad, ...values } = adam.read(given)
    super('Adam', values, (variables, options) => {
      return new AdamRule(variables, { ...options, beta1, beta2, epsilon, amsgrad })
    })
  }
}

const adamW = parameters('AdamW', {
  /** Size of each update, or a schedule of it. */
  learningRate: rate.or(0.001),
  /** Decoupled: w −= learningRate · weightDecay · w. */
  weightDecay: notNegative.or(0.004),
  ...adamParameters,
  ...sharedParameters,
})

/** Adam with a weight decay of 0.004 unless told otherwise. Source: keras.optimizers.AdamW. */
export class AdamW extends Optimizer {
  constructor(...given: Given<typeof adamW.table>) {
    const { beta1, beta2, epsilon, amsgrad, ...values } = adamW.read(given)
    super('AdamW', values, (variables, options) => {
      return new AdamRule(variables, { ...options, beta1, beta2, epsilon, amsgrad, decoupled: true })
    })
  }
}

const rmsprop = parameters('RMSprop', {
  /** Size of each update, or a schedule of it. */
  learningRate: rate.or(0.001),
  /** Share of the old average of squared gradients that is kept. */
  rho: share.or(0.9),
  /** Share of the update before that is added. */
  momentum: share.or(0),
  /** Added inside the root, against division by 0. */
  epsilon: notNegative.or(1e-7),
  /** Divides by the root of the variance instead of that of the mean square. */
  centered: flag.or(false),
  /** Decoupled: w −= learningRate · weightDecay · w. */
  weightDecay,
  ...sharedParameters,
})

/** Updates divided by the root of the mean square of gradients. Source: Tieleman and Hinton, 2012; keras.optimizers.RMSprop. */
export class RMSprop extends Optimizer {
  constructor(...given: Given<typeof rmsprop.table>) {
    const { rho, momentum, epsilon, centered, ...values } = rmsprop.read(given)
    super('RMSprop', values, (variables, options) => {
      return new RmspropRule(variables, { ...options, rho, momentum, epsilon, centered })
    })
  }
}

const adagrad = parameters('Adagrad', {
  /** Size of each update, or a schedule of it. */
  learningRate: rate.or(0.001),
  /** What the sum of squared gradients starts from. */
  initialAccumulatorValue: notNegative.or(0.1),
  /** Added to the root, against division by 0. */
  epsilon: notNegative.or(1e-7),
  /** Decoupled: w −= learningRate · weightDecay · w. */
  weightDecay,
  ...sharedParameters,
})

/** Updates divided by the root of the sum of squared gradients. Source: Duchi et al., 2011; keras.optimizers.Adagrad. */
export class Adagrad extends Optimizer {
  constructor(...given: Given<typeof adagrad.table>) {
    const { initialAccumulatorValue, epsilon, ...values } = adagrad.read(given)
    super('Adagrad', values, (variables, options) => {
      return new AdagradRule(variables, { ...options, initialAccumulator: initialAccumulatorValue, epsilon })
    })
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
