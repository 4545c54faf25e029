import { describe, expect, it } from 'vitest'
import { SpecError } from '../util/errors'
import { dataKinds } from './datasets'
import { defaultExperiment, defaultSpec } from './defaults'
import { parseExperiment, parseSpec } from './parse'

const circle = defaultSpec()
const dense = { type: 'dense', units: 8 }
const output = { type: 'dense', units: 1, activation: 'sigmoid' }
const sequences = {
  ...circle,
  model: {
    layers: [
      { type: 'embedding', inputDim: 3, outputDim: 4 },
      { type: 'gru', units: 4 },
      { type: 'dense', units: 1, activation: 'sigmoid' },
    ],
  },
}
const withLayers = (...layers: unknown[]) => ({ ...circle, model: { layers } })

describe('parseSpec', () => {
  it('fills in the defaults', () => {
    expect(
      parseSpec({
        version: 1,
        data: { kind: 'spiral', classes: 3 },
        model: { layers: [{ type: 'dense', units: 3, activation: 'softmax' }] },
        loss: 'sparseCategoricalCrossentropy',
        optimizer: { type: 'adam', learningRate: 0.01 },
        training: {},
      }),
    ).toEqual({
      version: 1,
      name: '',
      seed: 42,
      data: { kind: 'spiral', samples: 500, noise: 0.05, trainFraction: 0.5, classes: 3 },
      model: { layers: [{ type: 'dense', units: 3, activation: 'softmax', useBias: true }] },
      loss: 'sparseCategoricalCrossentropy',
      optimizer: { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, weightDecay: 0 },
      training: { batchSize: 32, epochs: 50, shuffle: true },
      alignment: 'aligned',
    })
  })

  it.each([
    [{ type: 'adamw' }, { beta1: 0.9, beta2: 0.999, weightDecay: 0.01 }],
    [{ type: 'rmsprop' }, { rho: 0.9, momentum: 0, weightDecay: 0 }],
    [{ type: 'adagrad' }, { weightDecay: 0 }],
  ])('fills in the defaults of %j', (given, defaults) => {
    const optimizer = { ...given, learningRate: 0.01 }
    expect(parseSpec({ ...circle, optimizer }).optimizer).toEqual({ ...optimizer, ...defaults })
  })

  it('leaves a parsed spec as it is', () => {
    expect(parseSpec(circle)).toEqual(circle)
  })

  const rejected: readonly (readonly [what: string, value: unknown, message: string])[] = [
    ['no object', 'circle', 'spec: expected an object, got "circle". Use { … }.'],
    ['null', null, 'spec: expected an object, got null. Use { … }.'],
    ['no version', { ...circle, version: undefined }, 'version: expected version 1, got nothing.'],
    [
      'a newer version',
      { ...circle, version: 2 },
      'version: expected version 1, got 2. Open it with a newer Tandem.',
    ],
    [
      'a version that is none',
      { ...circle, version: 'x' },
      'version: expected version 1, got "x". Set version to 1.',
    ],
    ['an entry missing', { version: 1 }, 'data: expected a value, got nothing. Add this entry.'],
    [
      'an unknown entry',
      { ...circle, sede: 1 },
      'sede: expected only the entries version, name, seed, data, model, loss, optimizer, training, alignment, got another one. Remove it or correct its name.',
    ],
    [
      'a fractional seed',
      { ...circle, seed: 0.5 },
      'seed: expected a whole number from 0 to 4294967295, got 0.5. Choose one in that range.',
    ],
    [
      'a seed as text',
      { ...circle, seed: '1' },
      'seed: expected a whole number from 0 to 4294967295, got "1".',
    ],
    [
      'an unknown dataset',
      { ...circle, data: { kind: 'torus' } },
      'data.kind: expected one of circle, xor, gaussians, spiral, moons, plane, waves, digits, parity, recall, points, csv, got "torus". Choose one of them.',
    ],
    ['data that is no object', { ...circle, data: 7 }, 'data: expected an object, got 7. Use { kind: … }.'],
    [
      'too many samples',
      { ...circle, data: { kind: 'circle', samples: 10_001 } },
      'data.samples: expected a whole number from 10 to 10000, got 10001.',
    ],
    [
      'no samples for training',
      { ...circle, data: { kind: 'circle', trainFraction: 0 } },
      'data.trainFraction: expected a number from 0.1 to 0.9, got 0. Choose one in that range.',
    ],
    [
      'classes of a two-class dataset',
      { ...circle, data: { kind: 'moons', classes: 3 } },
      'data.classes: expected only the entries kind, samples, noise, trainFraction, got another one.',
    ],
    [
      'four spiral arms',
      { ...circle, data: { kind: 'spiral', classes: 4 } },
      'data.classes: expected one of 2, 3, got 4. Choose one of them.',
    ],
    [
      'layers that are no list',
      withLayersValue('x'),
      'model.layers: expected a list of 1 to 20 entries, got "x".',
    ],
    [
      'no layers',
      withLayers(),
      'model.layers: expected a list of 1 to 20 entries, got 0. Add or remove entries.',
    ],
    [
      'an unknown layer',
      withLayers({ type: 'conv3d' }),
      'model.layers[0].type: expected one of dense, conv2d,',
    ],
    [
      'a shortest sequence longer than the longest',
      { ...sequences, data: { kind: 'parity', minLength: 7, maxLength: 5 } },
      'data.minLength: expected at most maxLength (5), got 7. Make it smaller or raise maxLength.',
    ],
    [
      'a sequence longer than a step is unrolled over',
      { ...sequences, data: { kind: 'parity', maxLength: 25 } },
      'data.maxLength: expected a whole number from 1 to 24, got 25.',
    ],
    [
      'tokens as quantities',
      { ...circle, data: { kind: 'parity', padded: true } },
      'model.layers[0]: expected an embedding, which looks up the tokens of the Parity dataset, got dense. ' +
        'Put an embedding of inputDim 3 in front, and a recurrent layer behind it.',
    ],
    [
      'no units',
      withLayers(dense, { type: 'dense' }),
      'model.layers[1].units: expected a value, got nothing. Add this entry.',
    ],
    [
      'too many units',
      withLayers({ type: 'dense', units: 2000 }),
      'model.layers[0].units: expected a whole number from 1 to 1024, got 2000.',
    ],
    [
      'a rate of 1',
      withLayers({ type: 'dropout', rate: 1 }, output),
      'model.layers[0].rate: expected a number from 0 to below 1, got 1. Choose one in that range.',
    ],
    [
      'an unknown activation',
      withLayers({ type: 'dense', units: 1, activation: 'swish' }),
      'model.layers[0].activation: expected one of linear, relu, leakyRelu, tanh, sigmoid, gelu, softmax, got "swish".',
    ],
    [
      'a bias that is no flag',
      withLayers({ type: 'dense', units: 1, useBias: 1 }),
      'model.layers[0].useBias: expected true or false, got 1. Choose one of the two.',
    ],
    [
      'a learning rate of 0',
      { ...circle, optimizer: { type: 'adam', learningRate: 0 } },
      'optimizer.learningRate: expected a number above 0 and at most 10, got 0.',
    ],
    [
      'a learning rate that is not a number',
      { ...circle, optimizer: { type: 'adam', learningRate: NaN } },
      'optimizer.learningRate: expected a number above 0 and at most 10, got NaN.',
    ],
    [
      'a name that is too long',
      { ...circle, name: 'x'.repeat(101) },
      `name: expected text of at most 100 characters, got "${'x'.repeat(36)}… 65 characters more". Shorten it.`,
    ],
    [
      'nesterov without momentum',
      { ...circle, optimizer: { type: 'sgd', learningRate: 1, nesterov: true } },
      'optimizer.nesterov: expected false without momentum, got true. Set momentum to 0.9 or nesterov to false.',
    ],
    [
      'an accumulator that starts below 0',
      { ...circle, optimizer: { type: 'adagrad', learningRate: 1, initialAccumulator: -1 } },
      'optimizer.initialAccumulator: expected a number from 0 to 10, got -1.',
    ],
    ...(
      [
        [
          { type: 'linearDecay' },
          'schedule.type: expected one of exponentialDecay, cosineDecay, piecewiseConstantDecay, got "linearDecay".',
        ],
        [
          { type: 'cosineDecay', decaySteps: 0.5 },
          'schedule.decaySteps: expected a whole number from 1 to 1000000, got 0.5.',
        ],
        [
          { type: 'exponentialDecay', decaySteps: 9 },
          'schedule.decayRate: expected a value, got nothing. Add this entry.',
        ],
        [
          { type: 'piecewiseConstantDecay', boundaries: [] },
          'schedule.boundaries: expected a list of 1 to 20 entries, got 0. Add or remove entries.',
        ],
        [
          { type: 'piecewiseConstantDecay', boundaries: [5, 5] },
          'schedule.boundaries[1]: expected more than 5, the one before, got 5. Sort them.',
        ],
      ] as const
    ).map(
      ([schedule, message]) =>
        [
          `schedule ${JSON.stringify(schedule)}`,
          { ...circle, optimizer: { type: 'sgd', learningRate: 1, schedule } },
          `optimizer.${message}`,
        ] as const,
    ),
    [
      'momentum of another optimizer',
      { ...circle, optimizer: { type: 'adamw', learningRate: 1, momentum: 0.9 } },
      'optimizer.momentum: expected only the entries type, learningRate, schedule, beta1, beta2, epsilon, weightDecay, got another one.',
    ],
    [
      'a normalisation that keeps more than all',
      withLayers({ type: 'batchNormalization', momentum: 2 }, output),
      'model.layers[0].momentum: expected a number from 0 to 1, got 2.',
    ],
    [
      'a layer that cannot end a model, with weights',
      withLayers(output, { type: 'batchNormalization' }),
      'model.layers[1]: expected a dense or activation layer at the end, got batchNormalization.',
    ],
    [
      'a loss for another task',
      { ...circle, data: { kind: 'plane' } },
      'loss: expected one of meanSquaredError, meanAbsoluteError, huber for the Plane dataset, got binaryCrossentropy.',
    ],
    [
      'a layer that cannot end a model',
      withLayers(output, { type: 'dropout', rate: 0.1 }),
      'model.layers[1]: expected a dense or activation layer at the end, got dropout. Add a dense layer.',
    ],
    [
      'too many outputs',
      withLayers({ ...output, units: 2 }),
      'model.layers[0].units: expected 1 for binaryCrossentropy on this dataset, got [2]. End with a dense layer of 1.',
    ],
    [
      'an activation that the loss cannot read',
      withLayers({ ...output, activation: 'tanh' }),
      'model.layers[0].activation: expected sigmoid or linear before binaryCrossentropy, got tanh. Change it to sigmoid.',
    ],
    [
      'more weights than a tab can train',
      withLayers({ ...dense, units: 1024 }, { ...dense, units: 1024 }, { ...dense, units: 1024 }, output),
      'model.layers: expected at most 2000000 weights, got 2103297. Use fewer units.',
    ],
  ]
  it.each(rejected)('rejects %s', (_what, value, message) => {
    expect(() => parseSpec(value)).toThrow(SpecError)
    expect(() => parseSpec(value)).toThrow(message)
  })

  function withLayersValue(layers: unknown) {
    return { ...circle, model: { layers } }
  }
})

describe('parseExperiment', () => {
  it('takes the default experiment', () => {
    const experiment = defaultExperiment()
    expect(parseExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment)
    expect(experiment.lanes.map((lane) => lane.style)).toEqual(['keras', 'torch'])
    expect(experiment.spec.data.kind).toBe('circle')
  })

  it('names the lane or the spec entry that is wrong', () => {
    const experiment = defaultExperiment()
    const [lane] = experiment.lanes
    const at = (value: unknown) => () => parseExperiment(value)
    expect(at({ ...experiment, lanes: [lane] })).toThrow('lanes[1]: expected an object, got nothing.')
    expect(at({ ...experiment, lanes: [lane, lane, lane] })).toThrow(
      'lanes[2]: expected two lanes, got another number. Give two.',
    )
    expect(at({ ...experiment, lanes: [lane, { style: 'jax' }] })).toThrow(
      'lanes[1].style: expected one of keras, torch, got "jax".',
    )
    expect(at({ ...experiment, lanes: [lane, { ...lane, execution: 'lazy' }] })).toThrow(
      'lanes[1].execution: expected one of eager, static, got "lazy".',
    )
    expect(at({ ...experiment, spec: { ...experiment.spec, seed: -1 } })).toThrow('spec.seed: expected')
    expect(
      at({ ...experiment, spec: { ...experiment.spec, loss: 'meanSquaredError', data: { kind: 'digits' } } }),
    ).toThrow(
      'spec.model.layers[0]: expected a flat input for dense, got [28, 28, 1]. Put a flatten layer before it.',
    )
  })
})

it('every kind of dataset is in the schema', () => {
  for (const kind of dataKinds) {
    expect(() => parseSpec({ ...circle, data: { kind, samples: 1 } })).toThrow('data.samples')
  }
})
