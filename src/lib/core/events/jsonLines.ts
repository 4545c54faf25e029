/** A run's events as JSON Lines: one event an object, one object a line. */
import type { Series } from './series'
import type { RunEvent } from './types'

/** Events of `run` in the order of their steps; texts come before the scalars of the same step. */
export function toJsonLines(
  run: string,
  series: ReadonlyMap<string, Series>,
  texts: readonly RunEvent[],
): string {
  const scalars = [...series].flatMap(([tag, columns]) => scalarEvents(run, tag, columns))
  const events = [...texts, ...scalars].toSorted((a, b) => a.step - b.step)
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function scalarEvents(run: string, tag: string, columns: Series): RunEvent[] {
  const { steps, wallTimesMs, values, length } = columns
  return Array.from({ length }, (_, index) => ({
    run,
    step: steps[index] ?? 0,
    wallTimeMs: wallTimesMs[index] ?? 0,
    tag,
    kind: 'scalar' as const,
    value: values[index] ?? NaN,
  }))
}
