/** Where a lane was given other weights, along the axis of a chart. */
import type { TextEvent } from '$lib/core/events/types'
import type { XMap } from './xAxis'

/** Axis values of what a run noted of weights that it loaded. */
export function weightChanges(texts: readonly TextEvent[], map: XMap): readonly number[] {
  return texts
    .filter(({ tag }) => tag === 'weights')
    .map(({ step, wallTimeMs }) => map.forward(map.column === 'steps' ? step : wallTimeMs))
}
