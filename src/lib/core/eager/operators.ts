/** Operators with a tensor of TensorFlow.js: JavaScript would make NaN or a text of it, without a word. */
import { Tensor } from '@tensorflow/tfjs-core'
import { ArgumentError } from '../util/errors'
import { activeTrace } from './tracing'

Object.defineProperty(Tensor.prototype, Symbol.toPrimitive, {
  value(this: Tensor, hint: string): string {
    if (hint === 'string') return this.toString()
    // The trace has words of its own for a value that is not there yet.
    if (activeTrace()) this.dataSync()
    throw new ArgumentError(
      'tensor: expected a number, got a tensor in arithmetic or a comparison. ' +
        'Write ops.add(a, b), ops.subtract(a, b) and so on, or await ops.item(x) for its value.',
    )
  },
})
