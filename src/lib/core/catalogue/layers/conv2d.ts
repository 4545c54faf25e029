/** `Conv2D` and `Conv2d`. */
import { at } from '../../util/at'
import { SpecError } from '../../util/errors'
import { activations, kerasActivated, torchActivated } from '../activations'
import { call, quote, unless, type Options } from '../calls'
import { choice, whole, withDefault } from '../settings'
import { imageShape, windowCount } from './inputs'
import { layerRecord } from './record'

const paddings = ['valid', 'same'] as const

function paddingOption(padding: (typeof paddings)[number]): Options {
  return padding === 'valid' ? [] : [['padding', quote(padding)]]
}

/** The record of a 2-D convolution. */
export const conv2d = layerRecord(
  'conv2d',
  {
    filters: whole('Filters', 128),
    kernelSize: whole('Kernel', 11),
    strides: withDefault(whole('Strides', 8), 1),
    padding: withDefault(choice('Padding', paddings), 'valid'),
    activation: withDefault(choice('Activation', activations), 'linear'),
  },
  {
    label: 'Conv 2D',
    note: null,
    fresh: { filters: 8, kernelSize: 3, strides: 1, padding: 'same', activation: 'relu' },
    detail: ({ filters, kernelSize, activation }) =>
      `${filters} · ${kernelSize}×${kernelSize} · ${activation}`,
    shape({ filters, kernelSize, strides, padding }, place) {
      const [height, width, channels] = imageShape(place)
      if (padding === 'same' && strides > 1) {
        throw new SpecError(
          `${place.path}.strides`,
          `expected 1 with padding same (PyTorch has no other), got ${strides}. Use padding valid.`,
        )
      }
      const slide = (size: number) =>
        padding === 'same' ? size : windowCount(place, 'kernelSize', size, kernelSize, strides)
      return {
        output: [slide(height), slide(width), filters],
        parameters: kernelSize * kernelSize * channels * filters + filters,
      }
    },
    keras: ({ filters, kernelSize, strides, padding, activation }, dialect) =>
      kerasActivated(activation, dialect, (inside) =>
        call(
          'Conv2D',
          [filters],
          [
            ['kernelSize', String(kernelSize)],
            ...unless('strides', strides, 1),
            ...paddingOption(padding),
            ...inside,
          ],
        ),
      ),
    torch({ filters, kernelSize, strides, padding, activation }, input, dialect) {
      const options = [...unless('stride', strides, 1), ...paddingOption(padding)]
      const module = call('Conv2d', [at(input, 2), filters, kernelSize], options)
      return torchActivated(activation, input, dialect, module)
    },
    differences: [],
    needsSequences: false,
    canEnd: false,
    // There is no gradient of its kernel.
    untrainableOn: ['wasm'],
  },
)
