/** What each parameter of PyTorch's modules and losses does. */
import { because, calling, inplace, legacy, notInPyTorch, placement } from './rows.mjs'

const others = because('refused in words: other convolutions cannot be trained here')
const ceilMode = because('refused in words: windows that do not fit are left out')

/** @param {string} name @param {Readonly<Record<string, import('./rows.mjs').Other>>} other */
const activation = (name, other) => ({ call: `run(new nn.${name}($), rows())`, other })

/** @param {string} name @param {Readonly<Record<string, import('./rows.mjs').Other>>} other */
const lossOf = (name, other) => ({
  call: `loss(new nn.${name}($), t([[0.3, -2], [1.5, 0.1]]), t([[0, 1], [1, 0.5]]))`,
  other: { ...legacy, ...other },
})

/** @param {string} name @param {Readonly<Record<string, import('./rows.mjs').Other>>} other */
const classLoss = (name, other) => ({
  call: `loss(new nn.${name}($), t([[0.3, -2, 1], [1.5, 0.1, -1]]), ints([2, 0]))`,
  other: {
    ...legacy,
    reduction: "'sum'",
    weight: 't([0.5, 1, 2])',
    ignoreIndex: '0',
    ...other,
  },
})

/** @type {Readonly<Record<string, import('./rows.mjs').Other>>} */
const none = {}
const onlyInplace = { inplace }
const sum = { reduction: "'sum'" }

/** @param {string} name @param {Readonly<Record<string, import('./rows.mjs').Other>>} other */
const recurrent = (name, other) => ({
  call: `run(new nn.${name}($), sequence())`,
  given: { inputSize: '5', hiddenSize: '2' },
  other: {
    inputSize: calling(`run(new nn.${name}({ inputSize: 3, hiddenSize: 2 }), fixed([4, 3, 3]))`),
    hiddenSize: '3',
    numLayers: '2',
    bias: 'false',
    batchFirst: 'true',
    dropout: because('its numbers are drawn; they are those of nn.Dropout'),
    bidirectional: 'true',
    ...placement,
    ...other,
  },
})

/** @param {string} name @param {string} state */
const recurrentForward = (name, state) => ({
  call: `fill(new nn.${name}(5, 2)).forward($)`,
  given: { input: 'sequence()' },
  other: { input: calling(`fill(new nn.${name}(5, 2)).forward(fixed([2, 1, 5]))`), hx: state },
})

/** @param {string} name @param {Readonly<Record<string, import('./rows.mjs').Other>>} other */
const cell = (name, other = {}) => ({
  call: `run(new nn.${name}($), rows())`,
  given: { inputSize: '3', hiddenSize: '2' },
  other: {
    inputSize: calling(`run(new nn.${name}({ inputSize: 5, hiddenSize: 2 }), rows(5))`),
    hiddenSize: '3',
    bias: 'false',
    ...placement,
    ...other,
  },
})

/** @param {string} name @param {string} state */
const cellForward = (name, state) => ({
  call: `fill(new nn.${name}(3, 2)).forward($)`,
  given: { input: 'rows()' },
  other: { input: calling(`fill(new nn.${name}(3, 2)).forward(fixed([1, 3]))`), hx: state },
})

/** @param {string} name @param {string} input @param {string} other */
const batchNorm = (name, input, other) => ({
  call: `evaluated(new nn.${name}($), ${input})`,
  given: { numFeatures: name === 'BatchNorm1d' ? '3' : '2' },
  other: {
    numFeatures: calling(other),
    eps: '0.5',
    momentum: '0.5',
    affine: 'false',
    trackRunningStats: 'false',
    bias: 'false',
    formulation: notInPyTorch,
    ...placement,
  },
})

/** @type {import('./rows.mjs').Rows} */
export const moduleRows = {
  'nn.Linear': {
    call: 'run(new nn.Linear($), rows())',
    given: { inFeatures: '3', outFeatures: '2' },
    other: {
      inFeatures: calling('run(new nn.Linear({ inFeatures: 2, outFeatures: 2 }), rows(2))'),
      outFeatures: '4',
      bias: 'false',
      ...placement,
    },
  },
  'nn.Conv2d': {
    call: 'run(new nn.Conv2d($), image())',
    given: { inChannels: '2', outChannels: '3', kernelSize: '2' },
    other: {
      inChannels: calling(
        'run(new nn.Conv2d({ inChannels: 1, outChannels: 3, kernelSize: 2 }), fixed([1, 1, 3, 3]))',
      ),
      outChannels: '1',
      kernelSize: '[3, 2]',
      stride: '[2, 1]',
      padding: "'same'",
      dilation: others,
      groups: others,
      bias: 'false',
      paddingMode: because('refused in words: only zeros are added'),
      ...placement,
    },
  },
  'nn.Conv1d': {
    call: 'run(new nn.Conv1d($), sequence())',
    given: { inChannels: '4', outChannels: '3', kernelSize: '2' },
    other: {
      inChannels: calling(
        'run(new nn.Conv1d({ inChannels: 1, outChannels: 3, kernelSize: 2 }), fixed([1, 1, 4]))',
      ),
      outChannels: '1',
      kernelSize: '3',
      stride: '2',
      padding: '1',
      dilation: others,
      groups: others,
      bias: 'false',
      paddingMode: because('refused in words: only zeros are added'),
      ...placement,
    },
  },
  'nn.MaxPool2d': {
    call: 'run(new nn.MaxPool2d($), image())',
    given: { kernelSize: '2' },
    other: {
      kernelSize: '[3, 2]',
      stride: '1',
      padding: '1',
      dilation: because('refused in words: all values of a window count'),
      returnIndices: because('refused in words: there is no unpooling'),
      ceilMode,
    },
  },
  'nn.AvgPool2d': {
    call: 'run(new nn.AvgPool2d($), image())',
    given: { kernelSize: '2', padding: '1' },
    other: {
      kernelSize: '[3, 2]',
      stride: '1',
      padding: '0',
      ceilMode,
      countIncludePad: 'false',
      divisorOverride: '3',
    },
  },
  'nn.MaxPool1d': {
    call: 'run(new nn.MaxPool1d($), sequence())',
    given: { kernelSize: '2' },
    other: {
      kernelSize: '3',
      stride: '1',
      padding: '1',
      dilation: because('refused in words: all values of a window count'),
      returnIndices: because('refused in words: there is no unpooling'),
      ceilMode,
    },
  },
  'nn.AvgPool1d': {
    call: 'run(new nn.AvgPool1d($), sequence())',
    given: { kernelSize: '2', padding: '1' },
    other: { kernelSize: '3', stride: '1', padding: '0', ceilMode, countIncludePad: 'false' },
  },
  'nn.AdaptiveAvgPool2d': {
    call: 'run(new nn.AdaptiveAvgPool2d($), image())',
    given: { outputSize: '1' },
    other: { outputSize: '[2, null]' },
  },
  'nn.Embedding': {
    call: 'run(new nn.Embedding($), ints([0, 1, 1, 2]))',
    given: { numEmbeddings: '3', embeddingDim: '2' },
    other: {
      numEmbeddings: '4',
      embeddingDim: '3',
      paddingIdx: '1',
      maxNorm: because('refused in words: vectors keep their length'),
      normType: because('it belongs to maxNorm'),
      scaleGradByFreq: because('refused in words: each use of a row counts alike'),
      sparse: because('gradients are dense'),
      ...placement,
    },
  },
  'nn.BatchNorm1d': batchNorm(
    'BatchNorm1d',
    'rows()',
    'evaluated(new nn.BatchNorm1d({ numFeatures: 2 }), rows(2))',
  ),
  'nn.BatchNorm2d': batchNorm(
    'BatchNorm2d',
    'image()',
    'evaluated(new nn.BatchNorm2d({ numFeatures: 1 }), fixed([2, 1, 2, 2]))',
  ),
  'nn.LayerNorm': {
    call: 'run(new nn.LayerNorm($), sequence())',
    given: { normalizedShape: '5' },
    other: {
      normalizedShape: '[4, 5]',
      eps: '0.5',
      elementwiseAffine: 'false',
      bias: 'false',
      ...placement,
    },
  },
  'nn.Dropout': {
    call: 'run(new nn.Dropout($), zeros(2))',
    other: { p: because('its numbers are drawn; nn.test.ts looks at them'), inplace },
  },
  'nn.Flatten': {
    call: 'run(new nn.Flatten($), image())',
    other: { startDim: '2', endDim: '2' },
  },
  'nn.Unflatten': {
    call: 'run(new nn.Unflatten($), image())',
    given: { dim: '3', unflattenedSize: '[2, 3]' },
    other: {
      dim: calling('run(new nn.Unflatten({ dim: -1, unflattenedSize: [3, 2] }), image())'),
      unflattenedSize: '[3, 2]',
    },
  },
  'nn.RNN': recurrent('RNN', { nonlinearity: "'relu'", formulation: notInPyTorch }),
  'nn.LSTM': recurrent('LSTM', {
    projSize: because('refused in words: the outputs are the states'),
    formulation: notInPyTorch,
  }),
  'nn.GRU': recurrent('GRU', {}),
  'nn.RNN.forward': recurrentForward('RNN', 'fixed([1, 4, 2])'),
  'nn.LSTM.forward': recurrentForward('LSTM', '[fixed([1, 4, 2]), fixed([1, 4, 2], 2)]'),
  'nn.GRU.forward': recurrentForward('GRU', 'fixed([1, 4, 2])'),
  'nn.RNNCell': cell('RNNCell', { nonlinearity: "'relu'" }),
  'nn.LSTMCell': cell('LSTMCell'),
  'nn.GRUCell': cell('GRUCell'),
  'nn.RNNCell.forward': cellForward('RNNCell', 'fixed([4, 2])'),
  'nn.LSTMCell.forward': cellForward('LSTMCell', '[fixed([4, 2]), fixed([4, 2], 2)]'),
  'nn.GRUCell.forward': cellForward('GRUCell', 'fixed([4, 2])'),
  'nn.ReLU': activation('ReLU', onlyInplace),
  'nn.LeakyReLU': activation('LeakyReLU', { negativeSlope: '0.3', inplace }),
  'nn.ELU': activation('ELU', { alpha: '0.3', inplace }),
  'nn.SiLU': activation('SiLU', onlyInplace),
  'nn.Softplus': activation('Softplus', { beta: '2', threshold: '0.5' }),
  'nn.Tanh': activation('Tanh', none),
  'nn.Sigmoid': activation('Sigmoid', none),
  'nn.GELU': activation('GELU', { approximate: "'tanh'" }),
  'nn.Softmax': activation('Softmax', { dim: '0' }),
  'nn.LogSoftmax': activation('LogSoftmax', { dim: '0' }),
  'nn.ReLU6': activation('ReLU6', onlyInplace),
  'nn.SELU': activation('SELU', onlyInplace),
  'nn.Softsign': activation('Softsign', none),
  'nn.LogSigmoid': activation('LogSigmoid', none),
  'nn.Mish': activation('Mish', onlyInplace),
  'nn.Hardsigmoid': activation('Hardsigmoid', onlyInplace),
  'nn.Hardswish': activation('Hardswish', onlyInplace),
  'nn.Hardtanh': activation('Hardtanh', { minVal: '-0.2', maxVal: '0.3', inplace }),
  'nn.PReLU': activation('PReLU', {
    numParameters: '3',
    init: calling('new nn.PReLU({ init: 0.5 }).weight'),
    ...placement,
  }),
  'nn.MSELoss': lossOf('MSELoss', sum),
  'nn.L1Loss': lossOf('L1Loss', sum),
  'nn.HuberLoss': {
    call: 'loss(new nn.HuberLoss($), t([0.3, -2]), t([0, 1]))',
    other: { ...sum, delta: '0.5' },
  },
  'nn.SmoothL1Loss': lossOf('SmoothL1Loss', { ...sum, beta: '0.5' }),
  'nn.BCELoss': {
    call: 'loss(new nn.BCELoss($), t([0.3, 0.8]), t([0, 1]))',
    other: { ...legacy, ...sum, weight: 't([0.5, 2])' },
  },
  'nn.BCEWithLogitsLoss': lossOf('BCEWithLogitsLoss', {
    ...sum,
    weight: 't([0.5, 2])',
    posWeight: 't([0.5, 2])',
  }),
  'nn.NLLLoss': classLoss('NLLLoss', {}),
  'nn.CrossEntropyLoss': classLoss('CrossEntropyLoss', { labelSmoothing: '0.2' }),
  'nn.KLDivLoss': lossOf('KLDivLoss', { reduction: "'batchmean'", logTarget: 'true' }),
  'nn.Parameter': {
    call: 'new nn.Parameter($).requiresGrad',
    given: { data: 't([1, 2])' },
    other: { data: calling('new nn.Parameter({ data: t([3]) })'), requiresGrad: 'false' },
  },
  'nn.Buffer': {
    call: 'new nn.Buffer($).persistent',
    given: { data: 't([1, 2])' },
    other: { data: calling('new nn.Buffer({ data: t([3]) })'), persistent: 'false' },
  },
  'nn.ModuleList': {
    call: 'lengths([new nn.ModuleList($)])',
    other: { modules: '[new nn.Tanh(), new nn.ReLU()]' },
  },
  'nn.ModuleDict': {
    call: 'lengths([new nn.ModuleDict($)])',
    other: { modules: '{ first: new nn.Tanh() }' },
  },
  'nn.ParameterList': {
    call: 'lengths([new nn.ParameterList($)])',
    other: { values: '[new nn.Parameter(t([1]))]' },
  },
}
