/** What a program logged and is not recorded yet: its numbers may still be on their way. */
import type { Figures } from '../events/currentRun'
import { ArgumentError } from '../util/errors'
import { isPendingNumber, type PendingNumber } from '../util/pendingNumber'

interface Entry {
  readonly figures: Figures
  /** The step the figures belong to; null until it is known. */
  step: number | null
}

/** Figures whose numbers are all there. */
export interface ArrivedFigures {
  readonly step: number
  readonly values: Readonly<Record<string, number>>
}

export class RunLog {
  readonly #entries: Entry[] = []
  /** So many entries, from the first, have a step. */
  #stamped = 0

  /** Adds figures of a step, or with null of the step that `stamp` will name. Throws ArgumentError. */
  add(figures: Figures, step: number | null): void {
    assertNumbers(figures)
    this.#entries.push({ figures: { ...figures }, step })
  }

  /** What was logged without a step belongs to this one. */
  stamp(step: number): void {
    for (const entry of this.#entries.slice(this.#stamped)) entry.step ??= step
    this.#stamped = this.#entries.length
  }

  /** Takes, in order, the entries whose numbers are there. */
  takeArrived(): ArrivedFigures[] {
    const firstMissing = this.#entries.findIndex(({ figures }) => Object.values(figures).some(isOnItsWay))
    const count = firstMissing < 0 ? this.#entries.length : firstMissing
    this.#stamped = Math.max(0, this.#stamped - count)
    return this.#entries
      .splice(0, count)
      .map(({ figures, step }) => ({ step: step ?? 0, values: valuesOf(figures) }))
  }

  /** Settles when all numbers are there; rejects with why one cannot come. */
  async arrive(): Promise<void> {
    for (const { figures } of this.#entries) {
      for (const figure of Object.values(figures)) if (isOnItsWay(figure)) await figure.settled()
    }
  }
}

function isOnItsWay(figure: number | PendingNumber): figure is PendingNumber {
  return typeof figure !== 'number' && figure.arrived === undefined
}

function valuesOf(figures: Figures): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      name,
      typeof figure === 'number' ? figure : (figure.arrived ?? NaN),
    ]),
  )
}

function assertNumbers(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' || isPendingNumber(value)) continue
    const isPromise = value instanceof Promise
    throw new ArgumentError(
      isPromise
        ? `log: expected a number for ${name}, got a promise. Write await before it.`
        : `log: expected a number for ${name}, got ${typeof value}. Call tensor.item() for its number.`,
    )
  }
}
