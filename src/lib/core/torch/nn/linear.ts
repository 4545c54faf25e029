/** The fully connected layer. */
import { kaimingUniform, uniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { flag } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { oneInput, type OneInput } from './forward'
import { linear } from './functional/layers'
import { count, placement } from './kinds'
import { Module } from './module'
import { keepParameters } from './parameterField'

const linearParameters = parameters('Linear', {
  /** Size of the last axis of the input. */
  inFeatures: count,
  /** Size of the last axis of the output. */
  outFeatures: count,
  /** Whether a bias is added. */
  bias: flag.or(true),
  ...placement,
})
const linearForward = oneInput('Linear')

/**
 * y = x Wᵀ + b, W [outFeatures, inFeatures], x [..., inFeatures].
 * Both start uniform in ±1/√inFeatures. Source: torch.nn.Linear.
 */
export class Linear extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | null

  readonly inFeatures: number
  readonly outFeatures: number

  constructor(...given: Given<typeof linearParameters.table>) {
    super()
    const { inFeatures, outFeatures, bias } = linearParameters.read(given)
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    const shape = [outFeatures, inFeatures]
    this.weight = new Parameter(kaimingUniform(shape, inFeatures, randomState.nextInitialiser()), shape)
    this.bias = bias ? biasParameter(outFeatures, inFeatures) : null
    keepParameters(this)
  }

  forward(...given: OneInput): Tensor {
    const { input } = linearForward.read(given)
    if (input.flattenedFrom) this.weight.flattenedFrom ??= input.flattenedFrom
    return this.inLayer('Linear', () => linear(input, this.weight, this.bias))
  }
}

/** Starts uniform in ±1/√fanIn. Source: torch.nn.Linear.reset_parameters. */
export function biasParameter(size: number, fanIn: number): Parameter {
  return new Parameter(uniform([size], 1 / Math.sqrt(fanIn), randomState.nextInitialiser()), [size])
}
