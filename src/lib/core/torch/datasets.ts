/** Datasets for the data loader: arrays with one row per example, and parts of such. Source: torch.utils.data. */
import { at } from '../util/at'
import { integer, numberList, taking } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { permutation, randomStream } from '../util/random'
import { lengthsOf, takeBatch } from '../data/batches'
import type { NdArray, Split } from '../data/types'
import { randomState } from '../nn/randomState'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import { printShape } from '../util/shapes'
import { answerUnknown } from '../util/unknownNames'
import { tensor } from './creation'
import { generator } from './generator'
import { datasetAnswers } from './otherNames'
import { Tensor } from './tensor'

/** Examples by number. */
export interface Dataset {
  /** Number of examples. */
  readonly length: number
  /** These rows of all its parts, as they are now: one batch. */
  batch(rows: ArrayLike<number>): Promise<readonly Tensor[]>
  /** The parts of one example. */
  getItem(index: number): unknown
  /** The row of each example; null where the examples are the rows. */
  readonly rows: Uint32Array | null
  /** The length of each example, where they are sequences of different lengths; null otherwise. */
  readonly lengths: Int32Array | null
}

/** Reads the arguments of a dataset's `batch`. */
export const rowsParameters = parameters('Dataset.batch', {
  /** Numbers of rows. */
  rows: taking<ArrayLike<number>>(
    'a list of whole numbers',
    (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  ),
})

const itemParameters = parameters('Dataset.getItem', {
  /** Number of the example. */
  index: integer,
})

/** Tensors, or host arrays, whose first axis counts the examples: `new TensorDataset(x, y)`. */
export class TensorDataset implements Dataset {
  readonly length: number
  readonly rows = null
  readonly lengths: Int32Array | null
  readonly #read = new Map<Tensor, { readonly version: object; readonly values: Promise<NdArray> }>()

  /** The tensors themselves. */
  readonly tensors: readonly (Tensor | NdArray)[]

  constructor(...tensors: (Tensor | NdArray)[]) {
    const [first] = tensors
    for (const each of tensors) assertArray(each)
    if (!first) {
      throw new ArgumentError('TensorDataset: expected tensors, got none. Write new TensorDataset(x, y).')
    }
    const [length] = first.shape
    for (const { shape } of tensors) {
      if (length !== undefined && shape[0] === length) continue
      throw new ShapeError(
        `TensorDataset: expected tensors with one row per example, got ${printShape(first.shape)} and ` +
          `${printShape(shape)}. Make their first axes equal.`,
      )
    }
    this.length = length ?? 0
    this.tensors = tensors
    this.lengths = lengthsOf(tensors.filter((each): each is NdArray => !(each instanceof Tensor)))
  }

  async batch(...given: Given<typeof rowsParameters.table>): Promise<readonly Tensor[]> {
    const { rows } = rowsParameters.read(given)
    const arrays = await Promise.all(this.tensors.map((each) => this.#onHost(each)))
    return arrays.map((array, index) => inTypeOf(this.tensors[index], tensor(takeBatch(array, rows))))
  }

  /** The rows of one example: `dataset[index]`. */
  getItem(...given: Given<typeof itemParameters.table>): Tensor[] {
    const { index } = itemParameters.read(given)
    const row = index < 0 ? index + this.length : index
    if (!(row >= 0 && row < this.length)) throw noExample('TensorDataset', this.length, index)
    return this.tensors.map((each) =>
      each instanceof Tensor ? each.select(0, row) : tensor(takeBatch(each, [row])).select(0, 0),
    )
  }

  /** The examples: `for (const [x, y] of dataset)`. */
  *[Symbol.iterator](): Generator<Tensor[]> {
    for (let index = 0; index < this.length; index++) yield this.getItem(index)
  }

  /** Reads a tensor back, again when its values have changed. */
  #onHost(given: Tensor | NdArray): Promise<NdArray> {
    if (!(given instanceof Tensor)) return Promise.resolve(given)
    const { version } = given
    const known = this.#read.get(given)
    if (known?.version === version) return known.values
    const values = given.toNdArray()
    this.#read.set(given, { version, values })
    return values
  }
}

/** Arrays on the host have no truth values. */
function inTypeOf(given: Tensor | NdArray | undefined, rows: Tensor): Tensor {
  return given instanceof Tensor && given.dtype === 'bool' ? rows.bool() : rows
}

function noExample(where: string, length: number, index: number): ArgumentError {
  return new ArgumentError(
    `${where}: expected an example from 0 to ${length - 1}, got ${index}. Take one that the dataset has.`,
  )
}

/** `dataset[index]` */
const answers = { ...datasetAnswers, at: (whole: object, index: number) => (whole as Dataset).getItem(index) }

answerUnknown(TensorDataset.prototype, answers)

/** A dataset, or a split { x, y } of tandem/data. */
export const dataset = taking<Dataset | Split>(
  'a dataset',
  isDataset,
  'Pass new TensorDataset(x, y), or { x, y } of tandem/data.',
)

const subsetParameters = parameters('Subset', {
  dataset,
  /** Numbers of the examples. */
  indices: taking<ArrayLike<number>>(
    'a list of whole numbers',
    (value) =>
      (Array.isArray(value) || ArrayBuffer.isView(value)) &&
      Array.from(value as unknown as ArrayLike<unknown>).every(Number.isInteger),
    'Pass a list such as [0, 1, 2].',
  ),
})

/** Some examples of a dataset, by their numbers. */
export class Subset implements Dataset {
  readonly rows: Uint32Array
  readonly lengths: Int32Array | null

  readonly dataset: Dataset
  readonly indices: ArrayLike<number>

  constructor(...given: Given<typeof subsetParameters.table>) {
    const { dataset, indices } = subsetParameters.read(given)
    const whole = asDataset('Subset', dataset)
    this.dataset = whole
    this.indices = indices
    const wrong = Array.from(indices).find((index) => !(index >= 0 && index < whole.length))
    if (wrong !== undefined) {
      throw new ArgumentError(
        `Subset: expected indices below ${whole.length}, got ${wrong}. Take examples that the dataset has.`,
      )
    }
    this.rows = Uint32Array.from(indices, (index) => whole.rows?.[index] ?? index)
    const { lengths } = whole
    this.lengths = lengths && Int32Array.from(indices, (index) => at(lengths, index))
  }

  get length(): number {
    return this.rows.length
  }

  batch(...given: Given<typeof rowsParameters.table>): Promise<readonly Tensor[]> {
    const { rows } = rowsParameters.read(given)
    return this.dataset.batch(rows)
  }

  /** The parts of one example: `subset[index]`. */
  getItem(...given: Given<typeof itemParameters.table>): unknown {
    const { index } = itemParameters.read(given)
    const number = this.indices[index < 0 ? index + this.length : index]
    if (number === undefined) throw noExample('Subset', this.length, index)
    return this.dataset.getItem(number)
  }

  /** The examples. */
  *[Symbol.iterator](): Generator {
    for (let index = 0; index < this.length; index++) yield this.getItem(index)
  }
}

answerUnknown(Subset.prototype, answers)

const splitParameters = parameters('randomSplit', {
  dataset,
  /** How many examples each part has, or their shares. */
  lengths: numberList,
  /** Where the order comes from: `new Generator().manualSeed(42)`. */
  generator: generator.or(null),
  /** Of the order; the seed of manualSeed() when left out. Not in PyTorch. */
  seed: integer.named.or(null),
})

/**
 * Parts of a dataset at random, without overlap: `randomSplit(dataset, [80, 20])`, or by shares, `[0.8, 0.2]`. What
 * rounding leaves goes to the first parts, one each.
 */
export function randomSplit(...given: Given<typeof splitParameters.table>): Subset[] {
  const { dataset: whole, lengths, generator: source, seed } = splitParameters.read(given)
  const { length } = asDataset('randomSplit', whole)
  const counts = countsOf(lengths, length)
  const order = permutation(
    length,
    source?.random ?? randomStream(seed ?? randomState.currentSeed, 'randomSplit'),
  )
  let start = 0
  return counts.map((count) => new Subset(whole, order.subarray(start, (start += count))))
}

function countsOf(lengths: readonly number[], length: number): number[] {
  const sum = lengths.reduce((total, each) => total + each, 0)
  const areShares =
    Math.abs(sum - 1) < 1e-9 && lengths.every((each) => each >= 0 && each <= 1) && length !== 1
  if (areShares) {
    const counts = lengths.map((share) => Math.floor(length * share))
    const left = length - counts.reduce((total, each) => total + each, 0)
    return counts.map((count, index) => (index < left ? count + 1 : count))
  }
  if (sum === length && lengths.every((each) => Number.isInteger(each) && each >= 0)) return [...lengths]
  throw new ArgumentError(
    `randomSplit: expected lengths that add up to ${length}, or shares that add up to 1, got ${lengths.join(', ')}. ` +
      'Write randomSplit(dataset, [0.8, 0.2]).',
  )
}

/** A dataset, also of a split { x, y }. Throws ArgumentError where their sizes differ. */
export function asDataset(where: string, given: Dataset | Split): Dataset {
  if (!('batch' in given)) return splitDataset(where, given)
  const length: unknown = given.length
  if (typeof length === 'number' && Number.isInteger(length) && length >= 0) return given
  throw new ArgumentError(
    `${where}: expected a dataset whose length is a whole number, got ${describeValue(length, 60)}. ` +
      'Write get length() { return 100 } in its class.',
  )
}

function isDataset(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ('batch' in value && 'length' in value) || ('x' in value && 'y' in value)
}

function assertArray(given: unknown): void {
  const isArray = typeof given === 'object' && given !== null && 'values' in given && 'shape' in given
  if (given instanceof Tensor || isArray) return
  throw new ArgumentError(
    `TensorDataset: expected tensors, got ${describeValue(given, 60)}. Write new TensorDataset(x, y).`,
  )
}

function splitDataset(where: string, { x, y }: Split): Dataset {
  const [examples = 0] = x.shape
  if (y.shape[0] !== examples) {
    throw new ArgumentError(
      `${where}: expected as many targets as inputs, got ${examples} inputs and ${at(y.shape, 0)} targets. ` +
        'Pass both from the same split.',
    )
  }
  return new TensorDataset(x, y)
}
