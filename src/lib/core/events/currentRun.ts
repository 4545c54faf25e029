/** The run that the evaluated program belongs to: how both styles meet pause, step, stop and the log. */

import type { PendingNumber } from '../util/pendingNumber'

/** Figures by tag; a number may still be on its way. */
export type Figures = Readonly<Record<string, number | PendingNumber>>

/** What a training loop needs from whoever runs it. One run per worker. */
export interface CurrentRun {
  /** How the lane executes steps where the program does not say. */
  readonly execution: 'eager' | 'static'
  /** Text of the line in progress; empty where nobody knows. */
  readonly lineText: string
  /**
   * Called before every batch of a `DataLoader`, `fit` or `evaluate`. Settles when the lane may go on, with true for
   * a batch that an earlier part of the run has gone through already: it is left out. Rejects with `StoppedError`
   * when the run was stopped.
   */
  batchBoundary(): Promise<boolean>
  /** How many of the `rows` examples of the next training batch to use; absent where it is always all of them. */
  batchRows?(rows: number): number
  /**
   * Records values of the batch in progress under their own tags. With an `epoch` among them they
   * are figures of that epoch and get the tag `epoch/…`.
   */
  log(values: Figures): void
  /** Gives the work back; absent where nobody minds. A run whose program ends before it is done fails: `name` should have been awaited. */
  track?<T>(name: string, work: Promise<T>): Promise<T>
  /** Prints to the lane's console. */
  print(text: string): void
}

/** Thrown through the program to end it at a batch boundary. Not a failure. */
export class StoppedError extends Error {
  override name = 'StoppedError'
  constructor() {
    super('The run was stopped.')
  }
}

const unattended: CurrentRun = {
  execution: 'eager',
  lineText: '',
  batchBoundary: () => Promise.resolve(false),
  log: () => undefined,
  print: (text) => console.log(text),
}

let current: CurrentRun = unattended

/** The run in progress; outside of any run a stand-in that never waits and drops what is logged. */
export function currentRun(): CurrentRun {
  return current
}

/** Makes `run` the current run; `null` goes back to none. */
export function setCurrentRun(run: CurrentRun | null): void {
  current = run ?? unattended
}
