/** What all optimizers share: parameter groups, each with an update rule of its own, and the step over all of them. */
import {
  applyTogether,
  type Optimizer as Rule,
  type OptimizerState,
  type SchedulerState,
} from '../../optim/optimizer'
import { guard } from '../../eager/tracing'
import { tf } from '../../eager/tfjs'
import { at } from '../../util/at'
import { callable, dictionary, flag } from '../../util/kinds'
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../../util/parameters'
import { enableGrad } from '../autograd'
import { isIterable } from '../nn/kinds'
import { clearGradient, type Parameter } from '../parameter'
import { answerUnknown } from '../../util/unknownNames'
import { optimizerAnswers } from '../otherNames'
import { Tensor } from '../tensor'
import { assertChangeable, groupView } from './parameterGroup'

/** A parameter of a module, or a tensor that was made with requiresGrad. */
export type Trained = Parameter | Tensor

/** Parameters alone, or in groups with what is different for them: `{ params: model.head.parameters(), lr: 0.1 }`. */
export type Params = Iterable<Trained | (Readonly<Record<string, unknown>> & { readonly params: unknown })>

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/** Parameters that share their options. What is set counts from the next step on. */
export type ParameterGroup<Options = object> = Writable<Omit<Options, 'lr' | 'params'>> & {
  readonly params: readonly Trained[]
  lr: number
  /** What `lr` was when a scheduler began; set by schedulers. */
  initialLr?: number
}

/** What all optimizers take. */
export interface CommonOptions {
  readonly params: Params
  readonly lr: number
  readonly maximize: boolean
}

/** Reads what an optimizer of one kind takes. */
interface OptionsReader<Options> {
  readonly where: string
  readonly table: object
  read(given: readonly unknown[]): Options
  readNamed(options: object): Partial<Options>
}

const parametersOf = {
  addParamGroup: parameters('Optimizer.addParamGroup', {
    /** Its parameters, and what is different for them. */
    paramGroup: dictionary<{ readonly params: unknown; readonly [option: string]: unknown }>(
      'a group { params, lr }',
    ),
  }),
  step: parameters('Optimizer.step', {
    /** Called first, with gradients recorded; computes the loss and its gradients again. */
    closure: callable<() => unknown>().or(null),
  }),
  zeroGrad: parameters('Optimizer.zeroGrad', {
    /** Whether gradients become null; zeros otherwise. */
    setToNone: flag.or(true),
  }),
  loadStateDict: parameters('Optimizer.loadStateDict', {
    /** What stateDict() gave. */
    stateDict: dictionary<OptimizerStateDict>('a state dict'),
  }),
}

type Reads<Name extends keyof typeof parametersOf> = Given<(typeof parametersOf)[Name]['table']>

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
  /** Those of the group; its learning rate is the rule's. */
  readonly options: CommonOptions
}

/** Changes parameters by their gradients. Source: torch.optim.Optimizer. */
export abstract class Optimizer<Options extends CommonOptions = CommonOptions> {
  readonly #list: OptionsReader<CommonOptions>
  /** The update rule of one group. */
  readonly #makeRule: (variables: readonly tf.Variable[], options: never) => Rule
  /** What holds for groups that do not say otherwise. */
  readonly #options: CommonOptions
  readonly #groups: Group[] = []
  readonly #paramGroups: ParameterGroup<Options>[] = []
  readonly #schedulers: Scheduler[] = []
  /** How often a group was added or got other options: compiled steps hold for one such number. */
  #changes = 0

  constructor(
    list: OptionsReader<Options>,
    given: readonly unknown[],
    makeRule: (variables: readonly tf.Variable[], options: Options) => Rule,
  ) {
    this.#list = list
    this.#makeRule = makeRule
    this.#options = list.read(given)
    const { where } = list
    const params = listOf(where, this.#options.params)
    if (params.length === 0) {
      throw new ArgumentError(`${where}: expected parameters, got an empty list. Pass model.parameters().`)
    }
    const groups = params.every(isTrained)
      ? [{ params }]
      : (params as readonly { readonly params: unknown }[])
    for (const group of groups) this.addParamGroup(group)
  }

  /** One group with all parameters, unless groups were given. */
  get paramGroups(): readonly [ParameterGroup<Options>, ...ParameterGroup<Options>[]] {
    return this.#paramGroups as [ParameterGroup<Options>, ...ParameterGroup<Options>[]]
  }

  /** Trains further parameters. Throws ArgumentError where one is in a group already. */
  addParamGroup(...given: Reads<'addParamGroup'>): void {
    const { paramGroup } = parametersOf.addParamGroup.read(given)
    const { where } = this.#list
    const { params: _, ...own } = this.#list.readNamed(paramGroup)
    const trained =
      paramGroup.params instanceof Tensor ? [paramGroup.params] : parametersIn(where, paramGroup.params)
    const taken = new Set(this.#groups.flatMap((earlier) => earlier.parameters))
    if (trained.some((parameter) => taken.has(parameter)) || new Set(trained).size < trained.length) {
      throw new ArgumentError(
        `${where}: expected each parameter once, got one that comes twice. Leave it out of one of the groups.`,
      )
    }
    const index = this.#groups.length
    this.#setGroup(index, trained, { ...this.#options, ...own })
    this.#paramGroups[index] = this.#viewOf(index, trained)
  }

  #setGroup(index: number, parameters: readonly Trained[], given: CommonOptions): void {
    const options = given as Options
    const rule = this.#makeRule(
      parameters.map(({ variable }) => variable),
      options as never,
    )
    this.#groups[index]?.rule.dispose()
    this.#groups[index] = { parameters, rule, options }
    this.#changes++
  }

  #viewOf(index: number, params: readonly Trained[]): ParameterGroup<Options> {
    const now = () => at(this.#groups, index)
    return groupView({
      params,
      names: Object.keys(this.#options).filter((name) => name !== 'params'),
      get: (name) => (name === 'lr' ? now().rule.learningRate : now().options[name as keyof CommonOptions]),
      set: (name, value) => this.#setOption(index, name, value),
    }) as ParameterGroup<Options>
  }

  /** Gives a group another value of an option; what it learned of the gradients stays. */
  #setOption(index: number, name: string, value: unknown): void {
    const { parameters, rule, options } = at(this.#groups, index)
    const own = this.#list.readNamed({ [name]: value })
    if (name === 'lr') {
      rule.learningRate = own.lr ?? rule.learningRate
      return
    }
    if (isSame(options[name as keyof CommonOptions], value)) return
    assertChangeable(this.#list.where, name, value)
    tf.tidy(() => {
      const state = rule.copyState()
      this.#setGroup(index, parameters, { ...options, ...own, lr: rule.learningRate })
      at(this.#groups, index).rule.setState(state)
    })
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

  /** Updates every parameter that has a gradient; gives what the closure gives, if there is one. */
  step(...given: Reads<'step'>): unknown {
    const { closure } = parametersOf.step.read(given)
    const loss = closure ? enableGrad(closure) : undefined
    if (loss instanceof Promise) throw asyncClosure(loss)
    guard('the options of the optimizer', () => this.#changes)
    tf.tidy(() => {
      const parts = this.#groups.map(({ rule, parameters, options }) => {
        const gradients = parameters.map((parameter) => parameter.gradient)
        return {
          rule,
          gradients: options.maximize ? gradients.map((gradient) => gradient && tf.neg(gradient)) : gradients,
        }
      })
      applyTogether(parts)
    })
    return loss
  }

  /** Sets the gradients to null, so that the next backward() starts from nothing. */
  zeroGrad(...given: Reads<'zeroGrad'>): void {
    const { setToNone } = parametersOf.zeroGrad.read(given)
    for (const group of this.#groups) {
      for (const parameter of group.parameters) clearGradient(parameter, setToNone)
    }
  }

  /** Steps, momentum and moments as they are now, with the options of each group. Source: torch.optim.Optimizer.state_dict. */
  stateDict(...given: NoArguments): OptimizerStateDict {
    assertNoArguments('Optimizer.stateDict', given)
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
  loadStateDict(...given: Reads<'loadStateDict'>): void {
    const { groups, options } = this.#loadable(parametersOf.loadStateDict.read(given).stateDict)
    for (const [index, { parameters }] of this.#groups.entries()) {
      const { initialLr, ...loaded } = options[index] ?? {}
      const view = this.#paramGroups[index]
      if (
        view &&
        Object.entries(loaded).some(([name, value]) => !isSame(view[name as keyof typeof view], value))
      ) {
        const { params: _, initialLr: __, ...own } = { ...view }
        this.#setGroup(index, parameters, { ...own, ...loaded } as unknown as CommonOptions)
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
    const { where, table } = this.#list
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
        (name) => !(name in table) && name !== 'initialLr',
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

answerUnknown(Optimizer.prototype, optimizerAnswers)

/** Options are numbers, words, truth values and pairs of numbers. */
function isSame(own: unknown, loaded: unknown): boolean {
  return JSON.stringify(own) === JSON.stringify(loaded)
}

/** Parameters are trained also when they are frozen at the moment. */
function isTrained(entry: unknown): entry is Trained {
  return entry instanceof Tensor && (entry.requiresGrad ? entry.isLeaf : 'isEmbedding' in entry)
}

function listOf(where: string, given: unknown): readonly unknown[] {
  const list = isIterable(given) && !(given instanceof Tensor) ? [...given] : ['none']
  const isGroup = (entry: unknown) => typeof entry === 'object' && entry !== null && 'params' in entry
  if (list.every(isTrained) || list.every(isGroup)) return list
  throw new ArgumentError(
    `${where}: expected a list of parameters, or of groups { params, lr }, got ${describeValue(given, 60)}. Pass model.parameters().`,
  )
}

function parametersIn(where: string, given: unknown): readonly Trained[] {
  const list = listOf(where, given)
  if (list.length > 0 && list.every(isTrained)) return list
  throw new ArgumentError(
    `${where}: expected parameters in each group, got none. Pass { params: model.parameters() }.`,
  )
}

function asyncClosure(loss: Promise<unknown>): ArgumentError {
  // What it does later cannot be waited for.
  loss.catch(() => undefined)
  return new ArgumentError(
    'Optimizer.step: expected a closure whose gradients are there when it returns, got an async one. ' +
      'Return the loss, and await its value behind step().',
  )
}
