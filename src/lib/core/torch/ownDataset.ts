/** A program's own dataset: `length`, and `getItem` for each example. Source: torch.utils.data.Dataset. */
import type { NdArray } from '../data/types'
import { withMemoryScope } from '../eager/memoryScope'
import { describeValue } from '../util/describeValue'
import { ArgumentError, ShapeError } from '../util/errors'
import { assertNoArguments, type NoArguments } from '../util/parameters'
import { isSameShape, printShape, sizeOf } from '../util/shapes'
import { tensor, type Nested } from './creation'
import type { Dataset as Examples } from './datasets'
import { Tensor } from './tensor'

/** One part of an example: a tensor, a number, or nested arrays. */
export type Item = Tensor | Nested

/** Subclass it with `get length()` and `getItem(index)`, which gives the parts of an example, such as [x, y]. */
export abstract class Dataset implements Examples {
  readonly rows = null
  readonly lengths = null
  #arrays: Promise<readonly NdArray[]> | null = null

  /** Number of examples. */
  abstract get length(): number

  /** The parts of one example. */
  abstract getItem(index: number): readonly Item[] | Promise<readonly Item[]>

  /** All examples, stacked; each is asked for once. */
  arrays(...given: NoArguments): Promise<readonly NdArray[]> {
    assertNoArguments('Dataset.arrays', given)
    this.#arrays ??= withMemoryScope('dataset', () => this.#collect())
    return this.#arrays
  }

  async #collect(): Promise<readonly NdArray[]> {
    const examples: NdArray[][] = []
    for (let index = 0; index < this.length; index++) {
      const item: unknown = await this.getItem(index)
      if (!Array.isArray(item)) {
        throw new ArgumentError(
          `Dataset.getItem: expected the parts of an example, such as [x, y], got ${describeValue(item, 60)}. Return an array.`,
        )
      }
      const parts = (item as readonly Item[]).map((part) => (part instanceof Tensor ? part : tensor(part)))
      examples.push(await Promise.all(parts.map((part) => part.toNdArray())))
    }
    return (examples[0] ?? []).map((_, part) => stacked(examples.flatMap((example) => example[part] ?? [])))
  }
}

function stacked(rows: readonly NdArray[]): NdArray {
  const [first] = rows
  if (!first) throw new ArgumentError('Dataset: expected examples, got none. Give it a length above 0.')
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
