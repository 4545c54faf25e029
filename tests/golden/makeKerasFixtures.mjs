/**
 * Writes kerasFixtures.json: what Keras computes, for keras.test.ts. Run it with `node tests/golden/makeKerasFixtures.mjs`.
 *
 * `tf.layers`: TensorFlow.js Layers itself (float32, its cpu backend), set to Keras 3's options where its defaults are
 * others: LSTM and GRU with the sigmoid. `formula`: the formulas of the Keras 3 documentation in float64, with gradients by
 * central differences, where tf.layers lacks the piece or has another one: GRU with resetAfter, activations by Keras'
 * constants, losses with their reductions, all optimizers, and learning rate schedules.
 */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'

await tf.setBackend('cpu')

const learningRate = 0.05
const examples = 4

// Numbers that look random and are the same everywhere.
function sequence(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround((state / 2 ** 32) * 1.6 - 0.8)
  }
}

const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1)
const drawn = (shape, next) => ({ shape, values: Array.from({ length: sizeOf(shape) }, next) })
const rounded = (values) => Array.from(values, (value) => Number(value.toPrecision(9)))
const roundedAll = (lists) => lists.map(rounded)

// ---- tf.layers -------------------------------------------------------------------------------------------------

const dense = (units, options = {}) => tfl.layers.dense({ units, ...options })
// All weights are set; the orthogonal initializer of tf.layers needs chained operations, which are not loaded.
const plain = { recurrentInitializer: 'zeros' }
const sigmoid = { recurrentActivation: 'sigmoid', ...plain }

/** Ours as [class, arguments], and the same of tf.layers. */
const layerCases = {
  Dense: {
    input: [3],
    ours: [['Dense', 4, { activation: 'tanh' }]],
    theirs: [dense(4, { activation: 'tanh' })],
  },
  'Dense without bias': {
    input: [3],
    ours: [['Dense', 4, { useBias: false }]],
    theirs: [dense(4, { useBias: false })],
  },
  Conv1D: {
    input: [6, 2],
    ours: [['Conv1D', 3, 3, { strides: 2, padding: 'same', activation: 'tanh' }], ['Flatten']],
    theirs: [
      tfl.layers.conv1d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
      tfl.layers.flatten(),
    ],
  },
  Conv2D: {
    input: [5, 5, 2],
    ours: [['Conv2D', 3, [3, 2], { strides: 2, padding: 'same', activation: 'tanh' }], ['Flatten']],
    theirs: [
      tfl.layers.conv2d({ filters: 3, kernelSize: [3, 2], strides: 2, padding: 'same', activation: 'tanh' }),
      tfl.layers.flatten(),
    ],
  },
  MaxPooling2D: {
    input: [6, 6, 1],
    ours: [['Conv2D', 2, 3], ['MaxPooling2D', 2], ['Flatten']],
    theirs: [
      tfl.layers.conv2d({ filters: 2, kernelSize: 3 }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.flatten(),
    ],
  },
  AveragePooling2D: {
    input: [6, 6, 1],
    ours: [['Conv2D', 2, 3], ['AveragePooling2D', { poolSize: 2, strides: 1 }], ['Flatten']],
    theirs: [
      tfl.layers.conv2d({ filters: 2, kernelSize: 3 }),
      tfl.layers.averagePooling2d({ poolSize: 2, strides: 1 }),
      tfl.layers.flatten(),
    ],
  },
  GlobalAveragePooling2D: {
    input: [5, 5, 1],
    ours: [['Conv2D', 3, 3, { activation: 'tanh' }], ['GlobalAveragePooling2D']],
    theirs: [
      tfl.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh' }),
      tfl.layers.globalAveragePooling2d({}),
    ],
  },
  GlobalMaxPooling2D: {
    input: [5, 5, 1],
    ours: [['Conv2D', 3, 3, { activation: 'tanh' }], ['GlobalMaxPooling2D']],
    theirs: [
      tfl.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh' }),
      tfl.layers.globalMaxPooling2d({}),
    ],
  },
  GlobalAveragePooling1D: {
    input: [5, 2],
    ours: [['Dense', 3, { activation: 'tanh' }], ['GlobalAveragePooling1D']],
    theirs: [tfl.layers.dense({ units: 3, activation: 'tanh' }), tfl.layers.globalAveragePooling1d({})],
  },
  LeakyReLU: {
    input: [3],
    ours: [
      ['Dense', 4],
      ['LeakyReLU', 0.2],
    ],
    theirs: [dense(4), tfl.layers.leakyReLU({ alpha: 0.2 })],
  },
  ReLU: {
    input: [3],
    ours: [['Dense', 4], ['ReLU']],
    theirs: [dense(4), tfl.layers.reLU()],
  },
  Reshape: {
    input: [6],
    ours: [['Reshape', [2, -1]], ['Dense', 3], ['Flatten']],
    theirs: [tfl.layers.reshape({ targetShape: [2, 3] }), dense(3), tfl.layers.flatten()],
  },
  'Flatten and Dropout of nothing': {
    input: [2, 2, 2],
    ours: [['Flatten'], ['Dropout', 0], ['Dense', 3]],
    theirs: [tfl.layers.flatten(), tfl.layers.dropout({ rate: 0 }), dense(3)],
  },
  BatchNormalization: {
    input: [3],
    ours: [['Dense', 4, { activation: 'tanh' }], ['BatchNormalization']],
    theirs: [dense(4, { activation: 'tanh' }), tfl.layers.batchNormalization()],
  },
  LayerNormalization: {
    input: [3],
    ours: [['Dense', 4], ['LayerNormalization']],
    theirs: [dense(4), tfl.layers.layerNormalization()],
  },
  Embedding: {
    input: [3],
    isIndices: true,
    ours: [['Embedding', 5, 2], ['Flatten']],
    theirs: [tfl.layers.embedding({ inputDim: 5, outputDim: 2 }), tfl.layers.flatten()],
  },
  SimpleRNN: {
    input: [4, 2],
    ours: [['SimpleRNN', 3]],
    theirs: [tfl.layers.simpleRNN({ units: 3, ...plain })],
  },
  'SimpleRNN of all steps, backwards': {
    input: [4, 2],
    ours: [['SimpleRNN', 3, { returnSequences: true, goBackwards: true }], ['Flatten']],
    theirs: [
      tfl.layers.simpleRNN({ units: 3, returnSequences: true, goBackwards: true, ...plain }),
      tfl.layers.flatten(),
    ],
  },
  LSTM: {
    input: [4, 2],
    ours: [
      ['LSTM', 3, { returnSequences: true }],
      ['LSTM', 2],
    ],
    theirs: [
      tfl.layers.lstm({ units: 3, returnSequences: true, ...sigmoid }),
      tfl.layers.lstm({ units: 2, ...sigmoid }),
    ],
  },
  'GRU, reset before': {
    input: [4, 2],
    ours: [['GRU', 3, { resetAfter: false }]],
    theirs: [tfl.layers.gru({ units: 3, ...sigmoid })],
  },
  Activation: {
    input: [3],
    ours: [
      ['Dense', 4],
      ['Activation', 'softmax'],
    ],
    theirs: [dense(4), tfl.layers.activation({ activation: 'softmax' })],
  },
  Rescaling: {
    input: [3],
    ours: [
      ['Rescaling', 0.5, { offset: 0.25 }],
      ['Dense', 3],
    ],
    theirs: [tfl.layers.rescaling({ scale: 0.5, offset: 0.25 }), dense(3)],
  },
}

/** Models in which branches meet: `join` of a Dense(3) and of another one on the same input. */
const joinCases = {
  Add: { input: [3], join: 'Add', theirs: () => tfl.layers.add() },
  Concatenate: { input: [3], join: 'Concatenate', theirs: () => tfl.layers.concatenate() },
}

function sequentialModel(input, layers) {
  const model = tfl.sequential()
  for (const [index, layer] of [...layers, dense(2)].entries()) {
    if (index === 0) layer.batchInputShape = [null, ...input]
    model.add(layer)
  }
  return model
}

function joinedModel(input, join) {
  const x = tfl.input({ shape: input })
  const branches = [dense(3, { activation: 'tanh' }), dense(3)]
  const last = dense(2)
  const outputs = last.apply(join.apply(branches.map((layer) => layer.apply(x))))
  return { model: tfl.model({ inputs: x, outputs }), layers: [...branches, last] }
}

function tfLayersCase(name, { input, isIndices = false, ...rest }, model, layers, seed) {
  const next = sequence(seed)
  const x = drawn([examples, ...input], isIndices ? () => Math.floor((next() + 0.8) * 3) : next)
  const weights = layers.flatMap((layer) => {
    const own = layer.getWeights().map(({ shape }, index) => {
      const values = drawn([...shape], next)
      // Moving variances are positive.
      if (layer.getClassName() === 'BatchNormalization' && index === 3)
        values.values = values.values.map((v) => v + 1)
      return values
    })
    layer.setWeights(own.map(({ values, shape }) => tf.tensor(values, shape)))
    return own
  })
  const y = drawn([examples, 2], next)
  const [tx, ty] = [x, y].map(({ values, shape }) => tf.tensor(values, shape))
  const forward = model.apply(tx, { training: false })
  const variables = layers.flatMap((layer) => layer.trainableWeights.map((weight) => weight.read()))
  const lossOf = () => tf.mean(tf.squaredDifference(model.apply(tx, { training: true }), ty))
  const step = () => {
    const { value, grads } = tf.variableGrads(lossOf, variables)
    const gradients = variables.map((variable) => grads[variable.name])
    for (const [index, variable] of variables.entries())
      variable.assign(tf.sub(variable, tf.mul(gradients[index], learningRate)))
    return { loss: value.dataSync()[0], gradients: gradients.map((g) => Array.from(g.dataSync())) }
  }
  const now = () => roundedAll(layers.flatMap((layer) => layer.getWeights().map((w) => w.dataSync())))
  const first = step()
  const after1 = now()
  for (let count = 1; count < 10; count++) step()
  return {
    name,
    source: 'tf.layers',
    ...rest,
    x,
    y,
    weights,
    forward: rounded(forward.dataSync()),
    loss: first.loss,
    gradients: roundedAll(first.gradients),
    after1,
    after10: now(),
  }
}

// ---- formulas, in float64 --------------------------------------------------------------------------------------

/** Rows of a flat matrix. */
const rowsOf = ({ values, shape }) => {
  const width = shape.at(-1)
  return Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  )
}
const sum = (values) => values.reduce((total, value) => total + value, 0)
const mean = (values) => sum(values) / values.length
const dot = (row, matrix) =>
  matrix[0].map((_, column) => sum(row.map((value, at) => value * matrix[at][column])))
const plus = (a, b) => a.map((value, index) => value + b[index])
const logistic = (z) => 1 / (1 + Math.exp(-z))

/** Central differences in float64. */
function gradientOf(lossOf, weights) {
  const h = 1e-5
  return weights.map((weight, which) =>
    weight.values.map((_, at) => {
      const moved = (by) =>
        weights.map((other, index) =>
          index === which ? { ...other, values: other.values.with(at, other.values[at] + by) } : other,
        )
      return (lossOf(moved(h)) - lossOf(moved(-h))) / (2 * h)
    }),
  )
}

/** Plain descent unless there is an update of another kind: (weights, gradients, step from 1) => weights. */
function formulaCase({ name, forward, lossOf, weights, update = descend, ...rest }) {
  const first = gradientOf(lossOf, weights)
  let current = weights
  let after1
  for (let step = 1; step <= 10; step++) {
    current = update(current, gradientOf(lossOf, current), step)
    if (step === 1) after1 = roundedAll(current.map(({ values }) => values))
  }
  return {
    name,
    source: 'formula',
    ...rest,
    weights,
    forward: rounded(forward(weights).flat()),
    loss: lossOf(weights),
    gradients: roundedAll(first),
    after1,
    after10: roundedAll(current.map(({ values }) => values)),
  }
}

const withValues = (weights, valueOf) =>
  weights.map((weight, which) => ({ ...weight, values: weight.values.map((w, at) => valueOf(w, which, at)) }))

const descend = (weights, gradients) =>
  withValues(weights, (w, which, at) => w - learningRate * gradients[which][at])

/** Φ's error function: its power series, which converges everywhere. */
function erf(x) {
  let [term, total] = [x, x]
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }

/** Source: keras.activations. */
const activationOf = {
  linear: (z) => z,
  relu: (z) => z.map((v) => Math.max(v, 0)),
  leakyRelu: (z) => z.map((v) => (v > 0 ? v : 0.2 * v)),
  tanh: (z) => z.map(Math.tanh),
  sigmoid: (z) => z.map(logistic),
  gelu: (z) => z.map((v) => (v / 2) * (1 + erf(v / Math.SQRT2))),
  softmax: (z) => {
    const e = z.map(Math.exp)
    return e.map((v) => v / sum(e))
  },
  elu: (z) => z.map((v) => (v > 0 ? v : Math.expm1(v))),
  selu: (z) => z.map((v) => selu.scale * (v > 0 ? v : selu.alpha * Math.expm1(v))),
  silu: (z) => z.map((v) => v * logistic(v)),
  swish: (z) => z.map((v) => v * logistic(v)),
  softplus: (z) => z.map((v) => Math.log1p(Math.exp(v))),
  softsign: (z) => z.map((v) => v / (1 + Math.abs(v))),
  exponential: (z) => z.map(Math.exp),
  relu6: (z) => z.map((v) => Math.min(Math.max(v, 0), 6)),
  hardSigmoid: (z) => z.map((v) => Math.min(Math.max(v + 3, 0), 6) / 6),
  logSoftmax: (z) => z.map((v) => v - Math.log(sum(z.map(Math.exp)))),
}

/** x·W + b, activated. */
const denseOf = (x, activation) => (weights) =>
  rowsOf(x).map((row) => activationOf[activation](plus(dot(row, rowsOf(weights[0])), weights[1].values)))

const meanSquares = (y) => (outputs) => {
  const labels = rowsOf(y)
  return mean(outputs.flatMap((row, index) => row.map((p, at) => (p - labels[index][at]) ** 2)))
}

function denseData(seed, units = 3) {
  const next = sequence(seed)
  return {
    x: drawn([examples, 3], next),
    y: drawn([examples, units], next),
    weights: [drawn([3, units], next), drawn([units], next)],
  }
}

function activationCase(activation, seed) {
  const { x, y, weights } = denseData(seed)
  const forward = denseOf(x, activation)
  const lossOf = (w) => meanSquares(y)(forward(w))
  return formulaCase({
    name: `activation ${activation}`,
    ours: [['Dense', 3, { activation }]],
    x,
    y,
    weights,
    forward,
    lossOf,
  })
}

/** keras.layers.GRU with reset_after: z, r, h side by side; biases of input and state. */
function gruCase(seed) {
  const [steps, features, units] = [4, 2, 3]
  const next = sequence(seed)
  const x = drawn([examples, steps, features], next)
  const y = drawn([examples, units], next)
  const weights = [
    [features, 3 * units],
    [units, 3 * units],
    [2, 3 * units],
  ].map((shape) => drawn(shape, next))
  const forward = (w) => {
    const [kernel, recurrent, [ofInput, ofState]] = w.map(rowsOf)
    const rows = rowsOf(x)
    return Array.from({ length: examples }, (_, example) => {
      let h = new Array(units).fill(0)
      for (let step = 0; step < steps; step++) {
        const a = plus(dot(rows[example * steps + step], kernel), ofInput)
        const b = plus(dot(h, recurrent), ofState)
        h = h.map((before, u) => {
          const z = logistic(a[u] + b[u])
          const r = logistic(a[units + u] + b[units + u])
          const candidate = Math.tanh(a[2 * units + u] + r * b[2 * units + u])
          return z * before + (1 - z) * candidate
        })
      }
      return h
    })
  }
  const lossOf = (w) => meanSquares(y)(forward(w))
  return formulaCase({ name: 'GRU', ours: [['GRU', units]], x, y, weights, forward, lossOf })
}

// Source: keras.losses, each as the loss of one example.
const epsilon = 1e-7
const clipped = (p) => Math.min(Math.max(p, epsilon), 1 - epsilon)
const binary = (y, p) =>
  mean(y.map((label, at) => -label * Math.log(clipped(p[at])) - (1 - label) * Math.log(1 - clipped(p[at]))))
const categorical = (y, p) => -sum(y.map((label, at) => label * Math.log(clipped(p[at] / sum(p)))))
const lossFormulas = {
  MeanSquaredError: (y, p) => mean(y.map((label, at) => (p[at] - label) ** 2)),
  MeanAbsoluteError: (y, p) => mean(y.map((label, at) => Math.abs(p[at] - label))),
  Huber: (y, p, { delta = 1 }) =>
    mean(
      y.map((label, at) => {
        const size = Math.abs(p[at] - label)
        return size <= delta ? size ** 2 / 2 : delta * size - delta ** 2 / 2
      }),
    ),
  LogCosh: (y, p) => mean(y.map((label, at) => Math.log(Math.cosh(p[at] - label)))),
  Hinge: (y, p) => mean(y.map((label, at) => Math.max(0, 1 - (2 * label - 1) * p[at]))),
  KLDivergence: (y, p) =>
    sum(
      y.map((label, at) => {
        const [a, b] = [label, p[at]].map((v) => Math.min(Math.max(v, epsilon), 1))
        return a * Math.log(a / b)
      }),
    ),
  BinaryCrossentropy: (y, p, { fromLogits = false, labelSmoothing: s = 0 }) =>
    binary(
      y.map((label) => label * (1 - s) + s / 2),
      fromLogits ? p.map(logistic) : p,
    ),
  CategoricalCrossentropy: (y, p, { fromLogits = false, labelSmoothing: s = 0 }) =>
    categorical(
      y.map((label) => label * (1 - s) + s / y.length),
      fromLogits ? activationOf.softmax(p) : p,
    ),
  SparseCategoricalCrossentropy: (y, p, { fromLogits = false }) =>
    categorical(
      p.map((_, at) => (at === y[0] ? 1 : 0)),
      fromLogits ? activationOf.softmax(p) : p,
    ),
}

const lossCases = [
  ['MeanSquaredError', {}, 'numbers', 'linear'],
  ['MeanSquaredError', { reduction: 'sum' }, 'numbers', 'tanh'],
  ['MeanAbsoluteError', {}, 'numbers', 'linear'],
  ['Huber', {}, 'numbers', 'linear'],
  ['Huber', { delta: 0.3 }, 'numbers', 'linear'],
  ['LogCosh', {}, 'numbers', 'linear'],
  ['Hinge', {}, 'binary', 'linear'],
  ['KLDivergence', {}, 'oneHot', 'softmax'],
  ['BinaryCrossentropy', {}, 'binary', 'sigmoid'],
  ['BinaryCrossentropy', { fromLogits: true }, 'binary', 'linear'],
  ['BinaryCrossentropy', { labelSmoothing: 0.1 }, 'binary', 'sigmoid'],
  ['CategoricalCrossentropy', {}, 'oneHot', 'softmax'],
  ['CategoricalCrossentropy', { fromLogits: true, labelSmoothing: 0.2 }, 'oneHot', 'linear'],
  ['CategoricalCrossentropy', {}, 'oneHot', 'sigmoid'],
  ['SparseCategoricalCrossentropy', {}, 'classes', 'softmax'],
  ['SparseCategoricalCrossentropy', { fromLogits: true, reduction: 'sum' }, 'classes', 'linear'],
  ['BinaryCrossentropy', {}, 'binary', 'sigmoid', [0.5, 2, 0, 1]],
]

function lossCase([loss, options, labels, activation, sampleWeight], seed) {
  const { x, y: numbers, weights } = denseData(seed)
  const classes = [0, 2, 1, 2]
  const y = {
    numbers,
    binary: { shape: [examples, 3], values: numbers.values.map((v) => (v > 0 ? 1 : 0)) },
    oneHot: {
      shape: [examples, 3],
      values: classes.flatMap((c) => [0, 1, 2].map((at) => (at === c ? 1 : 0))),
    },
    classes: { shape: [examples, 1], values: classes },
  }[labels]
  const forward = denseOf(x, activation)
  const lossOf = (w) => {
    const labelled = rowsOf(y)
    const losses = forward(w).map(
      (outputs, at) => (sampleWeight?.[at] ?? 1) * lossFormulas[loss](labelled[at], outputs, options),
    )
    return options.reduction === 'sum' ? sum(losses) : mean(losses)
  }
  const weighted = sampleWeight ? ', weighted' : ''
  return formulaCase({
    name: `loss ${loss} ${JSON.stringify(options)} of ${activation}${weighted}`,
    ours: [['Dense', 3, { activation }]],
    lossClass: [loss, options],
    sampleWeight,
    x,
    y,
    weights,
    forward,
    lossOf,
  })
}

/** Source: keras.optimizers; `slots(n)` are the n-th accumulators of the variable, made of zeros unless told. */
const updates = {
  SGD: ({ momentum = 0, nesterov = false }) => ({
    zeros: [0],
    delta: (g, lr, _, [m]) => {
      if (momentum === 0) return -lr * g
      m.value = momentum * m.value - lr * g
      return nesterov ? momentum * m.value - lr * g : m.value
    },
  }),
  Adam: ({ beta1 = 0.9, beta2 = 0.999, epsilon: e = 1e-7 }) => ({
    zeros: [0, 0],
    delta: (g, lr, t, [m, v]) => {
      m.value += (g - m.value) * (1 - beta1)
      v.value += (g * g - v.value) * (1 - beta2)
      const alpha = (lr * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)
      return (-m.value * alpha) / (Math.sqrt(v.value) + e)
    },
  }),
  RMSprop: ({ rho = 0.9, momentum = 0, epsilon: e = 1e-7 }) => ({
    zeros: [0, 0],
    delta: (g, lr, _, [v, m]) => {
      v.value = rho * v.value + (1 - rho) * g * g
      const increment = (lr * g) / Math.sqrt(v.value + e)
      m.value = momentum * m.value + increment
      return momentum > 0 ? -m.value : -increment
    },
  }),
  Adagrad: ({ initialAccumulatorValue = 0.1, epsilon: e = 1e-7 }) => ({
    zeros: [initialAccumulatorValue],
    delta: (g, lr, _, [a]) => {
      a.value += g * g
      return (-lr * g) / Math.sqrt(a.value + e)
    },
  }),
}
updates.AdamW = updates.Adam

const optimizerCases = [
  ['SGD', {}],
  ['SGD', { learningRate: 0.1, momentum: 0.9 }],
  ['SGD', { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }],
  ['SGD', { learningRate: 0.5, clipnorm: 0.2 }],
  ['SGD', { learningRate: 0.5, clipvalue: 0.1 }],
  ['SGD', { learningRate: 0.5, globalClipnorm: 0.3 }],
  ['Adam', {}],
  ['Adam', { learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 }],
  ['AdamW', { learningRate: 0.02 }],
  ['RMSprop', { learningRate: 0.01 }],
  ['RMSprop', { learningRate: 0.01, rho: 0.8, momentum: 0.5, weightDecay: 0.02 }],
  ['Adagrad', { learningRate: 0.1 }],
  ['Adagrad', { learningRate: 0.1, initialAccumulatorValue: 0.5, epsilon: 1e-2 }],
]

function clippedGradients(gradients, { clipnorm, clipvalue, globalClipnorm }) {
  const norm = (values) => Math.sqrt(sum(values.map((g) => g * g)))
  if (clipvalue) return gradients.map((list) => list.map((g) => Math.min(Math.max(g, -clipvalue), clipvalue)))
  if (clipnorm)
    return gradients.map((list) => list.map((g) => (g * clipnorm) / Math.max(norm(list), clipnorm)))
  if (!globalClipnorm) return gradients
  const all = norm(gradients.flat())
  return gradients.map((list) => list.map((g) => g * globalClipnorm * Math.min(1 / all, 1 / globalClipnorm)))
}

function updateOf(optimizer, options, rateOf) {
  const { zeros, delta } = updates[optimizer](options)
  const decay = options.weightDecay ?? (optimizer === 'AdamW' ? 0.004 : 0)
  const slots = new Map()
  return (weights, gradients, step) => {
    const rate = rateOf(step - 1)
    const held = clippedGradients(gradients, options)
    return withValues(weights, (w, which, at) => {
      const key = `${which}/${at}`
      if (!slots.has(key))
        slots.set(
          key,
          zeros.map((value) => ({ value })),
        )
      return w - w * decay * rate + delta(held[which][at], rate, step, slots.get(key))
    })
  }
}

function optimizerCase([optimizer, options], seed) {
  const { x, y, weights } = denseData(seed)
  const forward = denseOf(x, 'tanh')
  const lossOf = (w) => meanSquares(y)(forward(w))
  const rate = options.learningRate ?? (optimizer === 'SGD' ? 0.01 : 0.001)
  return formulaCase({
    name: `optimizer ${optimizer} ${JSON.stringify(options)}`,
    ours: [['Dense', 3, { activation: 'tanh' }]],
    optimizer: [optimizer, options],
    x,
    y,
    weights,
    forward,
    lossOf,
    update: updateOf(optimizer, options, () => rate),
  })
}

// Source: keras.optimizers.schedules.
const half = (done) => 0.5 * (1 + Math.cos(Math.PI * done))
const scheduleCases = [
  [
    'ExponentialDecay',
    { initialLearningRate: 0.2, decaySteps: 4, decayRate: 0.5 },
    (step) => 0.2 * 0.5 ** (step / 4),
  ],
  [
    'ExponentialDecay',
    { initialLearningRate: 0.2, decaySteps: 4, decayRate: 0.5, staircase: true },
    (step) => 0.2 * 0.5 ** Math.floor(step / 4),
  ],
  [
    'InverseTimeDecay',
    { initialLearningRate: 0.2, decaySteps: 3, decayRate: 0.5 },
    (step) => 0.2 / (1 + (0.5 * step) / 3),
  ],
  [
    'InverseTimeDecay',
    { initialLearningRate: 0.2, decaySteps: 3, decayRate: 0.5, staircase: true },
    (step) => 0.2 / (1 + 0.5 * Math.floor(step / 3)),
  ],
  [
    'PiecewiseConstantDecay',
    { boundaries: [2, 5], values: [0.2, 0.1, 0.05] },
    (step) => (step <= 2 ? 0.2 : step <= 5 ? 0.1 : 0.05),
  ],
  [
    'PolynomialDecay',
    { initialLearningRate: 0.2, decaySteps: 6 },
    (step) => (0.2 - 0.0001) * (1 - Math.min(step, 6) / 6) + 0.0001,
  ],
  [
    'PolynomialDecay',
    { initialLearningRate: 0.2, decaySteps: 4, endLearningRate: 0.02, power: 2, cycle: true },
    (step) => {
      const steps = 4 * (step === 0 ? 1 : Math.ceil(step / 4))
      return (0.2 - 0.02) * (1 - step / steps) ** 2 + 0.02
    },
  ],
  [
    'CosineDecay',
    { initialLearningRate: 0.2, decaySteps: 6, alpha: 0.1 },
    (step) => 0.2 * (0.9 * half(Math.min(step, 6) / 6) + 0.1),
  ],
  [
    'CosineDecay',
    { initialLearningRate: 0.05, decaySteps: 5, warmupTarget: 0.2, warmupSteps: 3 },
    (step) => (step < 3 ? (0.2 - 0.05) * (step / 3) + 0.05 : 0.2 * half(Math.min(step - 3, 5) / 5)),
  ],
  [
    'CosineDecayRestarts',
    { initialLearningRate: 0.2, firstDecaySteps: 3, tMul: 2, mMul: 0.5, alpha: 0.1 },
    (step) => {
      const restarts = Math.floor(Math.log2(1 + step / 3))
      const done = (step / 3 - (2 ** restarts - 1)) / 2 ** restarts
      return 0.2 * (0.5 ** restarts * 0.9 * half(done) + 0.1)
    },
  ],
]

function scheduleCase([schedule, options, rateOf], seed) {
  const { x, y, weights } = denseData(seed)
  const forward = denseOf(x, 'linear')
  const lossOf = (w) => meanSquares(y)(forward(w))
  const rates = rounded(Array.from({ length: 12 }, (_, step) => rateOf(step)))
  return formulaCase({
    name: `schedule ${schedule} ${JSON.stringify(options)}`,
    ours: [['Dense', 3]],
    schedule: [schedule, options],
    rates,
    x,
    y,
    weights,
    forward,
    lossOf,
    update: updateOf('SGD', {}, rateOf),
  })
}

// Source: keras.initializers; fans of a [6, 4] kernel are 6 and 4. Of each: smallest and largest possible value, and deviation.
const truncated = 0.87962566103423978
const within = (limit) => ({ min: -limit, max: limit, deviation: limit / Math.sqrt(3) })
const truncatedAt = (variance) => {
  const deviation = Math.sqrt(variance)
  return { min: (-2 * deviation) / truncated, max: (2 * deviation) / truncated, deviation }
}
const initializers = {
  zeros: { min: 0, max: 0, deviation: 0 },
  ones: { min: 1, max: 1, deviation: 0, mean: 1 },
  randomUniform: within(0.05),
  randomNormal: { min: null, max: null, deviation: 0.05 },
  truncatedNormal: { min: -0.1, max: 0.1, deviation: 0.05 * truncated },
  glorotUniform: within(Math.sqrt(6 / 10)),
  glorotNormal: truncatedAt(2 / 10),
  heUniform: within(Math.sqrt(6 / 6)),
  heNormal: truncatedAt(2 / 6),
  lecunUniform: within(Math.sqrt(3 / 6)),
  lecunNormal: truncatedAt(1 / 6),
  // Columns of length 1 in 6 dimensions.
  orthogonal: { min: -1, max: 1, deviation: Math.sqrt(1 / 6) },
}

const cases = [
  ...Object.entries(layerCases).map(([name, { theirs, ...rest }], index) => {
    const model = sequentialModel(rest.input, theirs)
    const ours = [...rest.ours, ['Dense', 2]]
    return tfLayersCase(name, { ...rest, ours }, model, model.layers, index + 1)
  }),
  ...Object.entries(joinCases).map(([name, { theirs, ...rest }], index) => {
    const { model, layers } = joinedModel(rest.input, theirs())
    return tfLayersCase(name, rest, model, layers, 50 + index)
  }),
  gruCase(70),
  ...Object.keys(activationOf).map((name, index) => activationCase(name, 100 + index)),
  ...lossCases.map((one, index) => lossCase(one, 200 + index)),
  ...optimizerCases.map((one, index) => optimizerCase(one, 300 + index)),
  ...scheduleCases.map((one, index) => scheduleCase(one, 400 + index)),
]

const file = join(dirname(fileURLToPath(import.meta.url)), 'kerasFixtures.json')
const lines = cases.map((one) => JSON.stringify(one)).join(',\n')
writeFileSync(
  file,
  `{"learningRate":${learningRate},\n"initializers":${JSON.stringify(initializers)},\n"cases":[\n${lines}\n]}\n`,
)
console.log(`${cases.length} cases`)
