/** A program's own dataset: `length`, and `getItem` for each example. Source: torch.utils.data.Dataset. */
import type { NdArray } from '../data/types'
import { withMemoryScope } from '../eager/memoryScope'
import { at } from '../util/at'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import type { Given } from '../util/parameters'
import { isSameShape, printShape, sizeOf } from '../util/shapes'
import { answerUnknown } from '../util/unknownNames'
import { tensor, type Nested } from './creation'
import { rowsParameters, type Dataset as Examples } from './datasets'
import { ownDatasetAnswers } from './otherNames'
import { Tensor } from './tensor'

/** One part of an example: a tensor, a number, or nested arrays. */
export type Item = Tensor | Nested

/**
 * Subclass it with `get length()` and `getItem(index)`, which gives the parts of an example, such as [x, y]: it is called for
 * each example of each batch.
 */
export abstract class Dataset implements Examples {
  readonly rows = null
  readonly lengths = null

  /** Number of examples. */
  abstract get length(): number

  /** The parts of one example. */
  abstract getItem(index: number): readonly Item[] | Promise<readonly Item[]>

  /** These examples, stacked. */
  async batch(...given: Given<typeof rowsParameters.table>): Promise<readonly Tensor[]> {
    const { rows } = rowsParameters.read(given)
    const parts = await withMemoryScope('dataset', () => this.#collect(rows))
    return parts.map(({ array, isBool }) => (isBool ? tensor(array).bool() : tensor(array)))
  }

  async #collect(rows: ArrayLike<number>): Promise<readonly Part[]> {
    const examples: (readonly Part[])[] = []
    for (const index of Array.from(rows)) {
      const item: unknown = await this.getItem(index)
      if (!Array.isArray(item)) {
        throw new ArgumentError(
          `Dataset.getItem: expected the parts of an example, such as [x, y], got ${describeValue(item, 60)}. Return an array.`,
        )
      }
      const parts = (item as readonly Item[]).map((part) => (part instanceof Tensor ? part : tensor(part)))
      examples.push(
        await Promise.all(
          parts.map(async (part) => ({ array: await part.toNdArray(), isBool: part.dtype === 'bool' })),
        ),
      )
    }
    const [first = []] = examples
    assertPartCounts(examples)
    return first.map(({ isBool }, part) => {
      return { array: stacked(examples.map((example) => at(example, part).array)), isBool }
    })
  }
}

answerUnknown(Dataset.prototype, {
  ...ownDatasetAnswers,
  at: (whole, index) => (whole as Dataset).getItem(index),
})

/** One part of an example on the host, which has no truth values. */
interface Part {
  readonly array: NdArray
  readonly isBool: boolean
}

// What a subclass does not define is asked for in words.
Object.defineProperties(Dataset.prototype, {
  length: {
    configurable: true,
    get(this: object): never {
      throw new ArgumentError(
        `${this.constructor.name}: expected the number of examples, got none. Write get length() { return 100 } in the class.`,
      )
    },
    set(this: object, value: unknown) {
      Object.defineProperty(this, 'length', { value, writable: true, configurable: true })
    },
  },
  getItem: {
    configurable: true,
    writable: true,
    value(this: object): never {
      throw new ArgumentError(
        `${this.constructor.name}: expected the method getItem, got none. Write getItem(index) { return [x, y] } in the class.`,
      )
    },
  },
})

function assertPartCounts(examples: readonly (readonly Part[])[]): void {
  const [first = []] = examples
  const other = examples.find(({ length }) => length !== first.length)
  if (!other) return
  throw new ArgumentError(
    `Dataset.getItem: expected as many parts for each example, got ${first.length} and ${other.length}. Return [x, y] for all.`,
  )
}

function stacked(rows: readonly NdArray[]): NdArray {
  const first = at(rows, 0)
  const width = sizeOf(first.shape)
  const values =
    first.dtype === 'int32' ? new Int32Array(rows.length * width) : new Float32Array(rows.length * width)
  for (const [index, row] of rows.entries()) {
    if (!isSameShape(row.shape, first.shape)) {
      throw new ShapeError(
        `Dataset: expected examples of one shape, got ${printShape(first.shape)} and ${printShape(row.shape)}. ` +
          'Cut them, or fill them up.',
      )
    }
    values.set(row.values, index * width)
  }
  return { values, shape: [rows.length, ...first.shape], dtype: first.dtype }
}
