/** The steps of a run: those that were made, those that wait in a block, and those since the last batch boundary. */

import type { Execution } from './types'

/** A program that makes no update for so long is not in a validation. */
const mostValidationBatches = 1000

/**
 * Counts the updates of one run. Updates of a block are queued before they are made: `called` counts both, and is equal
 * to `step` where nothing is queued. From one boundary to the next, `step` grows and the other counts start at 0.
 */
export class StepCount {
  #step: number
  #stepAtBoundary: number
  #calledAtBoundary: number
  /** Steps since the boundary that were run for an instrument: they say nothing of what steps cost. */
  #observed = 0
  #boundariesSinceUpdate = 0
  #execution: Execution | null = null

  constructor(
    /** Updates that an earlier part of the run made. */
    private readonly before: number,
    /** Updates that the program called for and that wait in a block. */
    private readonly queuedNow: () => number,
  ) {
    this.#step = before
    this.#stepAtBoundary = before
    this.#calledAtBoundary = before
  }

  /** Updates that were made. */
  get step(): number {
    return this.#step
  }

  get queued(): number {
    return this.queuedNow()
  }

  /** Updates that were made or are queued. */
  get called(): number {
    return this.#step + this.queued
  }

  /** No boundary has come since the last update. */
  get isAfterUpdate(): boolean {
    return this.#boundariesSinceUpdate === 0
  }

  /** Batches go by without an update, after some with one in this part of the run: their figures are on their way. */
  get isValidating(): boolean {
    const batches = this.#boundariesSinceUpdate
    return batches > 0 && batches < mostValidationBatches && this.#step > this.before
  }

  /** The step that a figure of the batch in progress belongs to: its own, if it was made, or else the next one. */
  get inProgress(): number {
    return this.isAfterUpdate ? this.#step : this.#step + 1
  }

  /** The queued step of the batch in progress; null if it has none. */
  get queuedOfBatch(): number | null {
    return this.queued > 0 && this.called > this.#calledAtBoundary ? this.called : null
  }

  /** Steps since the boundary that say what steps cost. */
  get timed(): number {
    return this.#step - this.#stepAtBoundary - this.#observed
  }

  /** How the last update was made; null before the first of this part of the run. */
  get execution(): Execution | null {
    return this.#execution
  }

  /** Updates were made. */
  add(updates: number, execution: Execution): void {
    this.#step += updates
    this.#execution = execution
    this.#boundariesSinceUpdate = 0
  }

  /** So many of the steps since the boundary were run for an instrument. */
  leaveOut(updates: number): void {
    this.#observed += updates
  }

  /** The weights are those of the earlier part's last step again. */
  restore(): void {
    this.#step = this.before
  }

  /** A batch begins between the steps of a block: only what is queued has grown. */
  beginWithinBlock(): void {
    this.#calledAtBoundary = this.called
  }

  /** A batch begins at a boundary, where nothing waits to be made. */
  beginBatch(): void {
    this.#stepAtBoundary = this.#step
    this.#calledAtBoundary = this.called
    this.#observed = 0
    this.#boundariesSinceUpdate++
  }
}
