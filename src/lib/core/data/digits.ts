/** Handwritten digits, 28×28: 10,000 examples of MNIST. Their bytes come from whoever runs the program. */
import { at } from '../util/at'
import { dataRecords } from '../catalogue/data'
import { ArgumentError } from '../util/errors'
import { permutation, randomStream } from '../util/random'
import { digitSize, unpackDigits, type PackedDigits } from './packedDigits'
import { encodeLabels, splitSamples } from './split'
import type { Dataset, LabelEncoding } from './types'

const classCount = 10

/** Which digits are taken, and how they are given. */
export interface DigitsOptions {
  /** How many of the 10,000 digits to take, drawn by the seed; all where not given. */
  readonly samples?: number
  readonly trainFraction?: number
  /** Draws the selection and the split. */
  readonly seed?: number
  /** Layout of the labels: `index` int32 [n] or `oneHot` float32 [n, 10]. */
  readonly labels?: LabelEncoding
  /** Images as [n, 1, 28, 28], PyTorch's layout, instead of [n, 28, 28, 1]. */
  readonly channelsFirst?: boolean
}

let load: (() => Promise<Uint8Array>) | null = null
let loaded: Promise<PackedDigits> | null = null

/**
 * The dataset made last. A browser never lets go of an evaluated program and what it holds, so programs that ask
 * for the same digits have to share them.
 */
let latest: { readonly key: string; readonly dataset: Dataset } | null = null

/** Says where the packed file comes from; it is loaded once, when first asked for. */
export function setDigitsSource(source: () => Promise<Uint8Array>): void {
  load = source
  loaded = null
  latest = null
}

/** All digits in the file's order; a load that failed is tried again by the next call. */
async function loadDigits(): Promise<PackedDigits> {
  if (load === null) {
    throw new ArgumentError('digits: expected a source of digits, got none. Run the program in a lane.')
  }
  loaded ??= load().then(unpackDigits)
  try {
    return await loaded
  } catch (error) {
    loaded = null
    throw error
  }
}

/** The digits with pixels as float32 in 0..1. */
export async function digits({
  samples = dataRecords.digits.defaults.samples,
  trainFraction = dataRecords.digits.defaults.trainFraction,
  seed = 0,
  labels = 'index',
  channelsFirst = false,
}: DigitsOptions = {}): Promise<Dataset> {
  const key = JSON.stringify([samples, trainFraction, seed, labels, channelsFirst])
  const packed = await loadDigits()
  if (latest?.key === key) return latest.dataset
  if (!Number.isInteger(samples) || samples < 2 || samples > packed.count) {
    throw new ArgumentError(
      `digits: expected samples from 2 to ${packed.count}, got ${samples}. Pass samples: 1000.`,
    )
  }
  if (!(trainFraction > 0 && trainFraction < 1)) {
    throw new ArgumentError(
      `digits: expected a trainFraction between 0 and 1, got ${trainFraction}. Pass trainFraction: 0.8.`,
    )
  }
  const chosen = permutation(packed.count, randomStream(seed, 'data', 'digits')).subarray(0, samples)
  const values = new Float32Array(samples * digitSize)
  const classes = new Uint8Array(samples)
  for (const [row, digit] of chosen.entries()) {
    classes[row] = at(packed.labels, digit)
    for (let pixel = 0; pixel < digitSize; pixel++) {
      values[row * digitSize + pixel] = at(packed.pixels, digit * digitSize + pixel) / 255
    }
  }
  const shape = channelsFirst ? [samples, 1, 28, 28] : [samples, 28, 28, 1]
  const y = encodeLabels(classes, classCount, labels, 'digits')
  const dataset = splitSamples({ x: { values, shape, dtype: 'float32' }, y }, trainFraction, seed)
  latest = { key, dataset }
  return dataset
}
