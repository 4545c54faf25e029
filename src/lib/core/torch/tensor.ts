/** The PyTorch-style tensor with its methods, chapter by chapter. Images are [n, c, h, w]. */
import { ArgumentError } from '../util/errors'
import { answerUnknown } from '../util/unknownNames'
import * as algebra from './ops/algebra'
import * as comparing from './ops/comparing'
import * as elementwise from './ops/elementwise'
import * as gradient from './ops/gradient'
import * as inPlace from './ops/inPlace'
import * as methods from './ops/methods'
import * as ordering from './ops/ordering'
import * as reading from './ops/reading'
import * as reducing from './ops/reducing'
import * as shaping from './ops/shaping'
import { tensorAnswers } from './otherNames'
import { Tensor } from './tensorBase'
import { addMethods, type Methods } from './tensorOp'

export { result, results } from './result'
export type { RemovableHandle } from './autograd'
export { Tensor, type TensorHook } from './tensorBase'

declare module './tensorBase' {
  interface Tensor
    extends
      Methods<typeof algebra>,
      Methods<typeof comparing>,
      Methods<typeof elementwise>,
      Methods<typeof gradient>,
      Methods<typeof inPlace>,
      Methods<typeof methods>,
      Methods<typeof ordering>,
      Methods<typeof reading>,
      Methods<typeof reducing>,
      Methods<typeof shaping> {
    /** A matrix with rows and columns exchanged: `x.T`. */
    readonly T: Tensor
    /** The last two dims exchanged: `x.mT`. */
    readonly mT: Tensor
    /** The rows: `for (const row of x)`, `const [a, b] = x`. */
    [Symbol.iterator](): Iterator<Tensor>
  }
}

for (const ops of [
  algebra,
  comparing,
  elementwise,
  gradient,
  inPlace,
  methods,
  ordering,
  reading,
  reducing,
  shaping,
]) {
  addMethods(Tensor.prototype, ops)
}

Object.defineProperties(Tensor.prototype, {
  T: {
    configurable: true,
    get(this: Tensor) {
      return shaping.t(this)
    },
  },
  mT: {
    configurable: true,
    get(this: Tensor) {
      return shaping.transpose(this, -2, -1)
    },
  },
  [Symbol.iterator]: {
    configurable: true,
    value(this: Tensor) {
      if (this.ndim > 0) return shaping.unbind(this, 0)[Symbol.iterator]()
      throw new ArgumentError('tensor: expected rows to go through, got a scalar. Write await x.item().')
    },
  },
})

answerUnknown(Tensor.prototype, {
  ...tensorAnswers,
  at: (tensor, position) => shaping.select(tensor, 0, position),
  setAt: (tensor, position, value) => {
    const row = shaping.select(tensor, 0, position)
    if (value instanceof Tensor) inPlace.copy_(row, value)
    else inPlace.fill_(row, value)
  },
})
