/** What a program logged and is not recorded yet: its numbers may still be on their way. */
import type { Figures } from '../events/currentRun'
import { cutText } from '../util/cutText'
import { describeValue, isInstance } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { isStepFailure } from '../session/pendingStep'
import { limits } from '../util/laneLimits'
import { isPendingNumber, type PendingNumber } from '../util/pendingNumber'

/** Characters of a value that is not a number. */
const shownValue = 60

interface Entry {
  readonly figures: Figures
  /** The step the figures belong to; null until it is known. */
  step: number | null
  /** Whether the program was told of a loss in it that is not finite. */
  isTold: boolean
}

/** Figures whose numbers are all there. */
export interface ArrivedFigures {
  readonly step: number
  readonly values: Readonly<Record<string, number>>
  readonly isTold: boolean
}

/** The entries that wait for their numbers. */
export class RunLog {
  readonly #entries: Entry[] = []
  /** Everything that the run has logged under a name of its own. */
  readonly #names = new Set<string>()
  /** Numbers that the run has logged. */
  #values = 0
  /** So many entries, from the first, have a step. */
  #stamped = 0

  /** Takes so many numbers of a run. */
  constructor(private readonly mostValues: number = limits.loggedValues) {}

  /** Adds figures of a step, or with null of the step that `stamp` will name. Throws ArgumentError. */
  add(figures: Figures, step: number | null): void {
    const copied = copyOf(figures)
    for (const [name, value] of Object.entries(copied)) {
      if (!this.#names.has(name)) this.#addName(name)
      if (typeof value !== 'number' && !isPendingNumber(value)) throw notANumber(name, value)
    }
    if (this.#entries.length >= limits.loggedEntries) {
      throw new ArgumentError(
        `log: expected at most ${limits.loggedEntries} calls between two batches, got one more. Log once for each batch.`,
      )
    }
    this.#countValues(Object.keys(copied).length)
    this.#entries.push({ figures: copied as Figures, step, isTold: false })
  }

  #countValues(count: number): void {
    if (this.#values + count > this.mostValues) {
      throw new ArgumentError(
        `log: expected at most ${this.mostValues} numbers in a run, got one more. Log fewer of them, or less often.`,
      )
    }
    this.#values += count
  }

  #addName(name: string): void {
    if (name.length > limits.name) {
      throw new ArgumentError(
        `log: expected names of at most ${limits.name} characters, got ${name.length}: ${cutText(name, 60)}. Write a shorter one.`,
      )
    }
    if (this.#names.size >= limits.loggedNames) {
      throw new ArgumentError(
        `log: expected at most ${limits.loggedNames} different names in a run, got one more: ${name}. Log what belongs together under one name.`,
      )
    }
    this.#names.add(name)
  }

  /** What was logged without a step belongs to this one. */
  stamp(step: number): void {
    for (const entry of this.#entries.slice(this.#stamped)) entry.step ??= step
    this.#stamped = this.#entries.length
  }

  /** The program was told of all that is not finite so far. */
  tell(): void {
    for (const entry of this.#entries) entry.isTold = true
  }

  /** Takes, in order, the entries whose numbers are there. */
  takeArrived(): ArrivedFigures[] {
    const firstMissing = this.#entries.findIndex(({ figures }) => Object.values(figures).some(isOnItsWay))
    const count = firstMissing < 0 ? this.#entries.length : firstMissing
    this.#stamped = Math.max(0, this.#stamped - count)
    return this.#entries
      .splice(0, count)
      .map(({ figures, step, isTold }) => ({ step: step ?? 0, values: valuesOf(figures), isTold }))
  }

  /**
   * Settles when all numbers are there; rejects with why one cannot come. Figures of a compiled step that failed are left out:
   * the program was told where it waited for the step, and may have caught it.
   */
  async arrive(): Promise<void> {
    for (const entry of [...this.#entries]) {
      try {
        for (const figure of Object.values(entry.figures)) if (isOnItsWay(figure)) await figure.settled()
      } catch (error) {
        if (!isStepFailure(error)) throw error
        this.#leaveOut(entry)
      }
    }
  }

  #leaveOut(entry: Entry): void {
    const index = this.#entries.indexOf(entry)
    if (index < 0) return
    this.#entries.splice(index, 1)
    if (index < this.#stamped) this.#stamped--
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

/** Read once: a getter or a proxy may give something else the next time. */
function copyOf(figures: unknown): Record<string, unknown> {
  if (typeof figures === 'object' && figures !== null) return { ...figures }
  throw new ArgumentError(
    `log: expected figures by name, got ${describeValue(figures, shownValue)}. Write log({ loss: value }).`,
  )
}

function notANumber(name: string, value: unknown): ArgumentError {
  const where = `log: expected a number for ${name}`
  if (isInstance(value, Promise)) {
    return new ArgumentError(`${where}, got a promise. Write await before it.`)
  }
  const shown = describeValue(value, shownValue)
  return new ArgumentError(`${where}, got ${typeof value} ${shown}. Call tensor.item() for its number.`)
}
