/**
 * Gradients of kernels that let some of the gradient through and stop the rest. tfjs multiplies by a mask of 0 and 1, which
 * makes NaN of an infinite gradient, such as that of the root of a value that relu set to 0; these choose between the gradient
 * and 0, as PyTorch does. Whoever differentiates gets them: the tape, `tf.grad` and the trace.
 */
import * as tf from '@tensorflow/tfjs-core'

interface MaskedGradient {
  readonly kernelName: string
  readonly inputsToSave?: string[]
  readonly gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>
}

/** dy where the condition of its shape holds, 0 elsewhere. */
function gradientWhere(condition: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return chosen(condition, dy, tf.zerosLike(dy))
}

function gradientUnless(condition: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return chosen(condition, tf.zerosLike(dy), dy)
}

/** The kernel itself: `tf.where` copies each operand first, in case it has to broadcast. */
function chosen(condition: tf.Tensor, t: tf.Tensor, e: tf.Tensor): tf.Tensor {
  const inputs = { condition, t, e }
  return tf.engine().runKernel<tf.Tensor>(tf.Select, inputs)
}

/** Of a kernel of one x, with the condition on it under which its gradient is that of its result. */
function ofOne(kernelName: string, passes: (x: tf.Tensor) => tf.Tensor): MaskedGradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => {
      const [x] = saved as [tf.Tensor]
      return { x: () => gradientWhere(passes(x), dy) }
    },
  }
}

type Comparison = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

/** Of the larger or smaller of a and b: the gradient goes to a where `isFirst`, to b elsewhere. */
function ofPair(kernelName: string, isFirst: Comparison): MaskedGradient {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor]
      return {
        a: () => summedTo(a.shape, gradientWhere(isFirst(a, b), dy)),
        b: () => summedTo(b.shape, gradientUnless(isFirst(a, b), dy)),
      }
    },
  }
}

/** What broadcasting spread comes together again. */
function summedTo(shape: number[], gradient: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape)
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), shape)
}

const gradients: readonly MaskedGradient[] = [
  ofOne(tf.Relu, (x) => tf.greater(x, 0)),
  // PyTorch's and TensorFlow's is 0 at 6, that of tfjs is 1.
  ofOne(tf.Relu6, (x) => tf.logicalAnd(tf.greater(x, 0), tf.less(x, 6))),
  // Where both are equal the first gets all, as in TensorFlow.
  ofPair(tf.Maximum, tf.greaterEqual),
  ofPair(tf.Minimum, tf.lessEqual),
  {
    kernelName: tf.Select,
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const [condition] = saved as [tf.Tensor]
      return {
        condition: () => tf.cast(tf.zerosLike(condition), 'float32'),
        t: () => gradientWhere(condition, dy),
        e: () => gradientUnless(condition, dy),
      }
    },
  },
]

for (const { gradFunc, ...config } of gradients) {
  tf.registerGradient({ ...config, gradFunc: (dy, saved) => gradFunc(dy as tf.Tensor, saved) })
}
