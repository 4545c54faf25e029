/** Losses as modules: `criterion.forward(input, target)` gives a scalar, or with reduction 'none' the values before it. */
import type { Reduction } from '../../nn/losses'
import { ArgumentError } from '../../util/errors'
import { assertOneOf, assertOptions } from '../options'
import { Buffer } from '../parameter'
import type { Tensor } from '../tensor'
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
  type BinaryLogitsArguments,
  type ClassLossArguments,
  type CrossEntropyArguments,
  type HuberArguments,
  type KLArguments,
  type LossArguments,
  type SmoothL1Arguments,
  weightOr,
  type WeightedArguments,
  type WeightOr,
} from './functional/losses'
import { Module } from './module'

abstract class Loss extends Module {
  readonly reduction: Reduction

  constructor(where: string, options: LossArguments, known: readonly string[] = []) {
    super()
    assertOptions(where, options, [...known, 'reduction'])
    const { reduction = 'mean' } = options
    assertOneOf(where, 'reduction', reduction, ['mean', 'sum', 'none'])
    this.reduction = reduction
  }
}

/** mean (input − target)². Source: torch.nn.MSELoss. */
export class MSELoss extends Loss {
  constructor(options: LossArguments = {}) {
    super('MSELoss', options)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction })
  }
}

/** mean |input − target|. Source: torch.nn.L1Loss. */
export class L1Loss extends Loss {
  constructor(options: LossArguments = {}) {
    super('L1Loss', options)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction })
  }
}

/** d²/2 up to |d| = delta, delta·(|d| − delta/2) beyond; delta is 1 when left out. Source: torch.nn.HuberLoss. */
export class HuberLoss extends Loss {
  readonly delta: number

  constructor(options: HuberArguments = {}) {
    super('HuberLoss', options, ['delta'])
    const { delta = 1 } = options
    if (!(delta > 0)) {
      throw new ArgumentError(`HuberLoss: expected delta above 0, got ${delta}. Leave it out for 1.`)
    }
    this.delta = delta
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, { delta: this.delta, reduction: this.reduction })
  }
}

/** d²/(2·beta) up to |d| = beta, |d| − beta/2 beyond; beta is 1 when left out. Source: torch.nn.SmoothL1Loss. */
export class SmoothL1Loss extends Loss {
  readonly beta: number

  constructor(options: SmoothL1Arguments = {}) {
    super('SmoothL1Loss', options, ['beta'])
    const { beta = 1 } = options
    if (!(beta >= 0)) {
      throw new ArgumentError(`SmoothL1Loss: expected beta of at least 0, got ${beta}. Leave it out for 1.`)
    }
    this.beta = beta
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, { beta: this.beta, reduction: this.reduction })
  }
}

/** Binary cross-entropy of probabilities; targets of the same shape in [0, 1]. Source: torch.nn.BCELoss. */
export class BCELoss extends Loss {
  readonly weight: Buffer | null

  constructor(given: WeightOr<WeightedArguments> = {}) {
    const options = weightOr(given)
    super('BCELoss', options, ['weight'])
    this.weight = bufferOf(options.weight)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction })
  }
}

/** Binary cross-entropy of logits; targets of the same shape in [0, 1]. Source: torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends Loss {
  readonly weight: Buffer | null
  readonly posWeight: Buffer | null

  constructor(given: WeightOr<BinaryLogitsArguments> = {}) {
    const options = weightOr(given)
    super('BCEWithLogitsLoss', options, ['weight', 'posWeight'])
    this.weight = bufferOf(options.weight)
    this.posWeight = bufferOf(options.posWeight)
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this
    return binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction })
  }
}

/** −x[class] of log-probabilities, such as LogSoftmax gives. Source: torch.nn.NLLLoss. */
export class NLLLoss extends Loss {
  readonly weight: Buffer | null
  readonly ignoreIndex: number | null

  constructor(given: WeightOr<ClassLossArguments> = {}) {
    const options = weightOr(given)
    super('NLLLoss', options, ['weight', 'ignoreIndex'])
    this.weight = bufferOf(options.weight)
    this.ignoreIndex = options.ignoreIndex ?? null
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this
    return nllLoss(input, target, { weight, ignoreIndex, reduction })
  }
}

/**
 * Cross-entropy of logits [n, classes, ...]; targets are class indices int32 [n, ...] or probabilities of the shape of
 * the logits. Source: torch.nn.CrossEntropyLoss.
 */
export class CrossEntropyLoss extends Loss {
  readonly weight: Buffer | null
  readonly ignoreIndex: number | null
  readonly labelSmoothing: number

  constructor(given: WeightOr<CrossEntropyArguments> = {}) {
    const options = weightOr(given)
    super('CrossEntropyLoss', options, ['weight', 'ignoreIndex', 'labelSmoothing'])
    this.weight = bufferOf(options.weight)
    this.ignoreIndex = options.ignoreIndex ?? null
    this.labelSmoothing = options.labelSmoothing ?? 0
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, labelSmoothing, reduction } = this
    return crossEntropy(input, target, { weight, ignoreIndex, labelSmoothing, reduction })
  }
}

/** target·(log target − input) of log-probabilities. Source: torch.nn.KLDivLoss. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean'
  readonly logTarget: boolean

  constructor(options: KLArguments = {}) {
    super()
    assertOptions('KLDivLoss', options, ['reduction', 'logTarget'])
    this.reduction = options.reduction ?? 'mean'
    this.logTarget = options.logTarget ?? false
    assertOneOf('KLDivLoss', 'reduction', this.reduction, ['mean', 'sum', 'none', 'batchmean'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, { reduction: this.reduction, logTarget: this.logTarget })
  }
}

/** Kept with the module, so that it outlives the scope in which it was made. */
function bufferOf(weight: Tensor | null | undefined): Buffer | null {
  return weight ? new Buffer(weight) : null
}
