/** What each parameter of nn.functional, nn.init and nn.utils does. */
import { because, calling, inplace, legacy } from './rows.mjs'

const others = because('refused in words: other convolutions cannot be trained here')
const ceilMode = because('refused in words: windows that do not fit are left out')
const dilation = because('refused in words: all values of a window count')
const returnIndices = because('refused in words: there is no unpooling')
const generator = because('its numbers are drawn; generator.test.ts looks at them')

/** @typedef {Readonly<Record<string, import('./rows.mjs').Other>>} Others */

/** @param {string} name @param {Others} other */
const activation = (name, other = {}) => ({
  call: `F.${name}($)`,
  given: { input: 'rows()' },
  other: { input: 'rows(2)', ...other },
})

/** @param {string} name @param {Others} other @param {string} [input] */
const lossOf = (name, other, input = 't([[0.3, -2], [1.5, 0.1]])') => ({
  call: `F.${name}($)`,
  given: { input, target: 't([[0, 1], [1, 0.5]])' },
  other: {
    input: 't([[0.3, 0.2], [0.5, 0.1]])',
    target: 't([[0, 1], [1, 1]])',
    reduction: "'sum'",
    ...other,
  },
})

const weight = { weight: 't([[0.5, 2], [1, 3]])' }

/** @param {string} name @param {Others} other */
const classLoss = (name, other) => ({
  call: `F.${name}($)`,
  given: { input: 't([[0.3, -2, 1], [1.5, 0.1, -1]])', target: 'ints([2, 0])' },
  other: {
    input: 't([[0.3, -2, 1], [2.5, 0.1, -1]])',
    target: 'ints([1, 0])',
    weight: 't([0.5, 1, 2])',
    ignoreIndex: '0',
    reduction: "'sum'",
    ...legacy,
    ...other,
  },
})

/** @param {string} name @param {Others} other @param {Readonly<Record<string, string>>} [given] */
const initialiser = (name, other, given = {}) => ({
  call: `spread(init.${name}($))`,
  given: { tensor: 'zeros(60, 90)', ...given },
  other: {
    tensor: because('every row gives it'),
    ...other,
  },
})

/** @type {import('./rows.mjs').Rows} */
export const functionRows = {
  'F.relu': activation('relu', { inplace }),
  'F.leakyRelu': activation('leakyRelu', { negativeSlope: '0.3', inplace }),
  'F.elu': activation('elu', { alpha: '0.3', inplace }),
  'F.silu': activation('silu', { inplace }),
  'F.softplus': activation('softplus', { beta: '2', threshold: '0.5' }),
  'F.gelu': activation('gelu', { approximate: "'tanh'" }),
  'F.tanh': activation('tanh'),
  'F.sigmoid': activation('sigmoid'),
  'F.softmax': activation('softmax', {
    dim: '0',
    dtype: because('float32 is the only one that has softmax here'),
  }),
  'F.logSoftmax': activation('logSoftmax', {
    dim: '0',
    dtype: because('float32 is the only one that has softmax here'),
  }),
  'F.relu6': activation('relu6', { inplace }),
  'F.selu': activation('selu', { inplace }),
  'F.softsign': activation('softsign'),
  'F.logsigmoid': activation('logsigmoid'),
  'F.mish': activation('mish', { inplace }),
  'F.hardsigmoid': activation('hardsigmoid', { inplace }),
  'F.hardswish': activation('hardswish', { inplace }),
  'F.hardtanh': activation('hardtanh', { minVal: '-0.2', maxVal: '0.3', inplace }),
  'F.prelu': {
    call: 'F.prelu($)',
    given: { input: 'rows()', weight: 't([0.2])' },
    other: { input: 'rows(2)', weight: 't([0.2, 0.3, 0.4])' },
  },
  'F.cosineSimilarity': {
    call: 'F.cosineSimilarity($)',
    given: { x1: 'rows()', x2: 'fixed([4, 3])' },
    other: { x1: 'fixed([4, 3], 2)', x2: 'fixed([4, 3], 3)', dim: '0', eps: '2' },
  },
  'F.linear': {
    call: 'F.linear($)',
    given: { input: 'rows()', weight: 'fixed([2, 3])' },
    other: { input: 'fixed([4, 3])', weight: 'fixed([1, 3])', bias: 't([1, 2])' },
  },
  'F.embedding': {
    call: 'F.embedding($)',
    given: { input: 'ints([0, 2, 1])', weight: 'fixed([3, 2])' },
    other: {
      input: 'ints([1])',
      weight: 'fixed([3, 1])',
      paddingIdx: because('it changes gradients alone: nn.Embedding has it'),
      maxNorm: because('refused in words: vectors keep their length'),
      normType: because('it belongs to maxNorm'),
      scaleGradByFreq: because('refused in words: each use of a row counts alike'),
      sparse: because('gradients are dense'),
    },
  },
  'F.dropout': {
    call: 'F.dropout($)',
    given: { input: 'fixed([20])', training: 'false' },
    other: {
      input: 'fixed([21])',
      p: because('its numbers are drawn; nn.test.ts looks at them'),
      training: calling('F.dropout({ input: zeros(20), training: true })'),
      inplace,
    },
  },
  'F.layerNorm': {
    call: 'F.layerNorm($)',
    given: { input: 'rows()', normalizedShape: '[3]' },
    other: {
      input: 'fixed([2, 3])',
      normalizedShape: '[4, 3]',
      weight: 't([1, 2, 3])',
      bias: 't([1, 2, 3])',
      eps: '0.5',
    },
  },
  'F.normalize': {
    call: 'F.normalize($)',
    given: { input: 'rows()' },
    other: {
      input: 'rows(2)',
      p: '1',
      dim: '0',
      eps: '3',
      out: because('refused in words: results are returned'),
    },
  },
  'F.oneHot': {
    call: 'F.oneHot($)',
    given: { input: 'ints([0, 2])' },
    other: { input: 'ints([1])', numClasses: '4' },
  },
  'F.conv2d': {
    call: 'F.conv2d($)',
    given: { input: 'image()', weight: 'fixed([3, 2, 2, 2])' },
    other: {
      input: 'fixed([1, 2, 3, 3])',
      weight: 'fixed([1, 2, 2, 3])',
      bias: 't([1, 2, 3])',
      stride: '2',
      padding: '1',
      dilation: others,
      groups: others,
    },
  },
  'F.conv1d': {
    call: 'F.conv1d($)',
    given: { input: 'sequence()', weight: 'fixed([2, 4, 2])' },
    other: {
      input: 'fixed([1, 4, 3])',
      weight: 'fixed([1, 4, 3])',
      bias: 't([1, 2])',
      stride: '2',
      padding: "'same'",
      dilation: others,
      groups: others,
    },
  },
  'F.maxPool2d': {
    call: 'F.maxPool2d($)',
    given: { input: 'image()', kernelSize: '2' },
    other: {
      input: 'fixed([1, 1, 4, 4])',
      kernelSize: '3',
      stride: '1',
      padding: '1',
      dilation,
      ceilMode,
      returnIndices,
    },
  },
  'F.avgPool2d': {
    call: 'F.avgPool2d($)',
    given: { input: 'image()', kernelSize: '2', padding: '1' },
    other: {
      input: 'fixed([1, 1, 4, 4])',
      kernelSize: '3',
      stride: '1',
      padding: '0',
      ceilMode,
      countIncludePad: 'false',
      divisorOverride: '3',
    },
  },
  'F.maxPool1d': {
    call: 'F.maxPool1d($)',
    given: { input: 'sequence()', kernelSize: '2' },
    other: {
      input: 'fixed([1, 1, 4])',
      kernelSize: '3',
      stride: '1',
      padding: '1',
      dilation,
      ceilMode,
      returnIndices,
    },
  },
  'F.avgPool1d': {
    call: 'F.avgPool1d($)',
    given: { input: 'sequence()', kernelSize: '2', padding: '1' },
    other: {
      input: 'fixed([1, 1, 4])',
      kernelSize: '3',
      stride: '1',
      padding: '0',
      ceilMode,
      countIncludePad: 'false',
    },
  },
  'F.adaptiveAvgPool2d': {
    call: 'F.adaptiveAvgPool2d($)',
    given: { input: 'image()', outputSize: '1' },
    other: { input: 'fixed([1, 1, 4, 4])', outputSize: '[2, 3]' },
  },
  'F.mseLoss': lossOf('mseLoss', { ...legacy, ...weight }),
  'F.l1Loss': lossOf('l1Loss', { ...legacy, ...weight }),
  'F.huberLoss': lossOf('huberLoss', { delta: '0.5', ...weight }),
  'F.smoothL1Loss': lossOf('smoothL1Loss', { ...legacy, beta: '0.5' }),
  'F.binaryCrossEntropy': lossOf(
    'binaryCrossEntropy',
    { ...legacy, ...weight, input: 't([[0.3, 0.2], [0.7, 0.1]])' },
    't([[0.3, 0.2], [0.5, 0.1]])',
  ),
  'F.binaryCrossEntropyWithLogits': lossOf('binaryCrossEntropyWithLogits', {
    ...legacy,
    ...weight,
    posWeight: 't([0.5, 2])',
  }),
  'F.klDiv': lossOf('klDiv', { ...legacy, reduction: "'batchmean'", logTarget: 'true' }),
  'F.nllLoss': classLoss('nllLoss', {}),
  'F.crossEntropy': classLoss('crossEntropy', { labelSmoothing: '0.2' }),
  'init.uniform_': {
    call: 'between(init.uniform_($), 0, 1)',
    given: { tensor: 'zeros(50)' },
    other: { tensor: because('every row gives it'), a: '-20', b: '20', generator },
  },
  'init.normal_': initialiser('normal_', { mean: '9', std: '9', generator }),
  'init.truncNormal_': {
    call: 'between(init.truncNormal_($), -2, 2)',
    given: { tensor: 'zeros(900)' },
    other: {
      tensor: because('every row gives it'),
      mean: calling('between(init.truncNormal_({ tensor: zeros(900), mean: 9, a: 8, b: 20 }), -2, 2)'),
      std: calling('spread(init.truncNormal_({ tensor: zeros(60, 90), std: 9, a: -90, b: 90 }))'),
      a: calling('between(init.truncNormal_({ tensor: zeros(900), a: -9, std: 5 }), -2, 2)'),
      b: calling('between(init.truncNormal_({ tensor: zeros(900), b: 9, std: 5 }), -2, 2)'),
      generator,
    },
  },
  'init.constant_': {
    call: 'init.constant_($)',
    given: { tensor: 'zeros(2)', val: '3' },
    other: { tensor: 'zeros(3)', val: '4' },
  },
  'init.ones_': { call: 'init.ones_($)', given: { tensor: 'zeros(2)' }, other: { tensor: 'zeros(3)' } },
  'init.zeros_': { call: 'init.zeros_($)', given: { tensor: 'rows()' }, other: { tensor: 'rows(2)' } },
  'init.eye_': { call: 'init.eye_($)', given: { tensor: 'rows()' }, other: { tensor: 'rows(2)' } },
  'init.xavierUniform_': initialiser('xavierUniform_', { gain: '99', generator }),
  'init.xavierNormal_': initialiser('xavierNormal_', { gain: '99', generator }),
  'init.kaimingUniform_': {
    call: 'between(init.kaimingUniform_($), -0.25, 0.25)',
    given: { tensor: 'zeros(900, 60)' },
    other: {
      tensor: because('every row gives it'),
      a: '9',
      mode: "'fan_out'",
      nonlinearity: "'linear'",
      generator,
    },
  },
  'init.kaimingNormal_': {
    call: 'between(init.kaimingNormal_($), -0.66, 0.66)',
    given: { tensor: 'zeros(900, 60)' },
    other: {
      tensor: because('every row gives it'),
      a: '9',
      mode: "'fan_out'",
      nonlinearity: "'linear'",
      generator,
    },
  },
  'init.orthogonal_': initialiser('orthogonal_', { gain: '99', generator }),
  'init.calculateGain': {
    call: 'init.calculateGain($)',
    given: { nonlinearity: "'leaky_relu'" },
    other: { nonlinearity: "'tanh'", param: '0.5' },
  },
  'utils.clipGradNorm_': {
    call: 'clipped((p) => utils.clipGradNorm_(p, { maxNorm: 2 }))',
    other: {
      parameters: calling('clipped((p) => utils.clipGradNorm_({ parameters: p[0], maxNorm: 2 }))'),
      maxNorm: calling('clipped((p) => utils.clipGradNorm_(p, { maxNorm: 3 }))'),
      normType: calling('clipped((p) => utils.clipGradNorm_(p, { maxNorm: 2, normType: Infinity }))'),
      errorIfNonfinite: because('refused in words: the norm that comes back tells it'),
      foreach: because('it is for speed'),
    },
  },
  'utils.clipGradValue_': {
    call: 'clipped((p) => utils.clipGradValue_(p, { clipValue: 2 }))',
    other: {
      parameters: calling('clipped((p) => utils.clipGradValue_({ parameters: p[0], clipValue: 2 }))'),
      clipValue: calling('clipped((p) => utils.clipGradValue_(p, { clipValue: 3 }))'),
      foreach: because('it is for speed'),
    },
  },
  'utils.parametersToVector': {
    call: 'utils.parametersToVector($)',
    given: { parameters: 'pair()' },
    other: { parameters: '[rows()]' },
  },
}

/** Functions under two names. */
export const aliases = new Map([
  ['utils.clipGradNorm', 'utils.clipGradNorm_'],
  ['utils.clipGradValue', 'utils.clipGradValue_'],
])
