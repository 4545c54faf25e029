/** Collects what a run records between two reports. Drops console lines that come too fast. */
import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import { printable } from '../util/printable'
import type { RunEvent, ScalarColumns } from '../events/types'
import type { ConsoleEntry, RunReport } from './types'

type Recorded = Pick<RunReport, 'lines' | 'scalars' | 'events' | 'console' | 'droppedConsole'>

interface Column {
  readonly steps: number[]
  readonly wallTimesMs: number[]
  readonly values: number[]
}

/** What was recorded since the last report. */
export class Recorder {
  #columns = new Map<string, Column>()
  #events: RunEvent[] = []
  #console: ConsoleEntry[] = []
  #consoleCharacters = 0
  #droppedConsole = 0
  /** Of the whole run. */
  #facts = 0
  #lines = new Set<number>()

  constructor(readonly run: string) {}

  scalar(tag: string, step: number, wallTimeMs: number, value: number): void {
    const column = this.#columns.get(tag) ?? { steps: [], wallTimesMs: [], values: [] }
    column.steps.push(step)
    column.wallTimesMs.push(wallTimeMs)
    column.values.push(value)
    this.#columns.set(tag, column)
  }

  /** Adds a fact; the one that is one too many says that later ones are left out. */
  text(tag: string, step: number, wallTimeMs: number, value: string): void {
    this.#facts++
    if (this.#facts > limits.facts) return
    if (this.#facts === limits.facts) {
      const text = `A run keeps ${limits.facts} facts, such as its traces: later ones are left out.`
      this.print({ level: 'warn', text, step })
    }
    this.#events.push({
      run: this.run,
      step,
      wallTimeMs,
      tag,
      kind: 'text',
      value: cutText(value, limits.factText),
    })
  }

  print(entry: ConsoleEntry): void {
    const isFull = this.#droppedConsole > 0 || this.#console.length >= limits.consoleLines
    const text = isFull ? '' : printable(entry.text)
    if (isFull || this.#consoleCharacters + text.length > limits.consoleCharacters) {
      this.#droppedConsole++
      return
    }
    this.#consoleCharacters += text.length
    this.#console.push({ ...entry, text })
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
    this.#consoleCharacters = 0
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
