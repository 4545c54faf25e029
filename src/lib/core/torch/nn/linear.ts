/** The fully connected layer. */
import { kaimingUniform, uniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { argumentsOf, type Arguments } from '../options'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { assertCount } from './functional/checks'
import { linear } from './functional/layers'
import { Module } from './module'

export interface LinearOptions {
  readonly inFeatures?: number
  readonly outFeatures?: number
  readonly bias?: boolean
}

/**
 * y = x Wᵀ + b, W [outFeatures, inFeatures], x [..., inFeatures].
 * Both start uniform in ±1/√inFeatures. Source: torch.nn.Linear.
 */
export class Linear extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | null

  readonly inFeatures: number
  readonly outFeatures: number

  /** Takes inFeatures, outFeatures and bias by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<LinearOptions>) {
    super()
    const options = argumentsOf('Linear', given, ['inFeatures', 'outFeatures', 'bias'])
    const { inFeatures = NaN, outFeatures = NaN } = options
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    assertCount('Linear', 'inFeatures', inFeatures)
    assertCount('Linear', 'outFeatures', outFeatures)
    const shape = [outFeatures, inFeatures]
    this.weight = new Parameter(kaimingUniform(shape, inFeatures, randomState.nextInitialiser()), shape)
    this.bias = (options.bias ?? true) ? biasParameter(outFeatures, inFeatures) : null
  }

  forward(x: Tensor): Tensor {
    if (x.flattenedFrom) this.weight.flattenedFrom ??= x.flattenedFrom
    return this.inLayer('Linear', () => linear(x, this.weight, this.bias))
  }
}

/** Starts uniform in ±1/√fanIn. Source: torch.nn.Linear.reset_parameters. */
export function biasParameter(size: number, fanIn: number): Parameter {
  return new Parameter(uniform([size], 1 / Math.sqrt(fanIn), randomState.nextInitialiser()), [size])
}
