/** What all schedulers share. A scheduler sets `lr` of all groups of its optimizer at every `step()`. */
import { eachStep } from '../../eager/tracing'
import { dictionary, only, taking } from '../../util/kinds'
import { ArgumentError } from '../../util/errors'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../../util/parameters'
import type { SchedulerState } from '../../optim/optimizer'
import { printValue } from '../../util/printValue'
import { answerUnknown } from '../../util/unknownNames'
import { schedulerAnswers } from '../otherNames'
import type { Optimizer, ParameterGroup, Scheduler } from './optimizer'

/** What every scheduler takes first. */
export const scheduled = {
  /** Whose learning rates it sets. */
  optimizer: taking<Optimizer>(
    'an optimizer',
    (value) => typeof value === 'object' && value !== null && 'paramGroups' in value,
    'Pass it as the first argument.',
  ),
}

/** What most schedulers take last. */
export const lastEpoch = {
  lastEpoch: only(-1, 'Make the scheduler as before, and use scheduler.loadStateDict(state).'),
}

/** Epochs to count. */
export const epochs = taking<number>(
  'a whole number of epochs, at least 1',
  (value) => Number.isInteger(value) && Number(value) >= 1,
  'Pass a number such as 10.',
)

/** What methods of schedulers take. */
export const methodParameters = {
  step: parameters('LRScheduler.step', {
    epoch: only(null as number | null, 'Leave it out, and call step() once per epoch.'),
  }),
  loadStateDict: parameters('LRScheduler.loadStateDict', {
    /** What stateDict() gave. */
    stateDict: dictionary<SchedulerState>('a state dict'),
  }),
}

/** Sets the learning rates from how often it was stepped. */
export abstract class LRScheduler implements Scheduler {
  /** How often `step()` was called. */
  lastEpoch = 0
  /** The learning rates of the groups at the beginning. */
  readonly baseLrs: readonly number[]
  /** What the last step set; null before the first one. */
  #lastLrs: readonly number[] | null = null
  readonly #where: string

  constructor(
    where: string,
    readonly optimizer: Optimizer,
  ) {
    this.#where = where
    for (const group of optimizer.paramGroups) if (!('initialLr' in group)) group.initialLr = group.lr
    this.baseLrs = optimizer.paramGroups.map(({ initialLr, lr }) => initialLr ?? lr)
    optimizer.attachScheduler(this)
  }

  /** Call it once per epoch, after optimizer.step(). */
  step(...given: Given<typeof methodParameters.step.table>): void {
    methodParameters.step.read(given)
    eachStep(() => {
      this.lastEpoch++
      this.setRates()
      this.#lastLrs = this.#rates
    })
  }

  /** The learning rates of the groups, as the last step set them. */
  getLastLr(...given: NoArguments): number[] {
    assertNoArguments('LRScheduler.getLastLr', given)
    return [...(this.#lastLrs ?? this.#rates)]
  }

  /** What it was made with, except functions, and how far it is. Source: torch.optim.lr_scheduler.LRScheduler.state_dict. */
  stateDict(...given: NoArguments): SchedulerState {
    assertNoArguments('LRScheduler.stateDict', given)
    return { ...stateOf(this), lastLr: this.getLastLr() }
  }

  /** Continues from what `stateDict` gave; the learning rates are the optimizer's. */
  loadStateDict(...given: Given<typeof methodParameters.loadStateDict.table>): void {
    const { stateDict: state } = methodParameters.loadStateDict.read(given)
    assertState(this.#where, state, this.stateDict())
    const { lastLr, ...own } = state
    Object.assign(this, own)
    if (Array.isArray(lastLr)) this.#lastLrs = lastLr as readonly number[]
  }

  get #rates(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr)
  }

  /** The learning rate of a group from epoch `lastEpoch` on, from the one it has. */
  protected abstract nextRate(group: ParameterGroup, baseLr: number): number

  protected setRates(): void {
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      group.lr = this.nextRate(group, this.baseLrs[index] ?? group.lr)
    }
  }
}

answerUnknown(LRScheduler.prototype, schedulerAnswers)

/** The fields of a scheduler that make up its state: numbers, words and lists of numbers. */
function stateOf(scheduler: object): SchedulerState {
  const isPart = (value: unknown) =>
    typeof value === 'number' ||
    typeof value === 'string' ||
    (Array.isArray(value) && value.every(Number.isFinite))
  return Object.fromEntries(
    Object.entries(scheduler).filter(([, value]) => isPart(value)) as [string, SchedulerState[string]][],
  )
}

/** Throws ArgumentError unless every entry is one that `own` has, of its type, for as many groups. */
export function assertState(where: string, state: SchedulerState, own: SchedulerState): void {
  const given: unknown = state
  const entries: [string, unknown][] =
    typeof given === 'object' && given !== null ? Object.entries(given) : [['state', given]]
  const foreign = entries.find(([name, value]) => !(name in own) || kindOf(value) !== kindOf(own[name]))
  if (foreign) {
    throw new ArgumentError(
      `${where}.loadStateDict: expected what stateDict() of a ${where} gave, got ${foreign[0]} ${printValue(foreign[1])}. ` +
        'Load the state of a scheduler of the same kind.',
    )
  }
  const [groups, count] = [own, { ...own, ...state }].map(({ lastLr }) =>
    Array.isArray(lastLr) ? lastLr.length : 0,
  )
  if (count === groups) return
  throw new ArgumentError(
    `${where}.loadStateDict: expected the state for ${groups} groups, got it for ${count}. Make the optimizer with the same groups first.`,
  )
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value)

/** The factor of an epoch. */
export type LrLambda = (epoch: number) => number

/** One function for all groups, or one for each. */
export const lrLambda = taking<LrLambda | readonly LrLambda[]>(
  'a function of the epoch, or a list of them',
  (value) =>
    typeof value === 'function' ||
    (Array.isArray(value) && value.every((each) => typeof each === 'function')),
  'Write (epoch) => 0.9 ** epoch.',
)

/** A function for each group. Throws ArgumentError where there are others than groups. */
export function lambdasOf(
  where: string,
  given: LrLambda | readonly LrLambda[],
  count: number,
): readonly LrLambda[] {
  if (typeof given === 'function') return new Array<LrLambda>(count).fill(given)
  if (given.length === count) return given
  throw new ArgumentError(
    `${where}: expected a function for each of the ${count} groups, got ${given.length}. Pass one function for all.`,
  )
}
