/** Convolution of images [n, c, h, w] and of sequences [n, c, l]. */
import { kaimingUniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { flag, only } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { sizeOf, type Shape } from '../../util/shapes'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { oneInput, type OneInput } from './forward'
import { conv2d, pairOf, plainConvolution } from './functional/images'
import { conv1d, lengthOf } from './functional/sequences'
import { count, padding, pair, placement, single, singlePadding, type Padding } from './kinds'
import { biasParameter } from './linear'
import { Module } from './module'
import { keepParameters } from './parameterField'

const channels = {
  /** Channels of the input. */
  inChannels: count,
  /** Channels of the output. */
  outChannels: count,
}

const further = {
  ...plainConvolution,
  /** Whether a bias is added. */
  bias: flag.or(true),
  paddingMode: only('zeros', 'Leave it out: only zeros are added at the borders here.'),
  ...placement,
}

const conv2dParameters = parameters('Conv2d', {
  ...channels,
  /** Size of the windows. */
  kernelSize: pair,
  /** From window to window. */
  stride: pair.or(1),
  /** Zeros on each side, 'same' or 'valid'. */
  padding: padding.or(0),
  ...further,
})
const conv2dForward = oneInput('Conv2d')

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

  constructor(...given: Given<typeof conv2dParameters.table>) {
    super()
    const values = conv2dParameters.read(given)
    this.inChannels = values.inChannels
    this.outChannels = values.outChannels
    this.kernelSize = pairOf(values.kernelSize)
    this.stride = pairOf(values.stride)
    this.padding = values.padding
    const { weight, bias } = weightsOf([this.outChannels, this.inChannels, ...this.kernelSize], values.bias)
    this.weight = weight
    this.bias = bias
    keepParameters(this)
  }

  forward(...given: OneInput): Tensor {
    const { input } = conv2dForward.read(given)
    const { weight, bias, stride, padding: zeros } = this
    return this.inLayer('Conv2d', () => conv2d(input, weight, bias, stride, zeros))
  }
}

const conv1dParameters = parameters('Conv1d', {
  ...channels,
  /** Size of the windows. */
  kernelSize: single,
  /** From window to window. */
  stride: single.or(1),
  /** Zeros at both ends, 'same' or 'valid'. */
  padding: singlePadding.or(0),
  ...further,
})
const conv1dForward = oneInput('Conv1d')

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

  constructor(...given: Given<typeof conv1dParameters.table>) {
    super()
    const values = conv1dParameters.read(given)
    this.inChannels = values.inChannels
    this.outChannels = values.outChannels
    this.kernelSize = lengthOf(values.kernelSize)
    this.stride = lengthOf(values.stride)
    this.padding = typeof values.padding === 'string' ? values.padding : lengthOf(values.padding)
    const { weight, bias } = weightsOf([this.outChannels, this.inChannels, this.kernelSize], values.bias)
    this.weight = weight
    this.bias = bias
    keepParameters(this)
  }

  forward(...given: OneInput): Tensor {
    const { input } = conv1dForward.read(given)
    const { weight, bias, stride, padding: zeros } = this
    return this.inLayer('Conv1d', () => conv1d(input, weight, bias, stride, zeros))
  }
}

/** A weight [out, in, ...kernel] and a bias [out]. */
function weightsOf(shape: Shape, hasBias: boolean): { weight: Parameter; bias: Parameter | null } {
  const [outChannels = 1, ...perOutput] = shape
  const fanIn = sizeOf(perOutput)
  const weight = new Parameter(kaimingUniform([...shape], fanIn, randomState.nextInitialiser()), shape)
  return { weight, bias: hasBias ? biasParameter(outChannels, fanIn) : null }
}
