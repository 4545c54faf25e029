/** A measurement of backends in a lane's worker: awaited, and given up where the worker says nothing for too long. */
import type { BackendMeasurement, LaneError } from '$lib/workers/protocol'

/** How long a measurement may say nothing: software GPUs take their time for a convolution. */
const mostSilenceMs = 120_000

type Measurements = readonly BackendMeasurement[]

/** The measurement of one lane. */
export class Measuring {
  #resolve: ((measurements: Measurements) => void) | null = null
  #silence: ReturnType<typeof setTimeout> | undefined

  /** `onSilence` is called when it was given up. */
  constructor(private readonly onSilence: (error: LaneError) => void) {}

  /** Settles with what was measured; with nothing where it was given up. */
  begin(): Promise<Measurements> {
    this.giveUp()
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.hear()
    })
  }

  /** The worker said something: until it does again as much time may pass. */
  hear(): void {
    if (this.#resolve === null) return
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#endSilence(), mostSilenceMs)
  }

  settle(measurements: Measurements): void {
    clearTimeout(this.#silence)
    this.#resolve?.(measurements)
    this.#resolve = null
  }

  giveUp(): void {
    this.settle([])
  }

  /** A program that never reaches a batch must not hold up the other lane, which waits for this one's backend. */
  #endSilence(): void {
    this.giveUp()
    const minutes = mostSilenceMs / 60_000
    const message = `measure: expected a batch within ${minutes} minutes, got none. Choose a backend, or end the loop that never awaits one.`
    this.onSilence({ name: 'BackendError', message })
  }
}
