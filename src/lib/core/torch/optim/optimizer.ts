/** What all optimizers share: parameter groups, each with an update rule of its own, and the step over all of them. */
import {
  applyTogether,
  type Optimizer as Rule,
  type OptimizerState,
  type SchedulerState,
} from '../../optim/optimizer'
import { guard } from '../../eager/tracing'
import { tf } from '../../eager/tfjs'
import { ArgumentError } from '../../util/errors'
import { assertOptions } from '../options'
import type { Parameter } from '../parameter'
import { Tensor } from '../tensor'

/** A parameter of a module, or a tensor that was made with requiresGrad. */
export type Trained = Parameter | Tensor

/** Some of the parameters and what is different for them: `{ params: model.head.parameters(), lr: 0.1 }`. */
export type GroupOptions<Options> = Options & { readonly params: Trained | Iterable<Trained> }

/** All parameters alike, or in groups. */
export type Parameters<Options> = Iterable<Trained> | Iterable<GroupOptions<Options>>

/** Parameters that share their options. Only `lr` can be set; it counts from the next step on. */
export type ParameterGroup<Options = object> = Readonly<Omit<Options, 'lr'>> & {
  readonly params: readonly Trained[]
  lr: number
  /** What `lr` was when a scheduler began; set by schedulers. */
  initialLr?: number
}

/** An optimizer of one kind. */
export interface OptimizerSettings<Options> {
  /** Begins the messages of errors. */
  readonly where: string
  readonly parameters: Parameters<Options>
  readonly options: Options
  /** Names of all options. */
  readonly known: readonly string[]
  readonly defaults: Options
  /** The update rule of one group. */
  readonly rule: (variables: readonly tf.Variable[], options: Options) => Rule
}

/** What an optimizer carries from step to step, and the options of its groups. */
export interface OptimizerStateDict {
  readonly state: readonly {
    readonly iterations: number
    /** Updates of each parameter. */
    readonly steps: readonly number[]
    readonly slots: readonly (Tensor | null)[]
  }[]
  readonly paramGroups: readonly Readonly<Record<string, unknown>>[]
}

/** What sets the learning rates of an optimizer and carries numbers of its own from step to step. */
export interface Scheduler {
  /** What it was made with and how far it is. */
  stateDict(): SchedulerState
  /** Continues from what `stateDict` gave. */
  loadStateDict(state: SchedulerState): void
}

type LoadedOptions = Readonly<Record<string, unknown>> & { readonly initialLr?: unknown }

interface Group {
  readonly parameters: readonly Trained[]
  readonly rule: Rule
  readonly maximize: boolean
}

export interface CommonOptions {
  readonly lr?: number
  readonly maximize?: boolean
}

/** Changes parameters by their gradients. Source: torch.optim.Optimizer. */
export abstract class Optimizer<Options extends CommonOptions = CommonOptions> {
  readonly #settings: OptimizerSettings<Options>
  readonly #groups: Group[] = []
  readonly #paramGroups: ParameterGroup<Options>[] = []
  readonly #schedulers: Scheduler[] = []
  /** How often a group was added or got other options: compiled steps hold for one such number. */
  #changes = 0

  constructor(settings: OptimizerSettings<Options>) {
    const { where, parameters, options, known } = settings
    this.#settings = settings
    assertOptions(where, options, known)
    const list = listOf(where, parameters)
    if (list.length === 0) {
      throw new ArgumentError(`${where}: expected parameters, got an empty list. Pass model.parameters().`)
    }
    const groups = list.every(isTrained)
      ? [{ params: list } as unknown as GroupOptions<Options>]
      : (list as GroupOptions<Options>[])
    for (const group of groups) this.addParamGroup(group)
  }

  /** One group with all parameters, unless groups were given. */
  get paramGroups(): readonly [ParameterGroup<Options>, ...ParameterGroup<Options>[]] {
    return this.#paramGroups as [ParameterGroup<Options>, ...ParameterGroup<Options>[]]
  }

  /** Trains further parameters. Throws ArgumentError where one is in a group already. */
  addParamGroup(group: GroupOptions<Options>): void {
    const { where, options, known, defaults } = this.#settings
    assertOptions(where, group, ['params', ...known])
    const { params, ...own } = group
    const parameters = params instanceof Tensor ? [params] : parametersOf(where, params)
    const taken = new Set(this.#groups.flatMap((earlier) => earlier.parameters))
    if (
      parameters.some((parameter) => taken.has(parameter)) ||
      new Set(parameters).size < parameters.length
    ) {
      throw new ArgumentError(
        `${where}: expected each parameter once, got one that comes twice. Leave it out of one of the groups.`,
      )
    }
    this.#setGroup(this.#groups.length, parameters, { ...defaults, ...options, ...own })
  }

  #setGroup(index: number, parameters: readonly Trained[], options: Options): void {
    const rule = this.#settings.rule(
      parameters.map(({ variable }) => variable),
      options,
    )
    this.#groups[index]?.rule.dispose()
    this.#groups[index] = { parameters, rule, maximize: options.maximize ?? false }
    this.#paramGroups[index] = viewOf(parameters, options, rule)
    this.#changes++
  }

  /** Makes a scheduler part of the state; schedulers do so themselves. Not in PyTorch. */
  attachScheduler(scheduler: Scheduler): void {
    this.#schedulers.push(scheduler)
  }

  /** The learning rate of the first group. Setting it changes those of all groups in proportion. Not in PyTorch. */
  get learningRate(): number {
    return this.paramGroups[0].lr
  }

  set learningRate(learningRate: number) {
    const before = this.learningRate
    for (const group of this.#paramGroups) {
      group.lr =
        before === 0 || group === this.#paramGroups[0] ? learningRate : (group.lr * learningRate) / before
    }
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    guard('the options of the optimizer', () => this.#changes)
    tf.tidy(() => {
      const parts = this.#groups.map(({ rule, parameters, maximize }) => {
        const gradients = parameters.map((parameter) => parameter.gradient)
        return {
          rule,
          gradients: maximize ? gradients.map((gradient) => gradient && tf.neg(gradient)) : gradients,
        }
      })
      applyTogether(parts)
    })
  }

  /** Sets the gradients to null, so that the next backward() starts from nothing. */
  zeroGrad(_options?: { readonly setToNone?: boolean }): void {
    for (const { parameters } of this.#groups) for (const parameter of parameters) parameter.grad = null
  }

  /** Steps, momentum and moments as they are now, with the options of each group. Source: torch.optim.Optimizer.state_dict. */
  stateDict(): OptimizerStateDict {
    const state = this.#groups.map(({ rule }) => {
      const { iterations, steps, slots } = rule.copyState()
      return { iterations, steps, slots: slots.map((slot) => slot && new Tensor(slot)) }
    })
    const paramGroups = this.#paramGroups.map((group) => {
      return Object.fromEntries(Object.entries(group).filter(([name]) => name !== 'params'))
    })
    return { state, paramGroups }
  }

  /**
   * Continues from what `stateDict()` of an optimizer of the same kind gave: steps, moments, and the options of each group,
   * which replace its own. Throws ArgumentError, and changes nothing, where groups or options are others.
   */
  loadStateDict(state: OptimizerStateDict): void {
    const { groups, options } = this.#loadable(state)
    for (const [index, { parameters }] of this.#groups.entries()) {
      const { initialLr, ...loaded } = options[index] ?? {}
      const view = this.#paramGroups[index]
      if (
        view &&
        Object.entries(loaded).some(([name, value]) => !isSame(view[name as keyof typeof view], value))
      ) {
        const { params: _, initialLr: __, ...own } = { ...view }
        this.#setGroup(index, parameters, { ...own, ...loaded } as unknown as Options)
      }
      const group = this.#paramGroups[index]
      if (group && typeof initialLr === 'number') group.initialLr = initialLr
      const { iterations = 0, steps = [], slots = [] } = groups[index] ?? {}
      this.#groups[index]?.rule.setState({
        iterations,
        steps,
        slots: slots.map((slot) => slot?.value ?? null),
      })
    }
  }

  /** The parts of a state dict, checked against the groups of this optimizer. */
  #loadable({ state, paramGroups }: OptimizerStateDict) {
    const { where, known } = this.#settings
    if (state.length !== this.#groups.length) {
      throw new ArgumentError(
        `loadStateDict: expected the state of ${this.#groups.length} groups, got ${state.length}. ` +
          'Make the optimizer with the same groups first.',
      )
    }
    for (const [index, { parameters }] of this.#groups.entries()) {
      const count = state[index]?.steps.length
      if (count !== parameters.length) {
        throw new ArgumentError(
          `loadStateDict: expected the state of ${parameters.length} parameters in group ${index}, got ${count ?? 0}. ` +
            'Make the optimizer with the same parameters first.',
        )
      }
      const foreign = Object.keys(paramGroups[index] ?? {}).find(
        (name) => ![...known, 'initialLr'].includes(name),
      )
      if (foreign !== undefined) {
        throw new ArgumentError(
          `loadStateDict: expected options of ${where}, got ${foreign}. Load the state of an optimizer of the same kind.`,
        )
      }
    }
    return { groups: state, options: paramGroups as readonly LoadedOptions[] }
  }

  /** Momentum and moments made so far, by parameter. */
  slots(): readonly tf.Variable[] {
    return this.#groups.flatMap(({ rule }) => rule.slots())
  }

  /** A copy of the slots and the number of steps on the host; reads back from the backend. */
  async state(): Promise<OptimizerState> {
    const states: OptimizerState[] = []
    for (const { rule } of this.#groups) states.push(await rule.state())
    return {
      iterations: states[0]?.iterations ?? 0,
      steps: states.flatMap(({ steps }) => steps),
      slots: states.flatMap(({ slots }) => slots),
      ...(this.#schedulers.length > 0 && {
        schedule: {
          learningRates: this.#paramGroups.map(({ lr }) => lr),
          schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()),
        },
      }),
    }
  }

  /** Goes on from a copied state. */
  setState({ iterations, steps, slots, schedule }: OptimizerState): void {
    const count = this.#groups.reduce((sum, { parameters }) => sum + parameters.length, 0)
    const slotsEach = slots.length / count
    let start = 0
    for (const { rule, parameters } of this.#groups) {
      const end = start + parameters.length
      rule.setState({
        iterations,
        steps: steps.slice(start, end),
        slots: slots.slice(start * slotsEach, end * slotsEach),
      })
      start = end
    }
    if (schedule?.schedulers.length !== this.#schedulers.length) return
    for (const [index, group] of this.#paramGroups.entries()) {
      group.lr = schedule.learningRates[index] ?? group.lr
    }
    for (const [index, scheduler] of this.#schedulers.entries()) {
      const state = schedule.schedulers[index]
      if (state) scheduler.loadStateDict(state)
    }
  }
}

/** Options are numbers, words, truth values and pairs of numbers. */
function isSame(own: unknown, loaded: unknown): boolean {
  return JSON.stringify(own) === JSON.stringify(loaded)
}

/** A group as programs see it. */
function viewOf<Options extends CommonOptions>(
  params: readonly Trained[],
  options: Options,
  rule: Rule,
): ParameterGroup<Options> {
  const view = { ...options, params }
  Object.freeze(params)
  for (const name of Object.keys(view)) Object.defineProperty(view, name, { writable: false })
  return Object.defineProperty(view, 'lr', {
    enumerable: true,
    get: () => {
      // Of a step that is traced: what it makes of the number holds for this number.
      guard('lr', () => rule.learningRate)
      return rule.learningRate
    },
    set(learningRate: number) {
      rule.learningRate = learningRate
    },
  }) as unknown as ParameterGroup<Options>
}

/** Parameters are trained also when they are frozen at the moment. */
function isTrained(entry: unknown): entry is Trained {
  return entry instanceof Tensor && (entry.requiresGrad ? entry.isLeaf : 'isEmbedding' in entry)
}

function listOf(where: string, given: unknown): unknown[] {
  const isIterable = typeof given === 'object' && given !== null && Symbol.iterator in given
  const list: unknown[] = isIterable ? [...(given as Iterable<unknown>)] : []
  const isGroup = (entry: unknown) => typeof entry === 'object' && entry !== null && 'params' in entry
  if (isIterable && (list.every(isTrained) || list.every(isGroup))) return list
  throw new ArgumentError(
    `${where}: expected a list of parameters, or of groups { params, lr }, got something else. Pass model.parameters().`,
  )
}

function parametersOf(where: string, given: Iterable<Trained>): Trained[] {
  const list = listOf(where, given)
  if (list.length > 0 && list.every(isTrained)) return list
  throw new ArgumentError(
    `${where}: expected parameters in each group, got none. Pass { params: model.parameters() }.`,
  )
}
