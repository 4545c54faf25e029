/** How far a run may go and when it gives way: its limit, pausing and going on, and being told to stop. */
import type { RunLimit } from './types'

const yieldEveryMs = 8

/** The limit of a run that is to rest where it is. */
export const nowhere: RunLimit = { kind: 'steps', count: 0 }

/** How far a run goes, and how it waits. */
export interface PacingOptions {
  readonly limit: RunLimit
  /** Updates made when the run begins, from which its limit counts. */
  readonly step: number
  /** Milliseconds from any origin. */
  readonly now: () => number
  /** Lets waiting messages in. */
  readonly yieldToHost: () => Promise<void>
}

/** Decides at every batch boundary whether a run goes on. */
export class RunPacing {
  #limit: RunLimit
  #startStep: number
  #startMs = 0
  #stopReason: Error | null = null
  #isWoken = false
  #call: (() => void) | null = null
  #lastYieldMs = 0

  constructor(private readonly options: PacingOptions) {
    this.#limit = options.limit
    this.#startStep = options.step
  }

  get limit(): RunLimit {
    return this.#limit
  }

  /** What the next boundary throws; null while the run may go on. */
  get stopReason(): Error | null {
    return this.#stopReason
  }

  /** A method: a message sets the reason where the compiler does not see it. */
  isStopped(): boolean {
    return this.#stopReason !== null
  }

  /** The limit counts from `step` and from now on. */
  setLimit(limit: RunLimit, step: number): void {
    this.#limit = limit
    this.#startStep = step
    this.#startMs = this.options.now()
  }

  pause(): void {
    this.#limit = nowhere
  }

  resume(limit: RunLimit, step: number): void {
    this.setLimit(limit, step)
    this.#wake()
  }

  stop(reason: Error): void {
    this.#stopReason = reason
    this.#wake()
  }

  isLimitReached(step: number): boolean {
    switch (this.#limit.kind) {
      case 'none':
        return false
      case 'steps':
        return step - this.#startStep >= this.#limit.count
      case 'duration':
        return this.options.now() - this.#startMs >= this.#limit.durationMs
    }
  }

  /** Steps after `step` until the run pauses or stops; a limit in time has no such number. */
  stepsLeft(step: number): number {
    if (this.#stopReason) return 0
    return this.#limit.kind === 'steps' ? this.#limit.count - (step - this.#startStep) : Infinity
  }

  /** Waits until the run is resumed or stopped; before it waits, and after every `call`, it serves. */
  async rest(serve: () => Promise<void>): Promise<void> {
    this.#isWoken = false
    while (!this.#hasWoken()) {
      // Set up first: what is asked for while another inspection runs gets a turn of its own.
      const called = new Promise<void>((resolve) => (this.#call = resolve))
      await serve()
      if (!this.#hasWoken()) await called
      this.#call = null
    }
  }

  /** Lets a run that rests serve what it was asked for. */
  call(): void {
    this.#call?.()
  }

  isYieldDue(): boolean {
    return this.options.now() - this.#lastYieldMs >= yieldEveryMs
  }

  /** Lets waiting messages in. */
  async yieldToHost(): Promise<void> {
    await this.options.yieldToHost()
    this.#lastYieldMs = this.options.now()
  }

  #wake(): void {
    this.#isWoken = true
    this.#call?.()
  }

  #hasWoken(): boolean {
    return this.#isWoken
  }
}
