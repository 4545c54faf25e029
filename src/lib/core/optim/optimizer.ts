/** What the update rules share: variables, their slots, the step count. Not a framework's optimizer API. */
import type { KerasUpdate } from '../catalogue/optimizers/kerasUpdate'
import { endStep } from '../eager/memoryScope'
import { inPhase } from '../eager/origin'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { activeTrace, eachStep, hostScalar, outsideTrace } from '../eager/tracing'
import { ofNumbers, ofTensors, tensorOf, type Value } from './arithmetic'
import { StepCounts } from './stepCounts'
import { announceUpdate } from './updateObserver'

/**
 * Whose formula is used where the frameworks differ. Both styles can use either, so that two lanes can be
 * brought to run the same arithmetic.
 */
export type Formulation = 'keras' | 'torch'

/** What a scheduler was made with and how far it is. */
export type SchedulerState = Readonly<Record<string, number | string | readonly number[]>>

/** What an optimizer carries from step to step, on the host. */
export interface OptimizerState {
  readonly iterations: number
  /** Number of updates of each variable, in the order of variables. */
  readonly steps: readonly number[]
  /** Values of each variable's slots, in the order of variables and formula; null for one that is not made yet. */
  readonly slots: readonly (Float32Array | null)[]
  /** Where schedulers set the learning rates: these of the groups, and what each scheduler carries along. */
  readonly schedule?: {
    readonly learningRates: readonly number[]
    readonly schedulers: readonly SchedulerState[]
  }
}

/** The same with slots on the backend. */
export type LiveState = Omit<OptimizerState, 'slots'> & { readonly slots: readonly (tf.Tensor | null)[] }

/** Changes one variable; part of one update. */
export type UpdateRule = (variable: tf.Variable, gradient: tf.Tensor) => void

/** What an update subtracts from a variable; moves the variable's slots on. */
export type Step = (variable: tf.Variable, gradient: tf.Tensor) => tf.Tensor

/** How weights decay. */
export interface WeightDecay {
  /** 0 for none. */
  readonly rate: number
  /** w −= lr·rate·w before the step; otherwise an L2 penalty, g += rate·w. */
  readonly isDecoupled: boolean
}

/** Options of a rule by name. */
export type RuleOptions = Readonly<Record<string, number | boolean>>

/** The learning rate of an update, by variable. */
export type RateOf = (variable: tf.Variable) => Value

let optimizersMade = 0

/** An update rule over a fixed list of variables. Change `learningRate` at any time. */
export abstract class Optimizer {
  /** Number of updates applied. */
  iterations = 0
  /** Number of updates of each variable. */
  protected readonly steps: StepCounts
  private readonly id = ++optimizersMade
  private readonly slotVariables = new Map<string, tf.Variable>()

  constructor(
    readonly variables: readonly tf.Variable[],
    public learningRate: number,
  ) {
    this.steps = new StepCounts(variables)
  }

  /** Names of the rule's slots for one variable, in their fixed order. */
  protected abstract readonly slotNames: readonly string[]

  /**
   * The rule of one update, made once for all variables: what it takes from the host, such as the learning rate, is
   * then one value. Runs inside a tidy. What changes between updates belongs into `hostScalar`, whose function is
   * called at every update with `iterations` and `steps` already counting it.
   */
  protected abstract rule(): UpdateRule

  /** One update. Gradients in the order of `variables`; a variable whose gradient is null is left alone. */
  applyGradients(gradients: readonly (tf.Tensor | null)[]): void {
    applyTogether([{ rule: this, gradients }])
  }

  /** The update itself, which nobody is told of. */
  update(gradients: readonly (tf.Tensor | null)[]): void {
    eachStep(() => this.iterations++)
    this.steps.advance(this.variables.filter((_, index) => gradients[index]))
    const update = () => {
      const rule = this.rule()
      for (const [index, variable] of this.variables.entries()) {
        const gradient = gradients[index]
        if (gradient) rule(variable, gradient)
      }
    }
    inPhase('update', () => tf.tidy(update))
  }

  /** The slots made so far: by variable, and for each in the order of the rule's formula. */
  slots(): readonly tf.Variable[] {
    return this.places().flatMap(
      ({ variable, name }) => this.slotVariables.get(slotKey(variable, name)) ?? [],
    )
  }

  /** A copy on the host of what the rule carries from step to step. */
  async state(): Promise<OptimizerState> {
    const slots: (Float32Array | null)[] = []
    for (const { variable, name } of this.places()) {
      const slot = this.slotVariables.get(slotKey(variable, name))
      slots.push(slot ? Float32Array.from(await readBack(slot)) : null)
    }
    return { iterations: this.iterations, steps: this.steps.values(), slots }
  }

  /** The same at once: copies of the slots on the backend, which belong to the caller's scope. */
  copyState(): LiveState {
    const slots = this.places().map(({ variable, name }) => {
      const slot = this.slotVariables.get(slotKey(variable, name))
      return slot ? tf.clone(slot) : null
    })
    return { iterations: this.iterations, steps: this.steps.values(), slots }
  }

  /** Goes on from a copied state; without slots all start anew. */
  setState({ iterations, steps, slots }: OptimizerState | LiveState): void {
    this.iterations = iterations
    this.steps.restore(steps)
    const restore = () => {
      for (const [index, { variable, name }] of this.places().entries()) {
        const values = slots[index]
        if (values) this.slot(variable, name).assign(toSlot(values, variable))
        else this.slotVariables.get(slotKey(variable, name))?.assign(this.initialSlot(variable, name))
      }
    }
    // The first update may be a traced one: what is restored must not become part of its graph.
    outsideTrace(() => tf.tidy(restore))
  }

  /** Goes on from another rule of the same variables, which loses its slots to this one. */
  takeOver(earlier: Optimizer): void {
    this.iterations = earlier.iterations
    this.steps.restore(earlier.steps.values())
    for (const [key, slot] of earlier.slotVariables) this.slotVariables.set(key, slot)
    earlier.slotVariables.clear()
  }

  /** Disposes the slots; the variables stay. */
  dispose(): void {
    for (const slot of this.slotVariables.values()) slot.dispose()
    this.slotVariables.clear()
  }

  /** w −= step(w, g), with weight decay. */
  protected descend(step: Step, { rate, isDecoupled }: WeightDecay): UpdateRule {
    if (rate === 0) return (variable, gradient) => variable.assign(tf.sub(variable, step(variable, gradient)))
    if (!isDecoupled) {
      return (variable, gradient) => {
        const penalised = tf.add(gradient, tf.mul(variable, rate))
        variable.assign(tf.sub(variable, step(variable, penalised)))
      }
    }
    const decay = this.decay(rate)
    return (variable, gradient) => {
      variable.assign(tf.sub(tf.mul(variable, decay), step(variable, gradient)))
    }
  }

  /** Keras' rule with these options, after the decay of the weights; the rate is the rule's own unless one is given. */
  protected kerasRule(
    update: KerasUpdate,
    options: RuleOptions,
    weightDecay: number,
    rateOf: RateOf = this.kerasRate(update, options),
  ): UpdateRule {
    const decay = weightDecay === 0 ? null : this.decay(weightDecay)
    return (variable, gradient) => {
      const weight = update.weight(ofTensors, {
        option: (name) => numberOf(options, name),
        choose: (name, ifOn, ifOff) => (options[name] ? ifOn() : ifOff()),
        weight: decay === null ? variable : tf.mul(variable, decay),
        gradient,
        rate: rateOf(variable),
        slot: (name) => this.slot(variable, name),
        keep: (name, value) => {
          this.slot(variable, name).assign(tensorOf(value))
          return value
        },
      })
      variable.assign(tensorOf(weight))
    }
  }

  private kerasRate(update: KerasUpdate, options: RuleOptions): RateOf {
    const rate = hostScalar('learningRate', () =>
      update.rate(ofNumbers, this.learningRate, (name) => numberOf(options, name), this.iterations),
    )
    return () => rate
  }

  /** What decoupled decay leaves of a weight. */
  private decay(rate: number): Value {
    return hostScalar('decay', () => 1 - this.learningRate * rate)
  }

  /** What every element of a slot starts from. */
  protected initialSlotValue(_name: string): number {
    return 0
  }

  /** The named slot of a variable; made when first asked for. */
  protected slot(variable: tf.Variable, name: string): tf.Variable {
    const key = slotKey(variable, name)
    const existing = this.slotVariables.get(key)
    if (existing) return existing
    // The engine wants every variable's name to be its own.
    const created = outsideTrace(() => {
      return tf.variable(this.initialSlot(variable, name), false, `optimizer${this.id}/${key}`)
    })
    this.slotVariables.set(key, created)
    return created
  }

  private initialSlot(variable: tf.Variable, name: string): tf.Tensor {
    return tf.fill(variable.shape, this.initialSlotValue(name))
  }

  /** Where slots belong, made or not. */
  private places(): readonly { readonly variable: tf.Variable; readonly name: string }[] {
    return this.variables.flatMap((variable) => this.slotNames.map((name) => ({ variable, name })))
  }
}

/** One rule and its gradients, in the order of its variables. */
export interface RuleGradients {
  readonly rule: Optimizer
  readonly gradients: readonly (tf.Tensor | null)[]
}

/** One update of several rules, such as those of parameter groups: it is announced once and counts once. */
export function applyTogether(parts: readonly RuleGradients[]): void {
  announce(parts.flatMap(({ gradients }) => gradients.filter((gradient) => gradient !== null)))
  for (const { rule, gradients } of parts) rule.update(gradients)
  endStep()
}

/** In a trace there is nothing to announce: the gradients are symbolic. Its replay announces what was counted. */
function announce(gradients: readonly tf.Tensor[]): void {
  const trace = activeTrace()
  if (!trace) {
    announceUpdate(gradients)
    return
  }
  trace.countUpdate()
  trace.observe('gradientNorm', gradients)
}

function toSlot(values: Float32Array | tf.Tensor, { shape }: tf.Variable): tf.Tensor {
  return values instanceof tf.Tensor ? tf.clone(values) : tf.tensor(values, shape, 'float32')
}

function numberOf(options: RuleOptions, name: string): number {
  const value = options[name]
  if (typeof value !== 'number')
    throw new Error(`internal: expected the number ${name}, got ${String(value)}`)
  return value
}

function slotKey(variable: tf.Variable, name: string): string {
  return `${variable.name}/${name}`
}
