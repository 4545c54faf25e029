/** Convolution and pooling of sequences [n, c, l]. */
import { kaimingUniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { argumentsOf, type Arguments } from '../options'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { assertCount } from './functional/checks'
import { assertPlainConvolution, convolutionNames } from './functional/images'
import {
  assertWindow,
  avgPool1d,
  conv1d,
  maxPool1d,
  type AvgPool1dArguments,
  type Conv1dArguments,
  type Pool1dArguments,
} from './functional/sequences'
import { biasParameter } from './linear'
import { Module } from './module'

export interface Conv1dOptions extends Conv1dArguments {
  readonly inChannels?: number
  readonly outChannels?: number
  readonly kernelSize?: number
  readonly bias?: boolean
}

/**
 * Convolution along time, weight [outChannels, inChannels, k].
 * Weight and bias start uniform in ±1/√(inChannels·k). Source: torch.nn.Conv1d.
 */
export class Conv1d extends Module {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number | 'same' | 'valid'
  readonly weight: Parameter
  readonly bias: Parameter | null

  /** Takes its arguments by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<Conv1dOptions>) {
    super()
    const sizes = ['inChannels', 'outChannels', 'kernelSize'] as const
    const options = argumentsOf('Conv1d', given, [...sizes, ...convolutionNames, 'bias'])
    assertPlainConvolution('Conv1d', options)
    const { inChannels = NaN, outChannels = NaN, kernelSize = NaN } = options
    const { stride = 1, padding = 0, bias = true } = options
    assertCount('Conv1d', 'inChannels', inChannels)
    assertCount('Conv1d', 'outChannels', outChannels)
    const isNumber = typeof padding === 'number'
    assertWindow('Conv1d', { kernelSize, stride, padding: isNumber ? padding : 0 })
    this.inChannels = inChannels
    this.outChannels = outChannels
    this.kernelSize = kernelSize
    this.stride = stride
    this.padding = padding
    const shape = [outChannels, inChannels, kernelSize]
    const fanIn = inChannels * kernelSize
    this.weight = new Parameter(kaimingUniform(shape, fanIn, randomState.nextInitialiser()), shape)
    this.bias = bias ? biasParameter(outChannels, fanIn) : null
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding } = this
    return this.inLayer('Conv1d', () => conv1d(x, weight, { bias, stride, padding }))
  }
}

abstract class Pool1d extends Module {
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number

  constructor(className: string, { kernelSize = NaN, stride = kernelSize, padding = 0 }: Pool1dArguments) {
    super()
    assertWindow(className, { kernelSize, stride, padding })
    this.kernelSize = kernelSize
    this.stride = stride
    this.padding = padding
  }
}

/** Largest value of each window; windows that do not fit are left out. Source: torch.nn.MaxPool1d. */
export class MaxPool1d extends Pool1d {
  /** Takes kernelSize, stride and padding by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<Pool1dArguments>) {
    super('MaxPool1d', argumentsOf('MaxPool1d', given, ['kernelSize', 'stride', 'padding']))
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding } = this
    return this.inLayer('MaxPool1d', () => maxPool1d(x, { kernelSize, stride, padding }))
  }
}

/** Mean of each window; windows that do not fit are left out. Source: torch.nn.AvgPool1d. */
export class AvgPool1d extends Pool1d {
  readonly countIncludePad: boolean

  /** Takes kernelSize, stride and padding by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<AvgPool1dArguments>) {
    const options = argumentsOf('AvgPool1d', given, ['kernelSize', 'stride', 'padding'], ['countIncludePad'])
    super('AvgPool1d', options)
    this.countIncludePad = options.countIncludePad ?? true
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, countIncludePad } = this
    return this.inLayer('AvgPool1d', () => avgPool1d(x, { kernelSize, stride, padding, countIncludePad }))
  }
}
