/** Options of layers that slide a window over an image. */
import { unknownName } from '../names'
import { assertPositiveInteger } from './layer'

/** One size for both axes, or [height, width]. */
export type Size2D = number | readonly [height: number, width: number]

/** `valid` only takes windows inside the image; `same` pads so that stride 1 keeps its size. */
export type Padding = 'valid' | 'same'

/** [height, width] of a window option; throws ArgumentError unless positive integers. */
export function sizePair(where: string, option: string, size: Size2D): [number, number] {
  const [height, width] = typeof size === 'number' ? [size, size] : size
  assertPositiveInteger(where, option, height)
  assertPositiveInteger(where, option, width)
  return [height, width]
}

/** `padding` if it is known; throws ArgumentError otherwise. */
export function assertPadding(where: string, padding: string): Padding {
  if (padding === 'valid' || padding === 'same') return padding
  throw unknownName(`${where} padding`, padding, ['valid', 'same'])
}
