/** What the charts need of a playground: two lanes with recorded columns that grow in place. */
import type { TextEvent } from '$lib/core/events/types'
import { xMap, type Columns, type XAxis, type XMap } from './xAxis'

/** A lane as charts read it: what its run has recorded. */
export interface LaneSource {
  /** Columns by tag; not reactive. */
  readonly series: ReadonlyMap<string, Columns>
  /** Reactive; changes at most ten times a second while columns grow. */
  readonly seriesVersion: number
  /** What the run noted in words, such as weights that it loaded. */
  readonly texts: readonly TextEvent[]
}

/** Both lanes, and how many steps an epoch will have. */
export interface ChartSource {
  readonly lanes: readonly [LaneSource, LaneSource]
  readonly stepsPerEpoch: number
}

/** Where a lane's records lie on the axis. */
export function laneMap(source: ChartSource, lane: LaneSource, axis: XAxis): XMap {
  return xMap(axis, lane.series.get('epoch'), source.stepsPerEpoch)
}

/** The largest axis value recorded in either lane under any tag; 0 before the first record. */
export function axisEnd(source: ChartSource, axis: XAxis): number {
  let end = 0
  for (const lane of source.lanes) {
    const map = laneMap(source, lane, axis)
    for (const columns of lane.series.values()) {
      const last = columns[map.column][columns.length - 1]
      if (last !== undefined && columns.length > 0) end = Math.max(end, map.forward(last))
    }
  }
  return end
}

/** The number of the last step recorded by either lane. */
export function lastStep(source: ChartSource): number {
  return axisEnd(source, 'step')
}

/** Records of both lanes under one tag. */
export function laneColumns(
  source: ChartSource,
  tag: string,
): readonly [Columns | undefined, Columns | undefined] {
  const [a, b] = source.lanes
  return [a.series.get(tag), b.series.get(tag)]
}
