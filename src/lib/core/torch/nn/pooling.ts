/** Pooling of images [n, c, h, w] and of sequences [n, c, l]. */
import { parameters, type Given, type ParameterTable } from '../../util/parameters'
import type { Tensor } from '../tensor'
import { fieldsOf, oneInput, type OneInput } from './forward'
import {
  adaptiveAvgPool2d,
  avgPool2d,
  maxPool2d,
  means,
  pairOf,
  plainMax,
  windows,
} from './functional/images'
import { avgPool1d, lengthOf, maxPool1d, rowMeans, rowWindows } from './functional/sequences'
import { outputSize, type OutputSize, type Pair, type Single } from './kinds'
import { Module } from './module'

/** The class `name` of modules that compute what the function does; `sizeOf` is how sizes are kept. */
function pool<Table extends ParameterTable>(
  name: string,
  table: Table,
  {
    compute,
    sizeOf,
  }: { compute: (input: Tensor, options: never) => Tensor; sizeOf: (size: never) => unknown },
) {
  const constructed = parameters(name, table)
  const called = oneInput(name)
  const kept = Object.keys(table)
  return class Pool extends Module {
    constructor(...given: Given<Table>) {
      super()
      const { kernelSize, stride, padding, ...others } = constructed.read(given) as Readonly<
        Record<string, unknown>
      >
      const sizes = { kernelSize, stride: stride ?? kernelSize, padding }
      const fields = Object.entries(sizes).map(([each, size]) => [each, sizeOf(size as never)] as const)
      Object.assign(this, { ...Object.fromEntries(fields), ...others })
    }

    forward(...given: OneInput): Tensor {
      const { input } = called.read(given)
      return this.inLayer(name, () => compute(input, fieldsOf(this, kept) as never))
    }
  }
}

const ofImages = (size: Pair) => pairOf(size)
const ofSequences = (size: Single) => lengthOf(size)

/** Largest value of each window; windows that do not fit are left out. Source: torch.nn.MaxPool2d. */
export class MaxPool2d extends pool(
  'MaxPool2d',
  { ...windows, ...plainMax },
  { compute: maxPool2d, sizeOf: ofImages },
) {}

/** Mean of each window; windows that do not fit are left out. Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends pool('AvgPool2d', means, { compute: avgPool2d, sizeOf: ofImages }) {}

/** Largest value of each window; windows that do not fit are left out. Source: torch.nn.MaxPool1d. */
export class MaxPool1d extends pool(
  'MaxPool1d',
  { ...rowWindows, ...plainMax },
  { compute: maxPool1d, sizeOf: ofSequences },
) {}

/** Mean of each window; windows that do not fit are left out. Source: torch.nn.AvgPool1d. */
export class AvgPool1d extends pool('AvgPool1d', rowMeans, { compute: avgPool1d, sizeOf: ofSequences }) {}

const adaptiveParameters = parameters('AdaptiveAvgPool2d', { outputSize })
const adaptiveForward = oneInput('AdaptiveAvgPool2d')

/** Means of as many windows as the output has values; null keeps a size. Source: torch.nn.AdaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: OutputSize

  constructor(...given: Given<typeof adaptiveParameters.table>) {
    super()
    this.outputSize = adaptiveParameters.read(given).outputSize
  }

  forward(...given: OneInput): Tensor {
    const { input } = adaptiveForward.read(given)
    return this.inLayer('AdaptiveAvgPool2d', () => adaptiveAvgPool2d(input, this.outputSize))
  }
}
