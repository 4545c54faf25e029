/** The run that the evaluated program belongs to: how both styles meet pause, step, stop and the log. */

/** What a training loop needs from whoever runs it. One run per worker. */
export interface CurrentRun {
  /**
   * Called before every batch of a `DataLoader` or `fit`. Settles when the lane may go on;
   * rejects with `StoppedError` when the run was stopped.
   */
  batchBoundary(): Promise<void>
  /**
   * Records values of the batch in progress under their own tags. With an `epoch` among them they
   * are figures of that epoch and get the tag `epoch/…`.
   */
  log(values: Readonly<Record<string, number>>): void
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
  batchBoundary: () => Promise.resolve(),
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
