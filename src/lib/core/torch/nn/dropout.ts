/** Dropout with the masks that both styles share. */
import { tf } from '../../eager/tfjs'
import { assertDropoutRate, dropoutMask } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import type { ImageShape } from '../../nn/weights'
import type { RandomSource } from '../../util/random'
import type { Shape } from '../../util/shapes'
import { result, type Tensor } from '../tensor'
import { Module } from './module'

export interface DropoutOptions {
  readonly p?: number
}

/** Drops values with probability `p` while training and scales the rest by 1/(1−p). Source: torch.nn.Dropout. */
export class Dropout extends Module {
  readonly p: number
  readonly #index = randomState.nextDropout()
  #calls = 0

  /** Takes the probability by position, as PyTorch does, or by name; 0.5 when left out. */
  constructor(p: number | DropoutOptions = {}) {
    super()
    this.p = typeof p === 'number' ? p : (p.p ?? 0.5)
    assertDropoutRate('Dropout', this.p)
  }

  forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x
    const random = randomState.dropoutStream(this.#index, this.#calls++)
    const mask = maskFor(x, this.p, random)
    const output = result([x], () => tf.mul(x.value, tf.tensor(mask, [...x.shape])))
    output.flattenedFrom = x.flattenedFrom
    return output
  }
}

/** Drawn in channels-last order, so that the same positions drop in both styles; returned in the order of `x`. */
function maskFor({ shape, flattenedFrom }: Tensor, rate: number, random: RandomSource): Float32Array {
  const image = imageOf(shape, flattenedFrom)
  if (!image) return dropoutMask(shape, rate, random)
  const [height, width, channels] = image
  const count = shape[0] ?? 0
  return toChannelsFirst(dropoutMask([count, height, width, channels], rate, random), image)
}

function imageOf(shape: Shape, flattenedFrom: ImageShape | undefined): ImageShape | undefined {
  const [, channels = 1, height = 1, width = 1] = shape
  return shape.length === 4 ? [height, width, channels] : flattenedFrom
}

/** [n, h, w, c] to [n, c, h, w] */
function toChannelsFirst(mask: Float32Array, [height, width, channels]: ImageShape): Float32Array {
  const area = height * width
  const size = area * channels
  return Float32Array.from(mask, (_, index) => {
    const within = index % size
    const source = (within % area) * channels + Math.floor(within / area)
    return mask[index - within + source] ?? 0
  })
}
