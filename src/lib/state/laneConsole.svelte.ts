/** The last lines that a lane's program printed. */
import type { ConsoleEntry, RunReport } from '$lib/workers/protocol'

const consoleLength = 500

/** What a lane's program printed. */
export class LaneConsole {
  #entries = $state.raw<readonly ConsoleEntry[]>([])
  #dropped = $state(0)

  get entries() {
    return this.#entries
  }
  /** Lines that came too fast to be kept. */
  get dropped() {
    return this.#dropped
  }

  add({ console, droppedConsole }: Pick<RunReport, 'console' | 'droppedConsole'>): void {
    this.#dropped += droppedConsole
    if (console.length > 0) this.#entries = [...this.#entries, ...console].slice(-consoleLength)
  }
}
