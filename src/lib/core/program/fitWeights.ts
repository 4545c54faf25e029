/** Which weights of a model fit into a changed one: those of the layers that are still there; the rest starts anew. */
import type { OptimizerState } from '../optim/optimizer'
import { isSameShape, printShape, type Shape } from '../util/shapes'

/** A weight as far as fitting goes. */
export interface NamedShape {
  readonly name: string
  readonly shape: Shape
}

/** What of an earlier model fits into a changed one. */
export interface Fit {
  /** Name in the earlier model by name in the changed one. */
  readonly kept: ReadonlyMap<string, string>
  /** Weights that start anew. */
  readonly fresh: readonly NamedShape[]
  /** Weights that have no place any more. */
  readonly dropped: readonly NamedShape[]
}

/**
 * Pairs weights of equal shape in order: from the input until the first that differs, then from the output. So an
 * inserted or removed layer leaves those on both sides of it as they were, whatever their new names are.
 */
export function fitWeights(before: readonly NamedShape[], now: readonly NamedShape[]): Fit {
  const kept = new Map<string, string>()
  const mostPairs = Math.min(before.length, now.length)
  const pair = (old: NamedShape | undefined, fresh: NamedShape | undefined): boolean => {
    if (!old || !fresh || !isSameShape(old.shape, fresh.shape)) return false
    kept.set(fresh.name, old.name)
    return true
  }
  let front = 0
  while (front < mostPairs && pair(before[front], now[front])) front++
  let back = 1
  while (front + back <= mostPairs && pair(before.at(-back), now.at(-back))) back++
  const keptBefore = new Set(kept.values())
  return {
    kept,
    fresh: now.filter(({ name }) => !kept.has(name)),
    dropped: before.filter(({ name }) => !keptBefore.has(name)),
  }
}

/** Whether the two models differ in their weights. */
export function isChanged({ fresh, dropped }: Fit): boolean {
  return fresh.length > 0 || dropped.length > 0
}

/** One sentence for the console. */
export function describeFit({ kept, fresh, dropped }: Fit): string {
  const list = (weights: readonly NamedShape[]) =>
    weights.map(({ name, shape }) => `${name} ${printShape(shape)}`).join(', ')
  const parts = [
    `kept ${kept.size === 0 ? 'no weights' : [...kept.keys()].join(', ')}`,
    ...(fresh.length > 0 ? [`new: ${list(fresh)}`] : []),
    ...(dropped.length > 0 ? [`dropped: ${list(dropped)}`] : []),
  ]
  return `The model changed: ${parts.join('; ')}.`
}

/** Slots and counts for the variables that stand in for `names` of the earlier model; a new variable has none. */
export function fittingState(
  { steps, slots, ...rest }: OptimizerState,
  trainable: readonly string[],
  names: readonly (string | undefined)[],
): OptimizerState {
  const perVariable = trainable.length === 0 ? 0 : slots.length / trainable.length
  const positionOf = (name: string | undefined) => (name === undefined ? -1 : trainable.indexOf(name))
  const slotsOf = (name: string | undefined): (Float32Array | null)[] => {
    const position = positionOf(name)
    const start = position * perVariable
    return Array.from({ length: perVariable }, (_, index) =>
      position < 0 ? null : (slots[start + index] ?? null),
    )
  }
  return {
    ...rest,
    steps: names.map((name) => steps[positionOf(name)] ?? 0),
    slots: names.flatMap(slotsOf),
  }
}
