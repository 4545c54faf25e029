/** Options of layers that slide a window over an image or a sequence. */
import { openSize } from '../../util/shapes'
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

/** Options in which the size may have been an argument of its own, as Keras' positional one. */
export function withSize<Name extends string, Size, Options extends { readonly [N in Name]?: Size }>(
  name: Name,
  sizeOrOptions: Size | Options,
  rest: Options,
): Options {
  const isSize = typeof sizeOrOptions === 'number' || Array.isArray(sizeOrOptions)
  return isSize ? { ...rest, [name]: sizeOrOptions } : (sizeOrOptions as Options)
}

/** `padding` if it is known; throws ArgumentError otherwise. */
export function assertPadding(where: string, padding: string): Padding {
  if (padding === 'valid' || padding === 'same') return padding
  throw unknownName(`${where} padding`, padding, ['valid', 'same'])
}

/** How many windows of `size` fit into `length` positions; open where the length is. */
export function windowCount(length: number, size: number, stride: number, padding: Padding): number {
  if (length === openSize) return openSize
  return padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - size) / stride) + 1
}
