/** Tensors as text, for the console. */
import type { tf } from '../eager/tfjs'
import { printShape } from '../util/shapes'

/** Shape and dtype only: printing is synchronous, reading values back is not. */
export function printTensor(value: tf.Tensor, requiresGrad: boolean): string {
  const shape = `shape=${printShape(value.shape)}`
  if (value.isDisposed) return `tensor(freed, ${shape})`
  return `tensor(${shape}, ${value.dtype}${requiresGrad ? ', requiresGrad=true' : ''})`
}
