/** The data of a spec whose examples are points that somebody placed: they are part of the spec. */
import * as v from 'valibot'
import { SpecError } from '../../util/errors'
import { printValue } from '../../util/printValue'
import { width } from '../calls'
import { integer, list, real } from '../fields'
import { setElsewhere } from '../settings'
import { mostTrained, trainFractionEntry } from './plane'
import { dataRecord, plainCall } from './record'
import { extent } from './sizes'

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
const pointsSchema = v.optional(list(point, 1, maxOwnPoints), () => [...startPoints])

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

/** A class may have too few points, or all may train, or all test. */
function checkOwnPoints(data: {
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

/** Points placed by hand stand in the program: as many in a line as fit. */
function rowLines(points: readonly OwnPoint[]): string[] {
  const lines: string[] = []
  let line = ''
  for (const [horizontal, vertical, label] of points) {
    const row = `[${horizontal}, ${vertical}, ${label}],`
    if (line !== '' && line.length + 1 + row.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? `  ${row}` : `${line} ${row}`
  }
  return ['// x, y, class', 'const rows = [', ...lines, line, ']']
}

/** Points in the plane that somebody placed. */
export const points = dataRecord(
  'points',
  { points: setElsewhere(pointsSchema), trainFraction: trainFractionEntry(0.5) },
  {
    label: 'Own points',
    choice: 'Own points …',
    description: 'Points that you place yourself.',
    view: 'plane',
    source: 'seed',
    edit: 'Edit points …',
    task: () => 'classification',
    inputShape: () => [2],
    longest: () => 1,
    classes: (data) => (data.points.some(([, , label]) => label === 2) ? 3 : 2),
    classChoices: [],
    tokens: () => null,
    count: (data) => data.points.length,
    mostTrained,
    check: checkOwnPoints,
    call: (data) => plainCall([], { lines: rowLines(data.points), positional: ['rows'] }),
  },
)
