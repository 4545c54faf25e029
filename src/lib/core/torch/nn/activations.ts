/** Activations as modules. */
import type { Tensor } from '../tensor'
import { Module } from './module'

export class ReLU extends Module {
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

  /** Takes the slope by position, as PyTorch does, or by name. */
  constructor(slope: number | LeakyReLUOptions = {}) {
    super()
    this.negativeSlope = typeof slope === 'number' ? slope : (slope.negativeSlope ?? 0.01)
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('LeakyReLU', () => x.leakyRelu(this.negativeSlope))
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
    return this.inLayer('GELU', () => x.gelu())
  }
}

export interface SoftmaxOptions {
  readonly dim?: number
}

/** Softmax along `dim`; the last when left out. */
export class Softmax extends Module {
  readonly dim: number

  constructor(dim: number | SoftmaxOptions = {}) {
    super()
    this.dim = typeof dim === 'number' ? dim : (dim.dim ?? -1)
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('Softmax', () => x.softmax(this.dim))
  }
}

/** Returns its input. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x
  }
}
