/** What layers ask of the shape that they read; the errors say what would fit. */
import { last } from '../../util/at'
import { SpecError } from '../../util/errors'
import { openSize, printShape } from '../../util/shapes'
import type { LayerPlace } from './record'

/** Features of a row, or of each step of a sequence; `imageNote` says why an image would not do, in brackets. */
export function lastAxis({ type, input, path }: LayerPlace, imageNote = ''): number {
  const features = last(input)
  if (features === openSize) {
    throw new SpecError(
      path,
      `expected as many features in all examples for ${type}, got ${printShape(input)}. ` +
        'Put an embedding and a recurrent layer before it.',
    )
  }
  if (input.length <= 2) return features
  throw new SpecError(
    path,
    `expected a flat input for ${type}${imageNote}, got ${printShape(input)}. Put a flatten layer before it.`,
  )
}

/** Height, width and channels. */
export function imageShape({ type, input, path }: LayerPlace): readonly [number, number, number] {
  const [height, width, channels] = input
  if (height === undefined || width === undefined || channels === undefined) {
    throw new SpecError(
      path,
      `expected an image input [height, width, channels] for ${type}, got ${printShape(input)}. ` +
        'Remove the layer, or move it before flatten and choose an image dataset.',
    )
  }
  return [height, width, channels]
}

/** How many windows fit along an axis of `size` pixels; `entry` names the window's size. */
export function windowCount(
  { type, path }: LayerPlace,
  entry: string,
  size: number,
  window: number,
  strides: number,
): number {
  if (window > size) {
    throw new SpecError(
      `${path}.${entry}`,
      `expected at most the input's ${size} pixels for ${type}, got ${window}. Make it smaller or remove the layer.`,
    )
  }
  return Math.floor((size - window) / strides) + 1
}
