/** Tensors as text, for the console. */
import { at } from '../util/at'
import { currentBackend } from '../eager/backends'
import { activeTrace } from '../eager/tracing'
import type { tf } from '../eager/tfjs'
import { printShape } from '../util/shapes'
import { StepResult } from './stepResult'

/**
 * The value of a scalar where it can be read at once; else shape and dtype: printing is synchronous, reading back from
 * WebGPU is not, and a traced tensor has no value.
 */
export function printTensor(value: tf.Tensor | StepResult, requiresGrad: boolean): string {
  const shape = `shape=${printShape(value.shape)}`
  if (value instanceof StepResult) return `tensor(of a compiled step, ${shape}, ${value.dtype})`
  if (value.isDisposed) return `tensor(freed, ${shape})`
  const grad = requiresGrad ? ', requiresGrad=true' : ''
  if (activeTrace()?.isSymbolic(value)) return `tensor(symbolic, ${shape}, ${value.dtype}${grad})`
  if (value.rank > 0 || currentBackend() === 'webgpu') return `tensor(${shape}, ${value.dtype}${grad})`
  return `tensor(${printNumber(at(value.dataSync(), 0))}${grad})`
}

/** As PyTorch prints: four digits behind the point. */
function printNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4)
}
