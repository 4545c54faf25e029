/** `Embedding`, which looks up a vector for each integer. */
import { SpecError } from '../../util/errors'
import { printShape } from '../../util/shapes'
import { call } from '../calls'
import { whole } from '../settings'
import { layerRecord } from './record'

/** The record of a table of vectors. */
export const embedding = layerRecord(
  'embedding',
  {
    inputDim: whole('Tokens', 100_000, 'How many different integers are looked up, from 0'),
    outputDim: whole('Features', 1024, 'Length of the vector of each'),
  },
  {
    label: 'Embedding',
    note: null,
    fresh: { inputDim: 16, outputDim: 8 },
    detail: ({ inputDim, outputDim }) => `${inputDim} → ${outputDim}`,
    shape({ inputDim, outputDim }, { input, path, tokens }) {
      if (tokens === null || input.length !== 1) {
        throw new SpecError(
          path,
          `expected integers for embedding, got ${tokens === null ? 'real numbers ' : ''}${printShape(input)}. ` +
            'Make it the first layer, on a dataset of integers.',
        )
      }
      if (Number.isFinite(tokens) && inputDim < tokens) {
        throw new SpecError(
          `${path}.inputDim`,
          `expected at least ${tokens}, as many as the dataset has integers, got ${inputDim}. Set it to ${tokens}.`,
        )
      }
      return { output: [...input, outputDim], parameters: inputDim * outputDim }
    },
    keras: ({ inputDim, outputDim }) => [call('Embedding', [inputDim, outputDim])],
    torch: ({ inputDim, outputDim }) => [call('Embedding', [inputDim, outputDim])],
    differences: ['embedding: starts uniform in ±0.05 in Keras, standard normal in PyTorch'],
    needsSequences: true,
    canEnd: false,
    // There is no gradient of its table.
    untrainableOn: ['wasm'],
  },
)
