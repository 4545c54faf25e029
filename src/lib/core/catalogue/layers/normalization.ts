/** `BatchNormalization`, `LayerNormalization` and their modules. */
import { last } from '../../util/at'
import { SpecError } from '../../util/errors'
import { printShape } from '../../util/shapes'
import { call, formulation, option, type Options } from '../calls'
import { differing, explicit, type Dialect, type PerStyle } from '../dialect'
import { above0, leftToFrameworks, upTo, withoutDefault } from '../settings'
import { lastAxis } from './inputs'
import { layerRecord } from './record'

/** Epsilon of both layers. Source: keras.layers.BatchNormalization, torch.nn.BatchNorm1d. */
export const normalizationEpsilon: PerStyle = { keras: 1e-3, torch: 1e-5 }

/** Share that batch normalisation keeps of its averages, in Keras' terms; PyTorch's momentum is what it replaces. */
export const batchNormMomentum: PerStyle = { keras: 0.99, torch: 0.9 }

const epsilon = leftToFrameworks(above0('Epsilon', 1), normalizationEpsilon)

function epsilonOption(name: string, given: number | undefined, dialect: Dialect): Options {
  return option(name, explicit(given, normalizationEpsilon, dialect))
}

/** The record of batch normalisation. */
export const batchNormalization = layerRecord(
  'batchNormalization',
  {
    /** Share of its moving averages that each step keeps; each style's own default where not given. */
    momentum: withoutDefault(
      upTo('Momentum', 1),
      () => `${batchNormMomentum.keras} / ${batchNormMomentum.torch}`,
      'Share of the moving averages that each step keeps. ' +
        `Empty: ${batchNormMomentum.keras} in Keras, ${batchNormMomentum.torch} in PyTorch (which calls it 0.1)`,
    ),
    epsilon,
  },
  {
    label: 'Batch norm',
    note: null,
    fresh: {},
    detail: () => '',
    shape(_layer, { input, path }) {
      if (input.length === 2) {
        throw new SpecError(
          path,
          `expected a row or an image for batchNormalization (the frameworks lay sequences out differently), ` +
            `got ${printShape(input)}. Use layerNormalization.`,
        )
      }
      return { output: input, parameters: 2 * last(input) }
    },
    keras: ({ momentum, epsilon: given }, dialect) => [
      call(
        'BatchNormalization',
        [],
        [
          ...option('momentum', explicit(momentum, batchNormMomentum, dialect)),
          ...epsilonOption('epsilon', given, dialect),
          ...formulation(dialect),
        ],
      ),
    ],
    torch({ momentum, epsilon: given }, input, dialect) {
      const kept = explicit(momentum, batchNormMomentum, dialect)
      // PyTorch's momentum is the share that is replaced: 1 − 0.99 without the rounding of binary fractions.
      const replaced = kept === undefined ? undefined : Number((1 - kept).toPrecision(12))
      const options = [
        ...epsilonOption('eps', given, dialect),
        ...option('momentum', replaced),
        ...formulation(dialect),
      ]
      return [call(input.length === 1 ? 'BatchNorm1d' : 'BatchNorm2d', [last(input)], options)]
    },
    differences: [
      differing('batch normalisation: epsilon', normalizationEpsilon),
      `batch normalisation: keeps ${batchNormMomentum.keras} of its averages in Keras, ` +
        `${batchNormMomentum.torch} in PyTorch, which tracks the unbiased variance`,
    ],
    needsSequences: false,
    canEnd: false,
    untrainableOn: [],
  },
)

/** The record of layer normalisation. */
export const layerNormalization = layerRecord(
  'layerNormalization',
  { epsilon },
  {
    label: 'Layer norm',
    note: null,
    fresh: {},
    detail: () => '',
    shape: (_layer, place) => ({
      output: place.input,
      parameters: 2 * lastAxis(place, ' (on images the frameworks take different axes)'),
    }),
    keras: ({ epsilon: given }, dialect) => [
      call('LayerNormalization', [], epsilonOption('epsilon', given, dialect)),
    ],
    torch: ({ epsilon: given }, input, dialect) => [
      call('LayerNorm', [last(input)], epsilonOption('eps', given, dialect)),
    ],
    differences: [differing('layer normalisation: epsilon', normalizationEpsilon)],
    needsSequences: false,
    canEnd: false,
    untrainableOn: [],
  },
)
