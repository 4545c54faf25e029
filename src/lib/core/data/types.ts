/** Host-side arrays and datasets: what programs load and both styles batch. No tensors here. */
import type { Shape } from '../util/shapes'

/** A dense array on the host, row-major: the counterpart of a NumPy array. */
export interface NdArray {
  readonly values: Float32Array | Int32Array
  readonly shape: Shape
  readonly dtype: 'float32' | 'int32'
  /**
   * Of a ragged array, the counterpart of a RaggedTensor: row i ends after `lengths[i]` of its `shape[1]` places, and
   * zeros stand in the others. Batches are cut to the length of their rows.
   */
  readonly lengths?: Int32Array
}

/** Examples with their targets; the first axis of both arrays counts the examples. */
export interface Split {
  readonly x: NdArray
  readonly y: NdArray
}

/** A dataset cut into two parts by the seed. */
export interface Dataset {
  readonly train: Split
  readonly test: Split
}

/**
 * How class labels are laid out: `binary` float32 [n, 1] of 0 and 1, `index` int32 [n],
 * `oneHot` float32 [n, classes].
 */
export type LabelEncoding = 'binary' | 'index' | 'oneHot'
