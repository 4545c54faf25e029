/** Dropout with the masks that both styles share. */
import { tf } from '../../eager/tfjs'
import { hostTensor } from '../../eager/tracing'
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

  /** Takes the probability by position, as PyTorch does, or by name; 0.5 when left out. */
  constructor(p: number | DropoutOptions = {}) {
    super()
    this.p = typeof p === 'number' ? p : (p.p ?? 0.5)
    assertDropoutRate('Dropout', this.p)
  }

  forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x
    const shape = [...x.shape]
    const image = imageOf(x)
    const draw = () => maskFor(shape, image, this.p, randomState.nextDropoutMask(this.#index))
    const compute = () =>
      tf.mul(
        x.value,
        hostTensor('dropoutMask', shape, draw, (mask) => tf.tensor(mask, shape)),
      )
    const output = this.inLayer('Dropout', () => result([x], compute))
    output.flattenedFrom = x.flattenedFrom
    return output
  }
}

/** Drawn in channels-last order, so that the same positions drop in both styles; returned in the order of `shape`. */
function maskFor(
  shape: Shape,
  image: ImageShape | undefined,
  rate: number,
  random: RandomSource,
): Float32Array {
  if (!image) return dropoutMask(shape, rate, random)
  const [height, width, channels] = image
  return toChannelsFirst(dropoutMask([shape[0] ?? 0, height, width, channels], rate, random), image)
}

function imageOf({ shape, flattenedFrom }: Tensor): ImageShape | undefined {
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
