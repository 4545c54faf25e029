/** Convolution and pooling of sequences [n, c, l] as functions: those of images of one row. */
import { at } from '../../../util/at'
import { ShapeError } from '../../../util/errors'
import { printShape } from '../../../util/shapes'
import { tensor } from '../../kinds'
import { single, singleOrNone, singlePadding, type Single } from '../kinds'
import type { Tensor } from '../../tensor'
import { functional } from './functional'
import { avgPool2d, ceilMode, conv2d, maxPool2d, means, plainConvolution, plainMax } from './images'

/** Convolution with a weight [out, in, k] and a bias [out]. Source: torch.nn.functional.conv1d. */
export const conv1d = functional(
  'conv1d',
  {
    input: tensor,
    weight: tensor,
    bias: tensor.or(null),
    /** From window to window. */
    stride: single.or(1),
    /** Zeros at both ends, 'same' or 'valid'. */
    padding: singlePadding.or(0),
    ...plainConvolution,
  },
  ({ input, weight, bias, stride, padding }): Tensor => {
    const [, channels, size = 1] = weight.shape
    const isWord = typeof padding === 'string'
    assertSequence('Conv1d', input, channels)
    assertFits('Conv1d', input, size, isWord ? (padding === 'same' ? size : 0) : lengthOf(padding))
    const row = conv2d(input.unsqueeze(2), weight.unsqueeze(2), {
      bias,
      stride: [1, lengthOf(stride)],
      padding: isWord ? padding : [0, lengthOf(padding)],
    })
    return row.squeeze(2)
  },
)

/** What pooling of sequences takes in the first place. */
export const rowWindows = {
  /** Size of the windows. */
  kernelSize: single,
  /** From window to window; the kernel's size when left out. */
  stride: single.or(null),
  /** Zeros at both ends, at most half of the kernel. */
  padding: singleOrNone.or(0),
}

const { countIncludePad } = means

/** What means of windows take. */
export const rowMeans = { ...rowWindows, ceilMode, countIncludePad }

const { dilation, returnIndices } = plainMax

/** Largest value of each window; windows that do not fit are left out. */
export const maxPool1d = functional(
  'maxPool1d',
  { input: tensor, ...rowWindows, dilation, ceilMode, returnIndices },
  ({ input, ...given }): Tensor =>
    maxPool2d(input.unsqueeze(2), ofOneRow('MaxPool1d', input, given)).squeeze(2),
)

/** Mean of each window; windows that do not fit are left out. */
export const avgPool1d = functional(
  'avgPool1d',
  { input: tensor, ...rowMeans },
  ({ input, countIncludePad: counts, ...given }): Tensor => {
    const of = { ...ofOneRow('AvgPool1d', input, given), countIncludePad: counts }
    return avgPool2d(input.unsqueeze(2), of).squeeze(2)
  },
)

function ofOneRow(
  where: string,
  input: Tensor,
  given: { kernelSize: Single; stride: Single | null; padding: Single },
) {
  const [kernelSize, padding] = [lengthOf(given.kernelSize), lengthOf(given.padding)]
  assertSequence(where, input)
  assertFits(where, input, kernelSize, padding)
  const stride = lengthOf(given.stride ?? kernelSize)
  return { kernelSize: [1, kernelSize], stride: [1, stride], padding: [0, padding] } as const
}

/** The number, also of a list of one. */
export function lengthOf(value: Single): number {
  return typeof value === 'number' ? value : value[0]
}

/** Throws ShapeError unless `x` is [n, c, l], with that many channels where given. */
function assertSequence(where: string, x: Tensor, channels?: number): void {
  if (x.shape.length === 3 && (channels === undefined || x.shape[1] === channels)) return
  throw new ShapeError(
    `${where}: expected input [n, ${channels ?? 'c'}, l], got ${printShape(x.shape)}. ` +
      'Sequences have their channels first here: use .transpose(1, 2) behind an embedding.',
  )
}

/** Throws ShapeError unless one window fits. */
function assertFits(where: string, { shape }: Tensor, size: number, padding: number): void {
  const length = at(shape, 2) + 2 * padding
  if (length >= size) return
  throw new ShapeError(
    `${where}: expected a sequence of at least ${size - 2 * padding} steps for a kernel of ${size}, ` +
      `got ${at(shape, 2)}. Use a smaller kernel or padding.`,
  )
}
