/** Parameters of layers that slide a window over an image or a sequence. */
import { openSize } from '../../util/shapes'
import { channelsLast, spelt, type Pair } from '../kinds'
import { spelling } from '../names'

/** `valid` only takes windows inside the image; `same` pads so that stride 1 keeps its size. */
export type Padding = 'valid' | 'same'

const paddings = ['valid', 'same'] as const

/** How windows are placed. */
export const windowParameters = {
  /** 'valid' takes windows inside the image only; 'same' pads it. */
  padding: spelt(...paddings).or('valid'),
  /** Channels are last: [batch, height, width, channels]. */
  dataFormat: channelsLast,
}

/** [height, width] of one number or two. */
export function sizePair(size: Pair): [number, number] {
  return typeof size === 'number' ? [size, size] : [...size]
}

/** `padding` as we spell it. */
export function toPadding(where: string, padding: Padding): Padding {
  return spelling(`${where} padding`, padding, paddings)
}

/** How many windows of `size` fit into `length` positions; open where the length is. */
export function windowCount(length: number, size: number, stride: number, padding: Padding): number {
  if (length === openSize) return openSize
  return padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - size) / stride) + 1
}
