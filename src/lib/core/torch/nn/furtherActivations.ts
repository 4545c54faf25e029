/** Activations that fewer programs use, as modules. Source: torch.nn. */
import { argumentsOf, type Arguments } from '../options'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import type { InplaceOptions } from './activations'
import { assertCount } from './functional/checks'
import {
  hardsigmoid,
  hardswish,
  hardtanh,
  logsigmoid,
  mish,
  prelu,
  relu6,
  selu,
  softsign,
  type HardtanhArguments,
} from './functional/furtherActivations'
import { Module } from './module'

/** An activation without settings. */
abstract class Plain extends Module {
  protected abstract readonly className: string
  protected abstract readonly compute: (input: Tensor) => Tensor

  /** `inplace` makes no difference here. */
  constructor(...given: Arguments<InplaceOptions>) {
    super()
    argumentsOf('activation', given, ['inplace'])
  }

  forward(x: Tensor): Tensor {
    return this.inLayer(this.className, () => this.compute(x))
  }
}

/** min(max(x, 0), 6) */
export class ReLU6 extends Plain {
  protected readonly className = 'ReLU6'
  protected readonly compute = relu6
}

/** The self-normalising activation of Klambauer et al., 2017. */
export class SELU extends Plain {
  protected readonly className = 'SELU'
  protected readonly compute = selu
}

/** x / (1 + |x|) */
export class Softsign extends Plain {
  protected readonly className = 'Softsign'
  protected readonly compute = softsign
}

/** log σ(x) */
export class LogSigmoid extends Plain {
  protected readonly className = 'LogSigmoid'
  protected readonly compute = logsigmoid
}

/** x·tanh(softplus(x)) */
export class Mish extends Plain {
  protected readonly className = 'Mish'
  protected readonly compute = mish
}

/** min(max(x + 3, 0), 6) / 6 */
export class Hardsigmoid extends Plain {
  protected readonly className = 'Hardsigmoid'
  protected readonly compute = hardsigmoid
}

/** x·hardsigmoid(x) */
export class Hardswish extends Plain {
  protected readonly className = 'Hardswish'
  protected readonly compute = hardswish
}

/** x, held within minVal (−1) and maxVal (1). */
export class Hardtanh extends Module {
  readonly minVal: number
  readonly maxVal: number

  constructor(...given: Arguments<HardtanhArguments>) {
    super()
    const { minVal = -1, maxVal = 1 } = argumentsOf('Hardtanh', given, ['minVal', 'maxVal'])
    this.minVal = minVal
    this.maxVal = maxVal
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('Hardtanh', () => hardtanh(x, this.minVal, this.maxVal))
  }
}

export interface PReLUOptions {
  /** Slopes: 1 for all, or one for each channel. */
  readonly numParameters?: number
  /** What they start from; 0.25 when left out. */
  readonly init?: number
}

/** x where positive, else weight·x with slopes that are learned. Source: He et al., 2015. */
export class PReLU extends Module {
  readonly weight: Parameter
  readonly numParameters: number

  constructor(...given: Arguments<PReLUOptions>) {
    super()
    const { numParameters = 1, init = 0.25 } = argumentsOf('PReLU', given, ['numParameters', 'init'])
    assertCount('PReLU', 'numParameters', numParameters)
    this.numParameters = numParameters
    this.weight = new Parameter(new Float32Array(numParameters).fill(init), [numParameters])
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('PReLU', () => prelu(x, this.weight))
  }
}
