/** `Dropout`. */
import { call } from '../calls'
import { belowOne } from '../settings'
import { layerRecord } from './record'

/** The record of dropout. */
export const dropout = layerRecord(
  'dropout',
  { rate: belowOne('Rate', 0.95) },
  {
    label: 'Dropout',
    note: null,
    fresh: { rate: 0.2 },
    detail: ({ rate }) => `rate ${rate}`,
    shape: (_layer, { input }) => ({ output: input, parameters: 0 }),
    keras: ({ rate }) => [call('Dropout', [rate])],
    torch: ({ rate }) => [call('Dropout', [rate])],
    differences: [],
    needsSequences: false,
    canEnd: false,
    untrainableOn: [],
  },
)
