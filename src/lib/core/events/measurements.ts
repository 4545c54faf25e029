/** Figures of a run computed from the recorded columns of its lanes; null where there is not enough yet. */
import { at } from '../util/at'

/** Columns of one tag; the first `length` entries count. A `Series` is one. */
export interface RecordedColumns {
  readonly length: number
  readonly steps: ArrayLike<number>
  readonly values: ArrayLike<number>
}

/** What one lane recorded. */
export interface LaneRecord {
  readonly series: ReadonlyMap<string, RecordedColumns>
  /** Time of one training step, instruments left out; null before it was measured. */
  readonly microsecondsPerStep: number | null
}

/** What both lanes recorded. */
export type LanePair = readonly [a: LaneRecord, b: LaneRecord]

/** Losses further apart than this are more than float32 rounding. */
export const roundingTolerance = 1e-5

const fewestSteps = 10

/** Whether both lanes have trained long enough to say anything. */
export function hasEnoughSteps(lanes: LanePair): boolean {
  return lanes.every((lane) => (lane.series.get('loss')?.length ?? 0) >= fewestSteps)
}

/** The last value of a tag. */
export function finalValue(lane: LaneRecord, tag: string): number | null {
  const columns = lane.series.get(tag)
  return columns === undefined || columns.length === 0 ? null : (columns.values[columns.length - 1] ?? null)
}

/** The later of the last steps at which the lanes recorded a tag. */
export function lastStepOf(lanes: LanePair, tag: string): number | null {
  const steps = lanes.flatMap(({ series }) => {
    const columns = series.get(tag)
    return columns === undefined || columns.length === 0 ? [] : [at(columns.steps, columns.length - 1)]
  })
  return steps.length === 0 ? null : Math.max(...steps)
}

/** The first recorded step at which a tag was beyond the threshold. */
export function firstCrossing(
  lane: LaneRecord,
  tag: string,
  threshold: number,
  side: 'below' | 'above',
): number | null {
  const columns = lane.series.get(tag)
  for (let index = 0; index < (columns?.length ?? 0); index++) {
    const value = columns?.values[index] ?? NaN
    if (side === 'below' ? value < threshold : value > threshold) return columns?.steps[index] ?? null
  }
  return null
}

/** How far apart the batch losses of the two lanes were at equal steps. */
export interface LossDifference {
  readonly largest: number
  readonly atStep: number
  /** Number of steps that both lanes have. */
  readonly steps: number
  /** The first step with a difference above `roundingTolerance`. */
  readonly parted: number | null
}

/** Compares the batch losses at equal steps; a NaN in one lane alone counts as an infinite difference. */
export function lossDifference([a, b]: LanePair): LossDifference | null {
  const [ofA, ofB] = [a.series.get('loss'), b.series.get('loss')]
  const steps = Math.min(ofA?.length ?? 0, ofB?.length ?? 0)
  if (ofA === undefined || ofB === undefined || steps === 0) return null
  let largest = 0
  let atStep = at(ofA.steps, 0)
  let parted: number | null = null
  for (let index = 0; index < steps; index++) {
    const difference = distance(at(ofA.values, index), at(ofB.values, index))
    const step = at(ofA.steps, index)
    if (difference > largest) [largest, atStep] = [difference, step]
    if (difference > roundingTolerance) parted ??= step
  }
  return { largest, atStep, steps, parted }
}

function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0
  const difference = Math.abs(a - b)
  return Number.isNaN(difference) ? Infinity : difference
}

/** Time per step of lane B by that of lane A: above 1 where A is faster. */
export function speedRatio([a, b]: LanePair): number | null {
  if (a.microsecondsPerStep === null || b.microsecondsPerStep === null) return null
  return b.microsecondsPerStep / a.microsecondsPerStep
}

/** Mean loss of the batches of the last finished epoch, and the test loss after it. */
export function generalisationGap(lane: LaneRecord): { trainingLoss: number; testLoss: number } | null {
  const tests = lane.series.get('epoch/valLoss')
  const losses = lane.series.get('loss')
  if (tests === undefined || losses === undefined || tests.length === 0) return null
  const end = at(tests.steps, tests.length - 1)
  const start = tests.length > 1 ? at(tests.steps, tests.length - 2) : -Infinity
  let sum = 0
  let count = 0
  for (let index = losses.length - 1; index >= 0; index--) {
    const step = at(losses.steps, index)
    if (step <= start) break
    if (step > end) continue
    sum += at(losses.values, index)
    count++
  }
  return count === 0 ? null : { trainingLoss: sum / count, testLoss: at(tests.values, tests.length - 1) }
}
