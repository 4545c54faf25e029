/** `MaxPooling2D`, `AveragePooling2D` and their modules; windows that do not fit are left out. */
import { call, unless } from '../calls'
import type { KerasLayerName, TorchModuleName } from '../classes'
import { whole, withDefault, withoutDefault } from '../settings'
import { imageShape, windowCount } from './inputs'
import { layerRecord, type LayerFacts } from './record'

const entries = {
  poolSize: withDefault(whole('Pool size', 14), 2),
  /** The pool size where not given. */
  strides: withoutDefault(whole('Strides', 14), ({ poolSize }) => String(poolSize)),
}

interface Pooling {
  readonly poolSize: number
  readonly strides?: number | undefined
}

function pooling(label: string, keras: KerasLayerName, torch: TorchModuleName): LayerFacts<Pooling> {
  return {
    label,
    note: null,
    fresh: { poolSize: 2 },
    detail: ({ poolSize }) => `${poolSize}×${poolSize}`,
    shape({ poolSize, strides = poolSize }, place) {
      const [height, width, channels] = imageShape(place)
      const slide = (size: number) => windowCount(place, 'poolSize', size, poolSize, strides)
      return { output: [slide(height), slide(width), channels], parameters: 0 }
    },
    keras: ({ poolSize, strides = poolSize }) => [
      call(keras, [], [['poolSize', String(poolSize)], ...unless('strides', strides, poolSize)]),
    ],
    torch: ({ poolSize, strides = poolSize }) => [
      call(torch, [poolSize], unless('stride', strides, poolSize)),
    ],
    differences: [],
    needsSequences: false,
    canEnd: false,
    untrainableOn: [],
  }
}

/** The record of pooling by the largest value. */
export const maxPooling2d = layerRecord(
  'maxPooling2d',
  entries,
  pooling('Max pool', 'MaxPooling2D', 'MaxPool2d'),
)

/** The record of pooling by the mean. */
export const averagePooling2d = layerRecord(
  'averagePooling2d',
  entries,
  pooling('Average pool', 'AveragePooling2D', 'AvgPool2d'),
)
