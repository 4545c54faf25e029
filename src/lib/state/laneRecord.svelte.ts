/** What a lane's run has recorded: its scalars as series that grow, and what it noted in words. */
import { last } from '$lib/core/util/at'
import { jsonLines } from '$lib/core/events/jsonLines'
import { Series } from '$lib/core/events/series'
import type { ScalarColumns, TextEvent } from '$lib/core/events/types'
import type { RunReport } from '$lib/workers/protocol'

/** What a lane's run has recorded. */
export class LaneRecord {
  #texts = $state.raw<readonly TextEvent[]>([])
  #latest = $state.raw<Readonly<Record<string, number>>>({})
  #seriesVersion = $state(0)
  readonly #series = new Map<string, Series>()

  get texts() {
    return this.#texts
  }
  /** Last value of each tag. */
  get latest() {
    return this.#latest
  }
  /** Grows in place; read `seriesVersion` to follow it. */
  get series(): ReadonlyMap<string, Series> {
    return this.#series
  }
  get seriesVersion() {
    return this.#seriesVersion
  }

  /** All events as parts of JSON Lines, as those of `run`. */
  eventLines(run: string): Iterable<string> {
    return jsonLines(run, this.#series, this.#texts)
  }

  add({ events, scalars }: RunReport): void {
    const texts = events.filter((event) => event.kind === 'text')
    if (texts.length > 0) this.#texts = [...this.#texts, ...texts]
    if (scalars.length > 0) this.#addScalars(scalars)
  }

  /** The run goes on from an earlier step; what came after that never happened. */
  goBackTo(step: number): void {
    for (const series of this.#series.values()) series.truncateAfter(step)
    this.#seriesVersion++
  }

  #addScalars(scalars: readonly ScalarColumns[]): void {
    const latest: Record<string, number> = {}
    for (const columns of scalars) {
      const series = this.#series.get(columns.tag) ?? new Series()
      series.append(columns)
      this.#series.set(columns.tag, series)
      latest[columns.tag] = last(columns.values)
    }
    this.#latest = { ...this.#latest, ...latest }
    this.#seriesVersion++
  }
}
