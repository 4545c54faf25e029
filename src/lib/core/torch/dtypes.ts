/** The types of elements under PyTorch's names. int32 stands in for its int64, float32 for its float64. */

/** Numbers with fractions. */
export const float32 = 'float32'
/** Another name of float32. */
export const float = float32
/** Whole numbers. */
export const int32 = 'int32'
/** Another name of int32. */
export const int64 = int32
/** Another name of int32. */
export const int = int32
/** Another name of int32. */
export const long = int32
/** True and false. */
export const bool = 'bool'

/** π */
export const pi = Math.PI
/** Infinity. */
export const inf = Infinity
/** Not a number. */
export const nan = NaN
