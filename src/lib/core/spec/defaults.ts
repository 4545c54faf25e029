/** What the page starts with. */
import { parseExperiment, parseSpec } from './parse'
import type { Experiment, Spec } from './schema'

/** Circle with two hidden layers: small enough to train in seconds on any backend. */
export function defaultSpec(): Spec {
  return parseSpec({
    version: 1,
    name: 'Circle',
    data: { kind: 'circle' },
    model: {
      layers: [
        { type: 'dense', units: 8, activation: 'tanh' },
        { type: 'dense', units: 8, activation: 'tanh' },
        { type: 'dense', units: 1, activation: 'sigmoid' },
      ],
    },
    loss: 'binaryCrossentropy',
    optimizer: { type: 'adam', learningRate: 0.03 },
    training: {},
  })
}

/** The default spec with `keras` in lane A and `torch` in lane B. */
export function defaultExperiment(): Experiment {
  return parseExperiment({
    version: 1,
    spec: defaultSpec(),
    lanes: [{ style: 'keras' }, { style: 'torch' }],
  })
}
