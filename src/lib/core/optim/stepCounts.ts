/** How many updates each variable has had: one without a gradient is left out of an update. Not the optimizer's own count. */
import { eachStep, guard } from '../eager/tracing'
import type { tf } from '../eager/tfjs'

interface Counted {
  count: number
  /** Variables of one group have had all their updates together, so that their counts are equal. */
  group: number
}

/** The number of updates of each variable. */
export class StepCounts {
  readonly #counted: ReadonlyMap<tf.Variable, Counted>
  #groupsMade = 1

  constructor(variables: readonly tf.Variable[]) {
    this.#counted = new Map(variables.map((variable) => [variable, { count: 0, group: 0 }]))
  }

  /** In the order of the variables. */
  values(): readonly number[] {
    return [...this.#counted.values()].map(({ count }) => count)
  }

  /** Goes on from earlier counts, in the order of the variables; from 0 where there is none. */
  restore(counts: readonly number[]): void {
    const groups = [...new Set([0, ...counts])]
    for (const [index, counted] of [...this.#counted.values()].entries()) {
      counted.count = counts[index] ?? 0
      counted.group = groups.indexOf(counted.count)
    }
    this.#groupsMade = groups.length
  }

  /** Counts an update of these variables. */
  advance(updated: readonly tf.Variable[]): void {
    const advanced = updated.flatMap((variable) => this.#counted.get(variable) ?? [])
    // What a trace makes of the counts needs the groups now, its replays may find others.
    this.#separate(advanced)
    eachStep(() => {
      this.#separate(advanced)
      for (const counted of advanced) counted.count++
    })
  }

  /**
   * Gives each variable what `make` gives for its count; variables that are always updated together share it. A graph
   * that is made meanwhile holds as long as they are.
   */
  shared<T>(make: (count: () => number) => T): (variable: tf.Variable) => T {
    const made = new Map<number, T>()
    return (variable) => {
      const counted = this.#counted.get(variable) ?? { count: 0, group: 0 }
      const { group } = counted
      guard('which parameters are updated together', () => counted.group)
      const value = made.get(group) ?? make(() => counted.count)
      made.set(group, value)
      return value
    }
  }

  /** Parts groups of which an update takes some members only. */
  #separate(advanced: readonly Counted[]): void {
    if (advanced.length === this.#counted.size) return
    const together = new Set(advanced)
    const apart = [...this.#counted.values()].filter((counted) => !together.has(counted))
    const left = new Set(apart.map(({ group }) => group))
    const parted = new Map<number, number>()
    for (const counted of advanced) {
      if (!left.has(counted.group)) continue
      const group = parted.get(counted.group) ?? this.#groupsMade++
      parted.set(counted.group, group)
      counted.group = group
    }
  }
}
