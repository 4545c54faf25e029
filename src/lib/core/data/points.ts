/** What all generators of points in the plane share: options, noise, split. */
import { dataRecords, type KindsOf } from '../catalogue/data'
import { maxSamples } from '../catalogue/data/sizes'
import { ArgumentError } from '../util/errors'
import { normal, randomStream, type RandomSource } from '../util/random'
import { encodeLabels, splitSamples } from './split'
import type { Dataset, LabelEncoding } from './types'

type GeneratedKind = Exclude<KindsOf<'plane'>, 'points'>

/** Options of every generator; those of a dataset's own are added to them. */
export interface PointOptions {
  /** Number of examples, train and test together. */
  readonly samples?: number
  /** Standard deviation of the normal noise, on coordinates (classes) or targets (regression). */
  readonly noise?: number
  /** Share of the examples that train, strictly between 0 and 1. */
  readonly trainFraction?: number
  /** Draws points, noise and split. */
  readonly seed?: number
}

/** How points of classes are drawn and given. */
export interface ClassOptions extends PointOptions {
  /** Layout of the labels; `binary` for two classes and `index` for more where not given. */
  readonly labels?: LabelEncoding
}

/** Draws one point of class `label`, before noise. */
export type DrawPoint = (
  label: number,
  random: RandomSource,
) => readonly [horizontal: number, vertical: number]

/** A two-dimensional classification dataset; classes take turns, so that their counts differ by one at most. */
export function classPoints(
  kind: GeneratedKind,
  classCount: number,
  options: ClassOptions,
  draw: DrawPoint,
): Dataset {
  const { samples, noise, trainFraction, seed } = completeOptions(kind, options)
  const random = randomStream(seed, 'data', kind)
  const values = new Float32Array(samples * 2)
  const classes = new Int32Array(samples)
  for (let row = 0; row < samples; row++) {
    const label = row % classCount
    const [horizontal, vertical] = draw(label, random)
    values[2 * row] = horizontal + noise * normal(random)
    values[2 * row + 1] = vertical + noise * normal(random)
    classes[row] = label
  }
  const encoding = options.labels ?? (classCount === 2 ? 'binary' : 'index')
  const x = { values, shape: [samples, 2], dtype: 'float32' } as const
  const y = encodeLabels(classes, classCount, encoding, kind)
  return splitSamples({ x, y }, trainFraction, seed)
}

/** A regression dataset: `target` of points uniform in [−1, 1]², with noise on the target; y is [n, 1]. */
export function targetPoints(
  kind: GeneratedKind,
  options: PointOptions,
  target: (horizontal: number, vertical: number) => number,
): Dataset {
  const { samples, noise, trainFraction, seed } = completeOptions(kind, options)
  const random = randomStream(seed, 'data', kind)
  const values = new Float32Array(samples * 2)
  const targets = new Float32Array(samples)
  for (let row = 0; row < samples; row++) {
    const horizontal = uniform(-1, 1, random)
    const vertical = uniform(-1, 1, random)
    values[2 * row] = horizontal
    values[2 * row + 1] = vertical
    targets[row] = target(horizontal, vertical) + noise * normal(random)
  }
  const x = { values, shape: [samples, 2], dtype: 'float32' } as const
  const y = { values: targets, shape: [samples, 1], dtype: 'float32' } as const
  return splitSamples({ x, y }, trainFraction, seed)
}

/** A uniform number in [from, to). */
export function uniform(from: number, to: number, random: RandomSource): number {
  return from + (to - from) * random()
}

/** The options with the dataset's defaults; throws `ArgumentError` for values no dataset can have. */
export function completeOptions(kind: GeneratedKind, options: PointOptions): Required<PointOptions> {
  const complete = { seed: 0, ...dataRecords[kind].defaults, ...options }
  const { samples, noise, trainFraction } = complete
  if (!Number.isInteger(samples) || samples < 2 || samples > maxSamples) {
    throw new ArgumentError(
      `${kind}: expected samples from 2 to ${maxSamples}, got ${samples}. Pass samples: 500.`,
    )
  }
  if (!(noise >= 0 && noise < Infinity)) {
    throw new ArgumentError(`${kind}: expected noise of 0 or more, got ${noise}. Pass noise: 0.1.`)
  }
  if (!(trainFraction > 0 && trainFraction < 1)) {
    throw new ArgumentError(
      `${kind}: expected a trainFraction between 0 and 1, got ${trainFraction}. Pass trainFraction: 0.5.`,
    )
  }
  return complete
}
