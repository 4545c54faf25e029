/** The equality meter: how far two aligned lanes are apart, at equal step numbers. */
import { at } from '$lib/core/util/at'
import { DifferenceGrowth } from './differenceGrowth'
import meterWorkerUrl from '$lib/workers/meter.worker.ts?worker&url'
import type { MeterCommand, MeterMessage } from '$lib/workers/meter.worker'
import { startWorker } from '$lib/workers/laneClient'
import type { LaneId } from '$lib/workers/protocol'

/** A difference between the lanes at a step. */
export interface Difference {
  readonly step: number
  readonly value: number
}

/** Losses of a lane that is ahead, or runs alone; the first ones go. */
const mostWaiting = 1_000_000
const mostDifferences = 10_000

function forgetFirst(losses: Map<number, number>): void {
  const first = losses.keys().next()
  if (!first.done) losses.delete(first.value)
}

/** How far apart the lanes are. */
export class Meter {
  #lossDifference = $state.raw<Difference | null>(null)
  #maxLossDifference = $state.raw<Difference | null>(null)
  #weightDifferences = $state.raw<readonly Difference[]>([])
  #incomparable = $state<string | null>(null)
  #comparedSteps = $state(0)
  #comparison = 0
  #growth = new DifferenceGrowth()
  #grownSince = $state<number | null>(null)
  #isInterrupted = $state(false)
  readonly #waitingLosses: Record<LaneId, Map<number, number>> = { A: new Map(), B: new Map() }
  readonly #worker: Worker

  constructor(
    private readonly aligned: () => boolean,
    private readonly terms: () => readonly string[],
  ) {
    this.#worker = startWorker(meterWorkerUrl)
    this.#worker.addEventListener('message', ({ data }: MessageEvent<MeterMessage>) => {
      if (data.comparison !== this.#comparison) return
      if ('incomparable' in data) this.#incomparable = data.incomparable
      else this.#addWeightDifference({ step: data.step, value: data.maxDifference })
    })
  }

  /** True when lane B takes lane A's initial weights, constants and formulation. */
  get isAligned(): boolean {
    return this.aligned()
  }
  /** |Δloss| at the last step both lanes have reached. */
  get lossDifference() {
    return this.#lossDifference
  }
  get maxLossDifference() {
    return this.#maxLossDifference
  }
  /** Since which step the losses part although they agreed at first and never jumped; null where they do not. */
  get grownSince(): number | null {
    return this.#grownSince
  }
  /** max |Δweight| by step. */
  get weightDifferences() {
    return this.#weightDifferences
  }
  /** Why the lanes can no longer be compared; null when they can. */
  get incomparable() {
    return this.#incomparable
  }
  /** The lanes are compared no further; `incomparable` says why. */
  get isInterrupted(): boolean {
    return this.#isInterrupted
  }
  get comparedSteps() {
    return this.#comparedSteps
  }
  /** What each framework does its own way when the lanes are not aligned. */
  get differingTerms(): readonly string[] {
    return this.terms()
  }

  addLosses(lane: LaneId, steps: Float64Array, values: Float64Array): void {
    if (this.#isInterrupted) return
    const own = this.#waitingLosses[lane]
    const other = this.#waitingLosses[lane === 'A' ? 'B' : 'A']
    let last: Difference | null = null
    let largest = this.#maxLossDifference
    let compared = 0
    for (const [index, step] of steps.entries()) {
      const value = at(values, index)
      const partner = other.get(step)
      if (partner === undefined) {
        own.set(step, value)
        if (own.size > mostWaiting) forgetFirst(own)
        continue
      }
      other.delete(step)
      compared++
      last = { step, value: Math.abs(value - partner) }
      this.#growth.add(step, value, partner)
      if (!largest || last.value > largest.value) largest = last
    }
    if (!last) return
    this.#lossDifference = last
    this.#maxLossDifference = largest
    this.#comparedSteps += compared
    this.#grownSince = this.#growth.since
  }

  /** A port through which a lane's worker sends weights, past the page. */
  openPort(lane: LaneId): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#worker.postMessage({ type: 'lane', lane, port: port1 } satisfies MeterCommand, [port1])
    return port2
  }

  /** Names the comparison in progress; lanes send it along, so that weights of an earlier run are told apart. */
  get comparison(): number {
    return this.#comparison
  }

  /** From now on the lanes do different things; what was compared before stays. */
  interrupt(reason: string): void {
    this.#incomparable = reason
    this.#isInterrupted = true
    this.#worker.postMessage({ type: 'begin', comparison: -1 } satisfies MeterCommand)
  }

  clear(): void {
    this.#waitingLosses.A.clear()
    this.#waitingLosses.B.clear()
    this.#lossDifference = null
    this.#maxLossDifference = null
    this.#weightDifferences = []
    this.#incomparable = null
    this.#isInterrupted = false
    this.#comparedSteps = 0
    this.#growth = new DifferenceGrowth()
    this.#grownSince = null
    this.#comparison++
    this.#worker.postMessage({ type: 'begin', comparison: this.#comparison } satisfies MeterCommand)
  }

  /** A lane that begins again at a step it has been at is compared anew from there; the steps ascend. */
  #addWeightDifference(difference: Difference): void {
    const before = this.#weightDifferences.filter(({ step }) => step < difference.step)
    this.#weightDifferences = [...before, difference].slice(-mostDifferences)
  }
}
