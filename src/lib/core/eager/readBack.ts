/**
 * Reading values back without blocking. On WebGPU this is the one dependable way: tfjs reads synchronously by way of
 * a canvas, and where the browser composites in software it gets zeros and loses the device.
 */
import { currentBackend } from './backends'
import { parkedValues } from './parking'
import { tf } from './tfjs'
import { activeTrace } from './tracing'
import { bringBack, withoutBringBack } from './variableSource'

type Values = Float32Array | Int32Array | Uint8Array

/**
 * A copy of the tensor's values, row-major; the tensor may be freed while it is being read. Throws TracedValueError at
 * once for a symbolic tensor and for a variable, which differs from step to step: inside of a trace nobody can await it.
 */
export function readBack(tensor: tf.Tensor): Promise<Values> {
  const trace = activeTrace()
  if (trace?.isSymbolic(tensor)) tensor.dataSync()
  else if (trace && tensor instanceof tf.Variable) tf.clone(tensor).dataSync()
  return readNewest(tensor)
}

async function readNewest(tensor: tf.Tensor): Promise<Values> {
  const arrival = bringBack(tensor)
  if (arrival) await arrival
  return readAsItIs(tensor)
}

/** The same where a compiled step may hold a newer value: what the tensor itself holds. */
export async function readAsItIs(tensor: tf.Tensor): Promise<Values> {
  const parked = parkedValues(tensor)
  if (parked) return copyAs(tensor.dtype, parked)
  // Elsewhere reading at once is right and, on WebGL, much faster than polling a fence.
  if (currentBackend() !== 'webgpu') return copyAs(tensor.dtype, tensor.dataSync())
  const held = withoutBringBack(() => tf.keep(tf.clone(tensor)))
  try {
    return (await held.data()).slice()
  } finally {
    held.dispose()
  }
}

/** A copy in the array of the type: tfjs' cpu backend keeps whole numbers as they are where they are cast to float32. */
export function copyAs(dtype: tf.DataType, values: Values): Values {
  return dtype === 'float32' ? Float32Array.from(values) : values.slice()
}
