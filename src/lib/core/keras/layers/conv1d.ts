/** The 1-D convolution layer. */
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import type { ActivationLike } from '../activations'
import { toInitializer, type Initializer } from '../initializers'
import { assertOptions, unknownName } from '../names'
import { initializerOptions, type WeightOptions } from './initialise'
import { assertPositiveInteger, Layer, layerOptions, madeVariable, type LayerWeight } from './layer'
import { windowCount, withSize, type Padding } from './windows'

export interface Conv1DOptions extends WeightOptions {
  readonly kernelSize?: number
  readonly strides?: number
  /** `causal` pads in front only: no output sees a later input. */
  readonly padding?: Padding | 'causal'
  readonly activation?: ActivationLike
  readonly useBias?: boolean
}

/**
 * [batch, steps, channels] -> [batch, steps', filters]; kernel [size, channels, filters] Glorot uniform, bias zeros. The
 * kernel size is the second argument, or the option `kernelSize`. Source: keras.layers.Conv1D.
 */
export class Conv1D extends Layer {
  readonly className = 'Conv1D'
  readonly #kernelSize: number
  readonly #strides: number
  readonly #padding: Padding | 'causal'
  readonly #initializers: readonly [kernel: Initializer, bias: Initializer | null]
  #weights: readonly LayerWeight[] = []

  constructor(filters: number, options: Conv1DOptions)
  constructor(filters: number, kernelSize: number, options?: Conv1DOptions)
  constructor(
    readonly filters: number,
    kernelSizeOrOptions: number | Conv1DOptions,
    rest: Conv1DOptions = {},
  ) {
    const options = withSize('kernelSize', kernelSizeOrOptions, rest)
    const known = ['kernelSize', 'strides', 'padding', 'activation', 'useBias']
    assertOptions('Conv1D', options, [...known, ...initializerOptions, ...layerOptions])
    const { kernelSize = NaN, strides = 1, padding = 'valid', useBias = true } = options
    super('Conv1D', options.activation, options)
    assertPositiveInteger('Conv1D', 'filters', filters)
    assertPositiveInteger('Conv1D', 'kernelSize', kernelSize)
    assertPositiveInteger('Conv1D', 'strides', strides)
    if (!['valid', 'same', 'causal'].includes(padding))
      throw unknownName('Conv1D padding', padding, ['valid', 'same', 'causal'])
    this.#kernelSize = kernelSize
    this.#strides = strides
    this.#padding = padding
    const bias = toInitializer('Conv1D biasInitializer', options.biasInitializer ?? 'zeros')
    this.#initializers = [
      toInitializer('Conv1D kernelInitializer', options.kernelInitializer ?? 'glorotUniform'),
      useBias ? bias : null,
    ]
  }

  override get weights(): readonly LayerWeight[] {
    return this.#weights
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const [kernel, bias] = this.#weights
    if (!kernel) return x
    const isCausal = this.#padding === 'causal'
    const padded = isCausal ? tf.pad(x, [[0, 0], [this.#kernelSize - 1, 0], [0, 0]]) : x // prettier-ignore
    const padding = this.#padding === 'same' ? 'same' : 'valid'
    const sums = tf.conv1d(
      padded as tf.Tensor3D,
      kernel.variable as unknown as tf.Tensor3D,
      this.#strides,
      padding,
    )
    return bias ? tf.add(sums, bias.variable) : sums
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 2, '[steps, channels]')
    this.assertFeatures(inputShape)
    const [steps = 0, channels = 0] = inputShape
    const [kernelInitializer, biasInitializer] = this.#initializers
    const kernelShape = [this.#kernelSize, channels, this.filters]
    const kernel = madeVariable(kernelInitializer.values(kernelShape), kernelShape)
    const bias = biasInitializer && madeVariable(biasInitializer.values([this.filters]), [this.filters])
    this.#weights = [
      { name: 'kernel', variable: kernel },
      ...(bias ? [{ name: 'bias', variable: bias }] : []),
    ]
    const padding = this.#padding === 'valid' ? 'valid' : 'same'
    return [windowCount(steps, this.#kernelSize, this.#strides, padding), this.filters]
  }
}
