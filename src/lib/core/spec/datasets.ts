/** What a spec's data are, without generating or reading them. */
import { dataFacts } from '../catalogue/data'
import type { Task } from '../catalogue/data/record'
import { openSize, type Shape } from '../util/shapes'
import type { DataSpec } from './schema'

export { dataKinds, type DataKind } from '../catalogue/data'
export type { Task } from '../catalogue/data/record'
export { extent, maxSamples } from '../catalogue/data/sizes'

/** What an error calls the data. */
export function labelOf(data: DataSpec): string {
  return dataFacts(data).label
}

/** Shape of one example, channels last; the length of sequences that differ in it is open. */
export function inputShapeOf(data: DataSpec): Shape {
  return dataFacts(data).inputShape(data)
}

/** Shape of one example that a file of an unrolled model reads: of sequences of different length, the longest. */
export function longestShapeOf(data: DataSpec): Shape {
  const { longest } = dataFacts(data)
  return inputShapeOf(data).map((size) => (size === openSize ? longest(data) : size))
}

/** What the data are, in a sentence. */
export function descriptionOf(data: DataSpec): string {
  return dataFacts(data).description
}

/** What the data ask for. */
export function taskOf(data: DataSpec): Task {
  return dataFacts(data).task(data)
}

/**
 * How many different integers the examples may be made of: Infinity where only the file knows, null for real numbers,
 * which nothing can be looked up by.
 */
export function tokensOf(data: DataSpec): number | null {
  return dataFacts(data).tokens(data)
}

/** Number of examples, train and test together; 0 for a CSV file of which the spec says nothing. */
export function exampleCount(data: DataSpec): number {
  return dataFacts(data).count(data)
}

/** Number of classes of a dataset; 0 for regression. */
export function classCount(data: DataSpec): number {
  return dataFacts(data).classes(data)
}
