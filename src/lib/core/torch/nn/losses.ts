/** Losses as modules: `criterion.forward(input, target)` gives a scalar, or with reduction 'none' one per example. */
import {
  binaryCrossentropyWithLogits,
  categoricalCrossentropyWithLogits,
  meanSquaredError,
  sparseCategoricalCrossentropyWithLogits,
  type Reduction,
} from '../../nn/losses'
import { tf } from '../../eager/tfjs'
import { ArgumentError, ShapeError } from '../../util/errors'
import { isSameShape, printShape } from '../../util/shapes'
import { result, type Tensor } from '../tensor'
import { Module } from './module'

export interface LossOptions {
  readonly reduction?: Reduction
}

const reductions: readonly unknown[] = ['mean', 'sum', 'none'] satisfies Reduction[]

abstract class Loss extends Module {
  readonly reduction: Reduction

  constructor({ reduction = 'mean' }: LossOptions = {}) {
    super()
    if (!reductions.includes(reduction)) {
      throw new ArgumentError(
        `reduction: expected 'mean', 'sum' or 'none', got '${reduction as string}'. Leave it out for 'mean'.`,
      )
    }
    this.reduction = reduction
  }
}

/** mean (input − target)². Source: torch.nn.MSELoss. */
export class MSELoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    assertSameShape('MSELoss', input, target)
    return result([input, target], () => meanSquaredError(floatOf(target), floatOf(input), this.reduction))
  }
}

/** Binary cross-entropy of logits; targets of the same shape in [0, 1]. Source: torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    assertSameShape('BCEWithLogitsLoss', input, target)
    return result([input], () => binaryCrossentropyWithLogits(floatOf(target), input.value, this.reduction))
  }
}

/**
 * Cross-entropy of logits [n, classes]; targets are class indices int32 [n] or probabilities [n, classes].
 * Source: torch.nn.CrossEntropyLoss.
 */
export class CrossEntropyLoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    const [count = 0] = input.shape
    const isIndices = target.dtype === 'int32' && isSameShape(target.shape, [count])
    if (input.shape.length !== 2 || !(isIndices || isSameShape(input.shape, target.shape))) {
      throw new ShapeError(
        'CrossEntropyLoss: expected logits [n, classes] and targets int32 [n] or float32 [n, classes], ' +
          `got ${printShape(input.shape)} and ${target.dtype} ${printShape(target.shape)}. ` +
          "Load the data with { labels: 'index' }.",
      )
    }
    return result([input], () =>
      isIndices
        ? sparseCategoricalCrossentropyWithLogits(target.value, input.value, this.reduction)
        : categoricalCrossentropyWithLogits(floatOf(target), input.value, this.reduction),
    )
  }
}

function floatOf(tensor: Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? tensor.value : tf.cast(tensor.value, 'float32')
}

function assertSameShape(where: string, input: Tensor, target: Tensor): void {
  if (isSameShape(input.shape, target.shape)) return
  throw new ShapeError(
    `${where}: expected input and target of one shape, got ${printShape(input.shape)} and ` +
      `${printShape(target.shape)}. Change the units of the last layer, or the labels of the data.`,
  )
}
