/** `Flatten`. */
import { SpecError } from '../../util/errors'
import { isClosed, printShape, sizeOf } from '../../util/shapes'
import { call } from '../calls'
import { layerRecord } from './record'

/** The record of flattening. */
export const flatten = layerRecord(
  'flatten',
  {},
  {
    label: 'Flatten',
    note: 'Turns the image into one row of numbers. Nothing to set.',
    fresh: {},
    detail: () => '',
    shape(_layer, { input, path }) {
      if (isClosed(input)) return { output: [sizeOf(input)], parameters: 0 }
      throw new SpecError(
        path,
        `expected examples of one length for flatten, got ${printShape(input)}. ` +
          'Give the recurrent layer before it returnSequences: false.',
      )
    },
    keras: () => [call('Flatten')],
    torch: () => [call('Flatten')],
    differences: [],
    needsSequences: false,
    canEnd: false,
    untrainableOn: [],
  },
)
