/** What gives two tensors at once. Source: torch.return_types. */
import type { Tensor } from './tensorBase'

/** Values along a dim and where they are: `const [values, indices] = x.max(1)`, `.values`, or by position as `[0]`. */
export class ValuesAndIndices implements Iterable<Tensor> {
  readonly length = 2
  /** The values. */
  readonly 0: Tensor
  /** Where they are, int32. */
  readonly 1: Tensor

  constructor(
    readonly values: Tensor,
    /** int32 */
    readonly indices: Tensor,
  ) {
    this[0] = values
    this[1] = indices
  }

  *[Symbol.iterator](): IterableIterator<Tensor> {
    yield this.values
    yield this.indices
  }
}
