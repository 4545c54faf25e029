/** A chart as rows of numbers: few enough to read, or all of them as a file. */
import { at } from '$lib/core/util/at'
import { inParts } from '$lib/core/events/textParts'
import { indexAtStep, type Columns } from './xAxis'

/** One line of the table; a lane that had no value by then is undefined. */
export interface TableRow {
  readonly step: number
  readonly a: number | undefined
  readonly b: number | undefined
}

/** `count` positions spread evenly over 0..length−1, first and last included, none twice. */
export function evenlySpaced(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, index) => index)
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / (count - 1)))
}

/** The value recorded at `step`, or last before it; undefined once the lane had ended. */
export function valueAtStep(columns: Columns | undefined, step: number): number | undefined {
  return columns === undefined ? undefined : columns.values[indexAtStep(columns, step)]
}

/** What is read out of a lane; `step` where it must be said, because the lanes' steps differ. */
export interface Reading {
  readonly value: number | undefined
  readonly step: number | null
}

/** Both lanes' values at `cursorStep`, or their latest ones where it is null. */
export function readings(
  pair: readonly [Columns | undefined, Columns | undefined],
  cursorStep: number | null,
): readonly [Reading, Reading] {
  const [a, b] = pair.map((columns) => (columns?.length ? columns.steps[columns.length - 1] : undefined))
  const differ = cursorStep === null && a !== undefined && b !== undefined && a !== b
  const read = (columns: Columns | undefined, latest = 0): Reading => ({
    value: valueAtStep(columns, cursorStep ?? latest),
    step: differ ? latest : null,
  })
  return [read(pair[0], a), read(pair[1], b)]
}

/** At most `count` rows at steps spread over the longer of two runs. */
export function tableRows(a: Columns | undefined, b: Columns | undefined, count: number): TableRow[] {
  const longer = lastStep(b) > lastStep(a) ? b : a
  if (longer === undefined) return []
  return evenlySpaced(longer.length, count).map((index) => {
    const step = at(longer.steps, index)
    return { step, a: valueAtStep(a, step), b: valueAtStep(b, step) }
  })
}

const noColumns: Columns = { length: 0, steps: [], wallTimesMs: [], values: [] }

/** Every record of both lanes as parts of comma-separated text: lane, step, milliseconds, value. */
export function lanesCsv(a = noColumns, b = noColumns): Iterable<string> {
  return inParts(csvLines(laneLines('A', a), laneLines('B', b)))
}

function* csvLines(...lanes: Iterable<string>[]): Generator<string, void, undefined> {
  yield 'lane,step,wallTimeMs,value'
  for (const lines of lanes) yield* lines
}

/** What the columns hold at the call; what is added later is left out. */
function* laneLines(
  lane: 'A' | 'B',
  { length, steps, wallTimesMs, values }: Columns,
): Generator<string, void, undefined> {
  for (let i = 0; i < length; i++) yield `${lane},${steps[i]},${wallTimesMs[i]},${values[i]}`
}

function lastStep(columns: Columns | undefined): number {
  return columns === undefined || columns.length === 0 ? -1 : at(columns.steps, columns.length - 1)
}
