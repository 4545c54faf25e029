/** The convolution layers. */
import * as tfl from '@tensorflow/tfjs-layers'
import { tf } from '../../eager/tfjs'
import { only } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import type { Shape } from '../../util/shapes'
import { channelsLast, count, pair, single, spelt } from '../kinds'
import { spelling } from '../names'
import { regularised } from '../regularizers'
import { initialise, kernelStart, type KernelStart } from './initialise'
import {
  buildTfLayer,
  callTfLayer,
  Layer,
  madeVariable,
  weightsOf,
  type LayerWeight,
  type TfLayer,
} from './layer'
import { activation } from './layerKinds'
import { kernelParameters, kernelPenaltyParameters, layerParameters } from './layerParameters'
import { sizePair, toPadding, windowCount, windowParameters, type Padding } from './windows'

/** What follows the window, in Keras' order. */
const convolutionParameters = {
  /** Windows have no gaps. */
  dilationRate: only(1, 'Leave it out: windows have no gaps here.'),
  /** Every filter sees all channels. */
  groups: only(1, 'Leave it out: every filter sees all channels here.'),
  /** Applied to the output; none when left out. */
  activation: activation.or(null),
  ...kernelParameters,
  ...kernelPenaltyParameters,
  ...layerParameters,
}

const conv2d = parameters('Conv2D', {
  /** Number of output channels. */
  filters: count,
  /** Size of the window: one number, or [height, width]. */
  kernelSize: pair,
  /** Steps from one window to the next: one number, or [height, width]. */
  strides: pair.or(1),
  ...windowParameters,
  ...convolutionParameters,
})

/**
 * [batch, h, w, c] -> [batch, h', w', filters]; kernel [kh, kw, c, filters] Glorot uniform, bias zeros.
 * Source: keras.layers.Conv2D.
 */
export class Conv2D extends Layer {
  readonly className = 'Conv2D'
  readonly filters: number
  readonly #layer: TfLayer
  readonly #start: KernelStart

  constructor(...given: Given<typeof conv2d.table>) {
    const { filters, kernelSize, strides, padding, activation, useBias, ...options } = conv2d.read(given)
    super('Conv2D', activation, options)
    this.filters = filters
    this.#layer = tfl.layers.conv2d({
      filters,
      kernelSize: sizePair(kernelSize),
      strides: sizePair(strides),
      padding: toPadding('Conv2D', padding),
      useBias,
      kernelInitializer: 'zeros',
    })
    this.#start = kernelStart('Conv2D', options)
  }

  override get weights(): readonly LayerWeight[] {
    return regularised(weightsOf(this.#layer), this.#start.regularizers)
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return callTfLayer(this.#layer, x)
  }

  protected override buildFor(inputShape: Shape): Shape {
    this.assertRank(inputShape, 3, '[height, width, channels]')
    const outputShape = buildTfLayer(this.#layer, inputShape)
    initialise(this.weights, this.#start.initializers)
    return outputShape
  }
}

const paddings = ['valid', 'same', 'causal'] as const

const conv1d = parameters('Conv1D', {
  /** Number of output channels. */
  filters: count,
  /** Steps that a window covers. */
  kernelSize: single,
  /** Steps from one window to the next. */
  strides: single.or(1),
  /** 'causal' pads in front only: no output sees a later input. */
  padding: spelt(...paddings).or('valid'),
  /** Channels are last: [batch, steps, channels]. */
  dataFormat: channelsLast,
  ...convolutionParameters,
})

/**
 * [batch, steps, channels] -> [batch, steps', filters]; kernel [size, channels, filters] Glorot uniform, bias zeros.
 * Source: keras.layers.Conv1D.
 */
export class Conv1D extends Layer {
  readonly className = 'Conv1D'
  readonly filters: number
  readonly #kernelSize: number
  readonly #strides: number
  readonly #padding: Padding | 'causal'
  readonly #start: KernelStart
  readonly #useBias: boolean
  #weights: readonly LayerWeight[] = []

  constructor(...given: Given<typeof conv1d.table>) {
    const { filters, kernelSize, strides, padding, activation, useBias, ...options } = conv1d.read(given)
    super('Conv1D', activation, options)
    this.filters = filters
    this.#kernelSize = sizeOfOne(kernelSize)
    this.#strides = sizeOfOne(strides)
    this.#padding = spelling('Conv1D padding', padding, paddings)
    this.#useBias = useBias
    this.#start = kernelStart('Conv1D', options)
  }

  override get weights(): readonly LayerWeight[] {
    return regularised(this.#weights, this.#start.regularizers)
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
    const [kernelInitializer, biasInitializer] = this.#start.initializers
    const kernelShape = [this.#kernelSize, channels, this.filters]
    const kernel = madeVariable(kernelInitializer.values(kernelShape), kernelShape)
    const bias = this.#useBias && madeVariable(biasInitializer.values([this.filters]), [this.filters])
    this.#weights = [
      { name: 'kernel', variable: kernel },
      ...(bias ? [{ name: 'bias', variable: bias }] : []),
    ]
    const padding = this.#padding === 'valid' ? 'valid' : 'same'
    return [windowCount(steps, this.#kernelSize, this.#strides, padding), this.filters]
  }
}

function sizeOfOne(size: number | readonly [number]): number {
  return typeof size === 'number' ? size : size[0]
}
