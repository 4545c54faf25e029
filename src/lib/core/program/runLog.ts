/** What a program logged and is not recorded yet: its numbers may still be on their way. */
import type { Figures } from '../events/currentRun'
import { ArgumentError } from '../util/errors'
import { isPendingNumber } from '../util/pendingNumber'

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

  /** Adds figures of a step, or with null of the step that `stamp` will name. Throws ArgumentError. */
  add(figures: Figures, step: number | null): void {
    assertNumbers(figures)
    this.#entries.push({ figures: { ...figures }, step })
  }

  /** What was logged without a step belongs to this one. */
  stamp(step: number): void {
    for (const entry of this.#entries) entry.step ??= step
  }

  /** Takes, in order, the entries whose numbers are there. */
  takeArrived(): ArrivedFigures[] {
    const firstMissing = this.#entries.findIndex(({ figures }) => !hasArrived(figures))
    const count = firstMissing < 0 ? this.#entries.length : firstMissing
    return this.#entries
      .splice(0, count)
      .map(({ figures, step }) => ({ step: step ?? 0, values: valuesOf(figures) }))
  }

  /** Settles when all numbers are there; rejects with why one cannot come. */
  async arrive(): Promise<void> {
    for (const { figures } of this.#entries) {
      for (const figure of Object.values(figures)) if (typeof figure !== 'number') await figure.settled()
    }
  }
}

function hasArrived(figures: Figures): boolean {
  return Object.values(figures).every((figure) => typeof figure === 'number' || figure.arrived !== undefined)
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
