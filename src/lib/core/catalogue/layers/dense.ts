/** `Dense` and `Linear`. */
import { last } from '../../util/at'
import { activations, kerasActivated, torchActivated } from '../activations'
import { call, unless } from '../calls'
import { choice, toggle, whole, withDefault } from '../settings'
import { lastAxis } from './inputs'
import { layerRecord } from './record'

/** The record of a fully connected layer. */
export const dense = layerRecord(
  'dense',
  {
    units: whole('Units', 1024),
    activation: withDefault(choice('Activation', activations), 'linear'),
    useBias: withDefault(toggle('Bias'), true),
  },
  {
    label: 'Dense',
    note: null,
    fresh: { units: 8, activation: 'tanh', useBias: true },
    detail: ({ units, activation }) => `${units} · ${activation}`,
    shape({ units, useBias }, place) {
      const features = lastAxis(place)
      return {
        output: [...place.input.slice(0, -1), units],
        parameters: features * units + (useBias ? units : 0),
      }
    },
    keras: ({ units, activation, useBias }, dialect) =>
      kerasActivated(activation, dialect, (inside) =>
        call('Dense', [units], [...inside, ...unless('useBias', useBias, true)]),
      ),
    torch: ({ units, activation, useBias }, input, dialect) =>
      torchActivated(
        activation,
        input,
        dialect,
        call('Linear', [last(input), units], unless('bias', useBias, true)),
      ),
    differences: [],
    needsSequences: false,
    canEnd: true,
    untrainableOn: [],
  },
)
