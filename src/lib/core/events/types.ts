/** One record of a run, and the columns in which scalars travel from a worker to the page. */

/** `scalar` values are numbers plotted over steps; `text` values are facts about the run. */
export type RunEvent = ScalarEvent | TextEvent

interface EventBase {
  readonly run: string
  /** Number of optimizer updates done when the event was recorded. */
  readonly step: number
  /** Milliseconds the lane has been training; pauses and the other lane's turns do not count. */
  readonly wallTimeMs: number
  /** `loss` for a batch, `epoch/…` for epoch figures, `gradientNorm`, `backend`, `learningRate` … */
  readonly tag: string
}

/** A number at a step. */
export interface ScalarEvent extends EventBase {
  readonly kind: 'scalar'
  readonly value: number
}

/** A text at a step. */
export interface TextEvent extends EventBase {
  readonly kind: 'text'
  readonly value: string
}

/** Consecutive scalar events of one tag as columns of equal length. */
export interface ScalarColumns {
  readonly tag: string
  readonly steps: Float64Array
  readonly wallTimesMs: Float64Array
  readonly values: Float64Array
}
