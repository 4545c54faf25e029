/** Measures training time between batch boundaries, with instruments and waiting left out. */

export interface SpentPerStep {
  readonly trainMs: number
  readonly instrumentMs: number
  readonly kernels: number
  readonly hostReads: number
  readonly steps: number
}

/** Running counts of the engine, as read at a boundary. */
export interface EngineCounts {
  readonly kernels: number
  readonly hostReads: number
}

const nothing: SpentPerStep = { trainMs: 0, instrumentMs: 0, kernels: 0, hostReads: 0, steps: 0 }

/** The time of the steps of one run. */
export class StepClock {
  #sectionStart: number | null = null
  #sectionInstrumentMs = 0
  #sectionBuildMs = 0
  #sectionCounts: EngineCounts = { kernels: 0, hostReads: 0 }
  #trainedMs = 0
  #spent = nothing

  constructor(
    private readonly now: () => number,
    private readonly counts: () => EngineCounts,
    /** What an earlier part of the run has trained already. */
    trainedMs = 0,
  ) {
    this.#trainedMs = trainedMs
  }

  /** Whether a batch is under way. */
  get isRunning(): boolean {
    return this.#sectionStart !== null
  }

  /** Milliseconds of training that `take` has not given yet. */
  get untakenMs(): number {
    return this.#spent.trainMs
  }

  /** Milliseconds trained since the run began. */
  get trainedMs(): number {
    return this.#trainedMs + this.#sectionMs()
  }

  /** Training goes on after a boundary. */
  resume(): void {
    this.#sectionStart = this.now()
    this.#sectionInstrumentMs = 0
    this.#sectionBuildMs = 0
    this.#sectionCounts = this.counts()
  }

  /** A boundary is reached; `steps` updates were made since `resume`. Sections without one are not averaged. */
  pause(steps: number): void {
    if (this.#sectionStart === null) return
    const trainMs = this.#sectionMs()
    const counts = this.counts()
    this.#trainedMs += trainMs
    this.#sectionStart = null
    if (steps === 0) return
    this.#spent = {
      trainMs: this.#spent.trainMs + trainMs - this.#sectionBuildMs,
      instrumentMs: this.#spent.instrumentMs,
      kernels: this.#spent.kernels + counts.kernels - this.#sectionCounts.kernels,
      hostReads: this.#spent.hostReads + counts.hostReads - this.#sectionCounts.hostReads,
      steps: this.#spent.steps + steps,
    }
  }

  /** Time of this section that built graphs: it was spent on training, but on no step. */
  addBuild(elapsedMs: number): void {
    this.#sectionBuildMs += elapsedMs
  }

  /** Time of this section that an instrument took. */
  addInstrument(elapsedMs: number): void {
    if (this.#sectionStart !== null) this.#sectionInstrumentMs += elapsedMs
    this.#spent = { ...this.#spent, instrumentMs: this.#spent.instrumentMs + elapsedMs }
  }

  /** Runs an instrument and books its time apart from training. */
  instrument<T>(run: () => T): T {
    const start = this.now()
    try {
      return run()
    } finally {
      this.addInstrument(this.now() - start)
    }
  }

  /** Runs an instrument between batches, where the clock stands still, and books its time. */
  async instrumentBetween<T>(run: () => Promise<T>): Promise<T> {
    const start = this.now()
    try {
      return await run()
    } finally {
      this.#spent = { ...this.#spent, instrumentMs: this.#spent.instrumentMs + this.now() - start }
    }
  }

  /** What the steps since the previous call cost. */
  take(): SpentPerStep {
    const spent = this.#spent
    this.#spent = nothing
    return spent
  }

  #sectionMs(): number {
    return this.#sectionStart === null ? 0 : this.now() - this.#sectionStart - this.#sectionInstrumentMs
  }
}
