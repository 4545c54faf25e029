/** Changes of the learning rate during a run, as lanes recorded them. */
import type { TextEvent } from '$lib/core/events/types'
import { formatCount } from '$lib/core/util/figures'

/** The last change of a lane's learning rate while it ran; null where there was none. */
export function lastRateChange(texts: readonly TextEvent[]): TextEvent | null {
  return texts.findLast(({ tag }) => tag === 'learningRate') ?? null
}

/** Where the lanes' last changes took effect, if at different steps; null where they changed alike or not at all. */
export function differingRateChange(
  textsA: readonly TextEvent[],
  textsB: readonly TextEvent[],
): string | null {
  const [a, b] = [lastRateChange(textsA), lastRateChange(textsB)]
  if (a?.step === b?.step) return null
  const at = (event: TextEvent) => `step ${formatCount(event.step)}`
  if (a !== null && b !== null) return `at ${at(a)} in lane A and at ${at(b)} in lane B`
  return a !== null ? `at ${at(a)} in lane A only` : b !== null ? `at ${at(b)} in lane B only` : null
}
