/** Pooling of images [n, c, h, w]. */
import { assertOptions } from '../options'
import type { Tensor } from '../tensor'
import {
  adaptiveAvgPool2d,
  avgPool2d,
  maxPool2d,
  pairOf,
  type AvgPoolArguments,
  type OutputSize,
  type Pair,
  type PoolArguments,
} from './functional/images'
import { Module } from './module'

export type MaxPool2dOptions = PoolArguments
export type AvgPool2dOptions = AvgPoolArguments

abstract class Pool2d extends Module {
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number]

  constructor(className: string, kernelSize: Pair, { stride = kernelSize, padding = 0 }: PoolArguments) {
    super()
    this.kernelSize = pairOf(className, 'kernelSize', kernelSize)
    this.stride = pairOf(className, 'stride', stride)
    this.padding = pairOf(className, 'padding', padding, 0)
  }
}

/** Largest value of each window; windows that do not fit are left out. Source: torch.nn.MaxPool2d. */
export class MaxPool2d extends Pool2d {
  constructor(kernelSize: Pair, options: MaxPool2dOptions = {}) {
    assertOptions('MaxPool2d', options, ['stride', 'padding'])
    super('MaxPool2d', kernelSize, options)
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding } = this
    return this.inLayer('MaxPool2d', () => maxPool2d(x, kernelSize, { stride, padding }))
  }
}

/** Mean of each window; windows that do not fit are left out. Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends Pool2d {
  readonly countIncludePad: boolean

  constructor(kernelSize: Pair, options: AvgPool2dOptions = {}) {
    assertOptions('AvgPool2d', options, ['stride', 'padding', 'countIncludePad'])
    super('AvgPool2d', kernelSize, options)
    this.countIncludePad = options.countIncludePad ?? true
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, countIncludePad } = this
    return this.inLayer('AvgPool2d', () => avgPool2d(x, kernelSize, { stride, padding, countIncludePad }))
  }
}

/** Means of as many windows as the output has values; null keeps a size. Source: torch.nn.AdaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends Module {
  constructor(readonly outputSize: OutputSize) {
    super()
    const sizes: readonly (number | null)[] = typeof outputSize === 'number' ? [outputSize] : outputSize
    for (const size of sizes) if (size !== null) pairOf('AdaptiveAvgPool2d', 'outputSize', size)
  }

  forward(x: Tensor): Tensor {
    return this.inLayer('AdaptiveAvgPool2d', () => adaptiveAvgPool2d(x, this.outputSize))
  }
}
