/** Convolution and pooling of sequences [n, c, l] as functions: those of images of one row. */
import { ShapeError } from '../../../util/errors'
import { printShape } from '../../../util/shapes'
import { argumentsOf, type Arguments } from '../../options'
import type { Tensor } from '../../tensor'
import { assertCount } from './checks'
import { assertPlainConvolution, avgPool2d, conv2d, convolutionNames, maxPool2d } from './images'

export interface Conv1dArguments {
  readonly stride?: number
  /** Zeros on each side; 'same' keeps the length, 'valid' is none. */
  readonly padding?: number | 'same' | 'valid'
  /** 1: others are not there. */
  readonly dilation?: number
  /** 1: others are not there. */
  readonly groups?: number
}

/** Convolution with a weight [out, in, k] and a bias [out]. Source: torch.nn.functional.conv1d. */
export function conv1d(
  input: Tensor,
  weight: Tensor,
  ...given: Arguments<Conv1dArguments & { readonly bias?: Tensor | null }>
): Tensor {
  const options = argumentsOf('conv1d', given, ['bias', ...convolutionNames])
  assertPlainConvolution('conv1d', options)
  const { stride = 1, padding = 0, bias = null } = options
  const [, channels, size = 1] = weight.shape
  assertCount('Conv1d', 'stride', stride)
  assertSequence('Conv1d', input, channels)
  assertFits('Conv1d', input, size, typeof padding === 'number' ? padding : padding === 'same' ? size : 0)
  const row = conv2d(input.unsqueeze(2), weight.unsqueeze(2), {
    bias,
    stride: [1, stride],
    padding: typeof padding === 'number' ? [0, padding] : padding,
  })
  return row.squeeze(2)
}

export interface Pool1dArguments {
  readonly kernelSize?: number
  /** The kernel's size when left out. */
  readonly stride?: number
  /** At most half of the kernel's size. */
  readonly padding?: number
}

export interface AvgPool1dArguments extends Pool1dArguments {
  /** Whether the zeros of the padding count; true when left out. */
  readonly countIncludePad?: boolean
}

/** Largest value of each window; windows that do not fit are left out. */
export function maxPool1d(input: Tensor, ...given: Arguments<Pool1dArguments>): Tensor {
  const options = argumentsOf('maxPool1d', given, ['kernelSize', 'stride', 'padding'])
  return maxPool2d(input.unsqueeze(2), ofOneRow('MaxPool1d', input, options)).squeeze(2)
}

/** Mean of each window; windows that do not fit are left out. */
export function avgPool1d(input: Tensor, ...given: Arguments<AvgPool1dArguments>): Tensor {
  const options = argumentsOf('avgPool1d', given, ['kernelSize', 'stride', 'padding'], ['countIncludePad'])
  const { countIncludePad = true } = options
  const windows = { ...ofOneRow('AvgPool1d', input, options), countIncludePad }
  return avgPool2d(input.unsqueeze(2), windows).squeeze(2)
}

function ofOneRow(
  where: string,
  input: Tensor,
  { kernelSize = NaN, stride = kernelSize, padding = 0 }: Pool1dArguments,
) {
  assertWindow(where, { kernelSize, stride, padding })
  assertSequence(where, input)
  assertFits(where, input, kernelSize, padding)
  return { kernelSize: [1, kernelSize], stride: [1, stride], padding: [0, padding] } as const
}

/** Throws ArgumentError unless all are whole numbers. */
export function assertWindow(
  where: string,
  { kernelSize, stride, padding }: Required<Pool1dArguments>,
): void {
  assertCount(where, 'kernelSize', kernelSize)
  assertCount(where, 'stride', stride)
  assertCount(where, 'padding', padding, 0)
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
  const length = (shape[2] ?? 0) + 2 * padding
  if (length >= size) return
  throw new ShapeError(
    `${where}: expected a sequence of at least ${size - 2 * padding} steps for a kernel of ${size}, ` +
      `got ${shape[2] ?? 0}. Use a smaller kernel or padding.`,
  )
}
