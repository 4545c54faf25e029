/** Activations as modules. */
import { assertOptions, byNameOrPosition } from '../options'
import type { Tensor } from '../tensor'
import { elu, gelu, leakyRelu, silu, softplus, type Dim } from './functional/activations'
import { Module } from './module'

export interface InplaceOptions {
  /** Makes no difference here. */
  readonly inplace?: boolean
}

/** max(x, 0) */
export class ReLU extends Module {
  constructor(options: boolean | InplaceOptions = {}) {
    super()
    if (typeof options === 'object') assertOptions('ReLU', options, ['inplace'])
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('ReLU', () => x.relu())
  }
}

export interface LeakyReLUOptions {
  readonly negativeSlope?: number
}

/** x where positive, else negativeSlope·x. */
export class LeakyReLU extends Module {
  readonly negativeSlope: number

  /** Takes the slope by position, as PyTorch does, or by name; 0.01 when left out. */
  constructor(slope: number | LeakyReLUOptions = {}) {
    super()
    this.negativeSlope = byNameOrPosition<'negativeSlope', number>(slope, 'negativeSlope') ?? 0.01
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('LeakyReLU', () => leakyRelu(x, this.negativeSlope))
  }
}

export interface ELUOptions {
  readonly alpha?: number
}

/** x where positive, else alpha·(eˣ − 1). */
export class ELU extends Module {
  readonly alpha: number

  /** Takes alpha by position, as PyTorch does, or by name; 1 when left out. */
  constructor(alpha: number | ELUOptions = {}) {
    super()
    this.alpha = byNameOrPosition<'alpha', number>(alpha, 'alpha') ?? 1
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('ELU', () => elu(x, this.alpha))
  }
}

/** x·σ(x) */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return this.inLayer('SiLU', () => silu(x))
  }
}

/** log(1 + eˣ) */
export class Softplus extends Module {
  forward(x: Tensor): Tensor {
    return this.inLayer('Softplus', () => softplus(x))
  }
}

export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return this.inLayer('Tanh', () => x.tanh())
  }
}

export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return this.inLayer('Sigmoid', () => x.sigmoid())
  }
}

/** x·Φ(x), the exact form. */
export class GELU extends Module {
  forward(x: Tensor): Tensor {
    return this.inLayer('GELU', () => gelu(x))
  }
}

/** Softmax along `dim`; the last when left out. */
export class Softmax extends Module {
  readonly dim: number

  constructor(dim: Dim = -1) {
    super()
    this.dim = byNameOrPosition<'dim', number>(dim, 'dim') ?? -1
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('Softmax', () => x.softmax(this.dim))
  }
}

/** log softmax(x) along `dim`; the last when left out. Source: torch.nn.LogSoftmax. */
export class LogSoftmax extends Module {
  readonly dim: number

  constructor(dim: Dim = -1) {
    super()
    this.dim = byNameOrPosition<'dim', number>(dim, 'dim') ?? -1
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('LogSoftmax', () => x.logSoftmax(this.dim))
  }
}

/** Returns its input. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x
  }
}
