/** Another tensor on the same data. `clone` is no such thing: on tfjs' wasm backend it copies. */
import { tf } from './tfjs'

/**
 * A tensor with the very data, and data id, of another: they stay until both are disposed. Outside of any scope, so
 * the caller disposes it. The data have to be on the backend in use, or come to it.
 */
export function shareData(tensor: tf.Tensor): tf.Tensor {
  const engine = tf.engine()
  const { dataId, shape, dtype } = tensor
  const owner = engine.state.tensorInfo.get(dataId)?.backend
  // The engine counts references on the backend in use only, also those of `Variable.assign`.
  if (owner !== undefined && owner !== engine.backend) engine.moveData(engine.backend, dataId)
  const shared = engine.makeTensorFromTensorInfo({ dataId, shape, dtype })
  engine.backend.incRef(dataId)
  return tf.keep(shared)
}
