/** Losses as modules: `criterion.forward(input, target)` gives a scalar, or with reduction 'none' one per example. */
import {
  binaryCrossentropyWithLogits,
  categoricalCrossentropyWithLogits,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropyWithLogits,
  type Reduction,
} from '../../nn/losses'
import { inPhase } from '../../eager/origin'
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

/** mean |input − target|. Source: torch.nn.L1Loss. */
export class L1Loss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    assertSameShape('L1Loss', input, target)
    return result([input, target], () => meanAbsoluteError(floatOf(target), floatOf(input), this.reduction))
  }
}

export interface HuberLossOptions extends LossOptions {
  /** Where the square goes over into a line; 1 when left out. */
  readonly delta?: number
}

/** d²/2 up to |d| = delta, delta·(|d| − delta/2) beyond. Source: torch.nn.HuberLoss. */
export class HuberLoss extends Loss {
  readonly delta: number

  constructor({ delta = 1, ...options }: HuberLossOptions = {}) {
    super(options)
    assertAboveZero('HuberLoss', 'delta', delta)
    this.delta = delta
  }

  forward(input: Tensor, target: Tensor): Tensor {
    assertSameShape('HuberLoss', input, target)
    return result([input, target], () => huber(floatOf(target), floatOf(input), this.delta, this.reduction))
  }
}

export interface SmoothL1LossOptions extends LossOptions {
  /** Where the square goes over into a line; 1 when left out. */
  readonly beta?: number
}

/** d²/(2·beta) up to |d| = beta, |d| − beta/2 beyond: the Huber loss divided by beta. Source: torch.nn.SmoothL1Loss. */
export class SmoothL1Loss extends Loss {
  readonly beta: number

  constructor({ beta = 1, ...options }: SmoothL1LossOptions = {}) {
    super(options)
    assertAboveZero('SmoothL1Loss', 'beta', beta)
    this.beta = beta
  }

  forward(input: Tensor, target: Tensor): Tensor {
    assertSameShape('SmoothL1Loss', input, target)
    return result([input, target], () => {
      const loss = huber(floatOf(target), floatOf(input), this.beta, this.reduction)
      return this.beta === 1 ? loss : inPhase('loss', () => tf.div(loss, this.beta))
    })
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

function assertAboveZero(where: string, name: string, value: number): void {
  if (value > 0) return
  throw new ArgumentError(`${where}: expected ${name} above 0, got ${value}. Leave it out for 1.`)
}

function assertSameShape(where: string, input: Tensor, target: Tensor): void {
  if (isSameShape(input.shape, target.shape)) return
  throw new ShapeError(
    `${where}: expected input and target of one shape, got ${printShape(input.shape)} and ` +
      `${printShape(target.shape)}. Change the units of the last layer, or the labels of the data.`,
  )
}
