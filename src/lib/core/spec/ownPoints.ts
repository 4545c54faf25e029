/** The data of a spec whose examples are points that somebody placed: they are part of the spec. */
import * as v from 'valibot'
import { SpecError } from '../util/errors'
import { printValue } from '../util/printValue'
import { extent } from './datasets'
import { integer, list, real } from '../catalogue/fields'

/** x and y in the plotted square, and the class: 0, 1 or 2. */
export type OwnPoint = readonly [horizontal: number, vertical: number, label: number]

/** More points would make links and programs too long to share and read. */
export const maxOwnPoints = 500

/** The fewest points that a class may have. */
export const fewestPerClass = 2

/** Three in each quadrant: what somebody starts to draw from. */
const startPoints: readonly OwnPoint[] = [
  [-0.7, 0.7, 0],
  [-0.5, 0.4, 0],
  [-0.3, 0.8, 0],
  [0.7, -0.7, 0],
  [0.5, -0.4, 0],
  [0.3, -0.8, 0],
  [0.7, 0.7, 1],
  [0.5, 0.4, 1],
  [0.3, 0.8, 1],
  [-0.7, -0.7, 1],
  [-0.5, -0.4, 1],
  [-0.3, -0.8, 1],
]

const point = v.pipe(
  v.strictTuple(
    [real(-extent, extent), real(-extent, extent), integer(0, 2)],
    (issue) =>
      `expected [x, y, class], got ${printValue(issue.input)}. Give each point two coordinates and its class.`,
  ),
  v.readonly(),
)

/** The entry `points` of the data. */
export const ownPoints = v.optional(list(point, 1, maxOwnPoints), () => [...startPoints])

/** What keeps points from being trained on, as `expected X, got Y. Fix.`; null for nothing. */
export function ownPointsProblem(points: readonly OwnPoint[]): string | null {
  const [label] = shortClasses(points)
  if (label === undefined) return null
  return `expected ${fewestPerClass} points or more of class ${label}, got ${countOf(points, label)}. Add some.`
}

/** The classes that have too few points, ascending; class 2 may be left out altogether. */
export function shortClasses(points: readonly OwnPoint[]): readonly number[] {
  const used = countOf(points, 2) === 0 ? [0, 1] : [0, 1, 2]
  return used.filter((label) => countOf(points, label) < fewestPerClass)
}

function countOf(points: readonly OwnPoint[], label: number): number {
  return points.filter(([, , one]) => one === label).length
}

/** Throws `SpecError` where a class has too few points, or where all would train or all would test. */
export function checkOwnPoints(data: {
  readonly points: readonly OwnPoint[]
  readonly trainFraction: number
}): void {
  const problem = ownPointsProblem(data.points)
  if (problem !== null) throw new SpecError('data.points', problem)
  const count = data.points.length
  const train = Math.round(count * data.trainFraction)
  if (train > 0 && train < count) return
  throw new SpecError(
    'data.trainFraction',
    `expected points to train and points to test, got ${train} and ${count - train} of ${count}. ` +
      'Add points, or set it to 0.5.',
  )
}
