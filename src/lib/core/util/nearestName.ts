/** The name that somebody meant who wrote another one: by its spelling, or by what the other framework calls it. */
import { missingNames } from './pytorchNames'
import { knownName } from './spelling'

/** Names of one thing in PyTorch, Keras and NumPy. */
const sisterNames: readonly (readonly string[])[] = [
  ['dim', 'axis', 'axes', 'dims'],
  ['keepdim', 'keepdims'],
  ['lr', 'learningRate'],
  ['eps', 'epsilon'],
  ['outFeatures', 'units', 'hiddenSize'],
  ['outChannels', 'filters'],
  ['stride', 'strides'],
  ['padding', 'pad'],
  ['p', 'rate'],
  ['bias', 'useBias'],
  ['negativeSlope', 'alpha'],
  ['normalizedShape', 'shape'],
  ['numEmbeddings', 'inputDim'],
  ['embeddingDim', 'outputDim'],
  ['dilation', 'dilationRate'],
  ['correction', 'ddof', 'unbiased'],
  ['roundingMode', 'mode'],
  ['alpha', 'rho'],
  ['weightDecay', 'decay', 'l2'],
  ['maxNorm', 'clipnorm'],
  ['poolSize', 'kernelSize', 'size'],
  ['Linear', 'Dense'],
]

/** The one of `known` that is meant by `name`; undefined where nothing is near. */
export function nearestName<Name extends string>(name: string, known: readonly Name[]): Name | undefined {
  const spelt = knownName(name, known)
  if (spelt !== undefined) return spelt
  const group = sisterNames.find((names) => knownName(name, names) !== undefined)
  const sister = group && known.find((each) => group.includes(each))
  return sister ?? (missingNames.has(name) ? undefined : closest(name, known))
}

/** The one with the fewest letters to change, where these are few. */
function closest<Name extends string>(name: string, known: readonly Name[]): Name | undefined {
  const most = Math.min(3, Math.floor(name.length / 2))
  const near = known
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance)
  return near[0]?.each
}

/** Whether a long name is another one with a letter too many, too few, or wrong: not one beside its plural. */
export function isSlip(name: string, known: string): boolean {
  const isPlural = `${name}s` === known || name === `${known}s`
  return name.length > 5 && !isPlural && editDistance(name, known) === 1
}

/** Longer names are nobody's slip. */
const longest = 60

/** Letters to insert, leave out, replace, or exchange with the next. Source: Damerau, 1964, restricted form. */
function editDistance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > longest) return Infinity
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const entry = (row: number, column: number) => rows[row]?.[column] ?? Infinity
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    rows.push(line)
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      line.push(
        Math.min(
          entry(row - 1, column) + 1,
          entry(row, column - 1) + 1,
          entry(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? entry(row - 2, column - 2) + 1 : Infinity,
        ),
      )
    }
  }
  return entry(a.length, b.length)
}
