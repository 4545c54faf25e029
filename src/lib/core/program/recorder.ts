/** Collects what a run records between two reports. Drops console lines that come too fast. */
import type { RunEvent, ScalarColumns } from '../events/types'
import type { ConsoleEntry, RunReport } from './types'

const consoleLinesPerReport = 200
const consoleLineLength = 2000

type Recorded = Pick<RunReport, 'lines' | 'scalars' | 'events' | 'console' | 'droppedConsole'>

interface Column {
  readonly steps: number[]
  readonly wallTimesMs: number[]
  readonly values: number[]
}

export class Recorder {
  #columns = new Map<string, Column>()
  #events: RunEvent[] = []
  #console: ConsoleEntry[] = []
  #droppedConsole = 0
  #lines = new Set<number>()

  constructor(readonly run: string) {}

  scalar(tag: string, step: number, wallTimeMs: number, value: number): void {
    const column = this.#columns.get(tag) ?? { steps: [], wallTimesMs: [], values: [] }
    column.steps.push(step)
    column.wallTimesMs.push(wallTimeMs)
    column.values.push(value)
    this.#columns.set(tag, column)
  }

  text(tag: string, step: number, wallTimeMs: number, value: string): void {
    this.#events.push({ run: this.run, step, wallTimeMs, tag, kind: 'text', value })
  }

  print(entry: ConsoleEntry): void {
    if (this.#console.length >= consoleLinesPerReport) {
      this.#droppedConsole++
      return
    }
    this.#console.push({ ...entry, text: entry.text.slice(0, consoleLineLength) })
  }

  line(line: number): void {
    this.#lines.add(line)
  }

  /** Everything since the previous call. */
  take(): Recorded {
    const taken = {
      lines: [...this.#lines].sort((a, b) => a - b),
      scalars: [...this.#columns].map(([tag, column]) => toColumns(tag, column)),
      events: this.#events,
      console: this.#console,
      droppedConsole: this.#droppedConsole,
    }
    this.#lines.clear()
    this.#columns.clear()
    this.#events = []
    this.#console = []
    this.#droppedConsole = 0
    return taken
  }
}

function toColumns(tag: string, column: Column): ScalarColumns {
  return {
    tag,
    steps: Float64Array.from(column.steps),
    wallTimesMs: Float64Array.from(column.wallTimesMs),
    values: Float64Array.from(column.values),
  }
}
