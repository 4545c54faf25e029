/** The types of elements under PyTorch's names. int32 stands in for its int64, float32 for its float64. */

export const float32 = 'float32'
export const float = float32
export const int32 = 'int32'
export const int64 = int32
export const int = int32
export const long = int32
export const bool = 'bool'

export const pi = Math.PI
export const inf = Infinity
export const nan = NaN
