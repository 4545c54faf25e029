/** Convolution of images [n, c, h, w]. */
import { kaimingUniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { argumentsOf, type Arguments } from '../options'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { assertCount } from './functional/checks'
import {
  assertPlainConvolution,
  conv2d,
  convolutionNames,
  pairOf,
  type Conv2dArguments,
  type Padding,
  type Pair,
} from './functional/images'
import { biasParameter } from './linear'
import { Module } from './module'

export interface Conv2dOptions extends Conv2dArguments {
  readonly inChannels?: number
  readonly outChannels?: number
  readonly kernelSize?: Pair
  readonly bias?: boolean
}

/**
 * Convolution, weight [outChannels, inChannels, kh, kw].
 * Weight and bias start uniform in ±1/√(inChannels·kh·kw). Source: torch.nn.Conv2d.
 */
export class Conv2d extends Module {
  readonly inChannels: number
  readonly outChannels: number
  readonly weight: Parameter
  readonly bias: Parameter | null
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: Padding

  /** Takes its arguments by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<Conv2dOptions>) {
    super()
    const options = argumentsOf('Conv2d', given, [
      'inChannels',
      'outChannels',
      'kernelSize',
      ...convolutionNames,
      'bias',
    ])
    assertPlainConvolution('Conv2d', options)
    const {
      inChannels = NaN,
      outChannels = NaN,
      kernelSize = NaN,
      stride = 1,
      padding = 0,
      bias = true,
    } = options
    this.inChannels = inChannels
    this.outChannels = outChannels
    assertCount('Conv2d', 'inChannels', inChannels)
    assertCount('Conv2d', 'outChannels', outChannels)
    this.kernelSize = pairOf('Conv2d', 'kernelSize', kernelSize)
    this.stride = pairOf('Conv2d', 'stride', stride)
    if (padding !== 'same' && padding !== 'valid') pairOf('Conv2d', 'padding', padding, 0)
    this.padding = padding
    const shape = [outChannels, inChannels, ...this.kernelSize]
    const fanIn = inChannels * this.kernelSize[0] * this.kernelSize[1]
    this.weight = new Parameter(kaimingUniform(shape, fanIn, randomState.nextInitialiser()), shape)
    this.bias = bias ? biasParameter(outChannels, fanIn) : null
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding } = this
    return this.inLayer('Conv2d', () => conv2d(x, weight, { bias, stride, padding }))
  }
}
