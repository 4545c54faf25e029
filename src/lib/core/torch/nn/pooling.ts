/** Pooling of images [n, c, h, w]. */
import { argumentsOf, type Arguments } from '../options'
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

export interface MaxPool2dOptions extends PoolArguments {
  readonly kernelSize?: Pair
}

export interface AvgPool2dOptions extends AvgPoolArguments {
  readonly kernelSize?: Pair
}

abstract class Pool2d extends Module {
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number]

  constructor(className: string, { kernelSize = NaN, stride = kernelSize, padding = 0 }: MaxPool2dOptions) {
    super()
    this.kernelSize = pairOf(className, 'kernelSize', kernelSize)
    this.stride = pairOf(className, 'stride', stride)
    this.padding = pairOf(className, 'padding', padding, 0)
  }
}

/** Largest value of each window; windows that do not fit are left out. Source: torch.nn.MaxPool2d. */
export class MaxPool2d extends Pool2d {
  /** Takes kernelSize, stride and padding by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<MaxPool2dOptions>) {
    super('MaxPool2d', argumentsOf('MaxPool2d', given, ['kernelSize', 'stride', 'padding']))
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding } = this
    return this.inLayer('MaxPool2d', () => maxPool2d(x, { kernelSize, stride, padding }))
  }
}

/** Mean of each window; windows that do not fit are left out. Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends Pool2d {
  readonly countIncludePad: boolean

  /** Takes kernelSize, stride and padding by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<AvgPool2dOptions>) {
    const options = argumentsOf('AvgPool2d', given, ['kernelSize', 'stride', 'padding'], ['countIncludePad'])
    super('AvgPool2d', options)
    this.countIncludePad = options.countIncludePad ?? true
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, countIncludePad } = this
    return this.inLayer('AvgPool2d', () => avgPool2d(x, { kernelSize, stride, padding, countIncludePad }))
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
