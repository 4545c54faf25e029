/** Tensors as text, for the console. */
import type { tf } from '../eager/tfjs'
import { printShape } from '../util/shapes'

const mostValues = 100

/** Like PyTorch's print: nested values with four decimals; only shape and dtype when there are many. */
export function printTensor(value: tf.Tensor, requiresGrad: boolean): string {
  const suffix = requiresGrad ? ', requiresGrad=true' : ''
  if (value.isDisposed) return `tensor(freed, shape=${printShape(value.shape)})`
  if (value.size > mostValues) return `tensor(shape=${printShape(value.shape)}, ${value.dtype}${suffix})`
  return `tensor(${printNested(value.arraySync(), value.dtype === 'float32')}${suffix})`
}

function printNested(nested: unknown, isFloat: boolean): string {
  if (Array.isArray(nested)) return `[${nested.map((entry) => printNested(entry, isFloat)).join(', ')}]`
  return typeof nested === 'number' && isFloat ? nested.toFixed(4) : String(nested)
}
