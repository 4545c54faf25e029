/** What all schedulers share. A scheduler sets `lr` of all groups of its optimizer at every `step()`. */
import { eachStep } from '../../eager/tracing'
import { ArgumentError } from '../../util/errors'
import type { Optimizer, ParameterGroup, Scheduler } from './optimizer'

/** Sets the learning rates from how often it was stepped. */
export abstract class LRScheduler implements Scheduler {
  /** How often `step()` was called. */
  lastEpoch = 0
  /** The learning rates of the groups at the beginning. */
  readonly baseLrs: readonly number[]

  constructor(
    where: string,
    readonly optimizer: Optimizer,
  ) {
    assertOptimizer(where, optimizer)
    for (const group of optimizer.paramGroups) group.initialLr ??= group.lr
    this.baseLrs = optimizer.paramGroups.map(({ initialLr, lr }) => initialLr ?? lr)
    optimizer.attachScheduler(this)
  }

  /** Call it once per epoch, after optimizer.step(). */
  step(): void {
    eachStep(() => {
      this.lastEpoch++
      this.setRates()
    })
  }

  /** The learning rates of the groups. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr)
  }

  /** How far it is; the learning rates are the optimizer's. */
  stateDict(): Record<string, number> {
    return { lastEpoch: this.lastEpoch }
  }

  /** Goes on from what `stateDict` gave. */
  loadStateDict({ lastEpoch = 0 }: Readonly<Record<string, number>>): void {
    this.lastEpoch = lastEpoch
  }

  /** The learning rate of a group from epoch `lastEpoch` on, from the one it has. */
  protected abstract nextRate(group: ParameterGroup, baseLr: number): number

  protected setRates(): void {
    for (const [index, group] of this.optimizer.paramGroups.entries()) {
      group.lr = this.nextRate(group, this.baseLrs[index] ?? group.lr)
    }
  }
}

/** The factor of an epoch. */
export type LrLambda = (epoch: number) => number

/** Throws ArgumentError unless `value` is a number of epochs. */
export function assertEpochs(where: string, name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new ArgumentError(
    `${where}: expected ${name} to be a whole number of epochs, at least 1, got ${value}. Pass a number such as 10.`,
  )
}

/** Throws ArgumentError unless it has groups of parameters. */
export function assertOptimizer(where: string, optimizer: Optimizer): void {
  const given: unknown = optimizer
  if (typeof given === 'object' && given !== null && 'paramGroups' in given) return
  throw new ArgumentError(
    `${where}: expected an optimizer, got something else. Pass it as the first argument.`,
  )
}
