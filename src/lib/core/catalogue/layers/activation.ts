/** An activation as a layer of its own. */
import { activationRecords, activations } from '../activations'
import { call, quote } from '../calls'
import { choice } from '../settings'
import { layerRecord } from './record'

/** The record of an activation as a layer. */
export const activation = layerRecord(
  'activation',
  { activation: choice('Activation', activations) },
  {
    label: 'Activation',
    note: null,
    fresh: { activation: 'relu' },
    detail: (layer) => layer.activation,
    shape: (_layer, { input }) => ({ output: input, parameters: 0 }),
    keras: (layer, dialect) => [
      activationRecords[layer.activation].keras(dialect) ?? call('Activation', [quote(layer.activation)]),
    ],
    torch(layer, input, dialect) {
      const module = activationRecords[layer.activation].torch(input, dialect)
      return module === null ? [] : [module]
    },
    differences: [],
    needsSequences: false,
    canEnd: true,
    untrainableOn: [],
  },
)
