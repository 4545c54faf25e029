/** The fully connected layer. */
import { tf } from '../../eager/tfjs'
import { kaimingUniform, uniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import { ArgumentError, ShapeError } from '../../util/errors'
import { printShape } from '../../util/shapes'
import { Parameter } from '../parameter'
import { result, type Tensor } from '../tensor'
import { Module } from './module'

export interface LinearOptions {
  readonly bias?: boolean
}

/**
 * y = x Wᵀ + b, W [outFeatures, inFeatures], x [..., inFeatures].
 * Both start uniform in ±1/√inFeatures. Source: torch.nn.Linear.
 */
export class Linear extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | null

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true }: LinearOptions = {},
  ) {
    super()
    assertCount('Linear', 'inFeatures', inFeatures)
    assertCount('Linear', 'outFeatures', outFeatures)
    const shape = [outFeatures, inFeatures]
    this.weight = new Parameter(kaimingUniform(shape, inFeatures, randomState.nextInitialiser()), shape)
    this.bias = bias ? biasParameter(outFeatures, inFeatures) : null
  }

  forward(x: Tensor): Tensor {
    this.#check(x)
    if (x.flattenedFrom) this.weight.flattenedFrom ??= x.flattenedFrom
    return this.inLayer('Linear', () => {
      if (x.shape.length === 2) return this.#rows(x)
      const rows = this.#rows(x.reshape(-1, this.inFeatures))
      return rows.reshape(...x.shape.slice(0, -1), this.outFeatures)
    })
  }

  /** [n, inFeatures] to [n, outFeatures] */
  #rows(x: Tensor): Tensor {
    const { weight, bias } = this
    return result(bias ? [x, weight, bias] : [x, weight], () => {
      // Not the fused kernel: with a transposed input, tfjs' wasm backend adds the bias wrongly.
      const product = tf.matMul(x.value, weight.value, false, true)
      return bias ? tf.add(product, bias.value) : product
    })
  }

  #check(x: Tensor): void {
    if (x.shape.length >= 1 && x.shape.at(-1) === this.inFeatures) return
    throw new ShapeError(
      `Linear: expected input [..., ${this.inFeatures}], got ${printShape(x.shape)}. ` +
        `Change inFeatures to ${x.shape.at(-1) ?? 1}, or the layer before it.`,
    )
  }
}

/** Starts uniform in ±1/√fanIn. Source: torch.nn.Linear.reset_parameters. */
export function biasParameter(size: number, fanIn: number): Parameter {
  return new Parameter(uniform([size], 1 / Math.sqrt(fanIn), randomState.nextInitialiser()), [size])
}

/** Throws ArgumentError unless `value` is a whole number of at least `least`. */
export function assertCount(where: string, name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return
  throw new ArgumentError(
    `${where}: expected ${name} to be a whole number of at least ${least}, got ${value}. ` +
      `Pass a number such as ${Math.max(least, 8)}.`,
  )
}
