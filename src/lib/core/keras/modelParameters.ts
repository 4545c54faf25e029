/** The parameters of a model and of its methods, in Keras' order. */
import { anything, callable, flag, integer, number, numberList, only, taking, text } from '../util/kinds'
import { parameters } from '../util/parameters'
import { isPlainObject } from '../util/plainObject'
import type { ArrayData } from './arrays'
import type { ModelWeights } from '../nn/weights'
import type { CallbackList } from './callbacks'
import type { Arrays, ClassWeight } from './examples'
import { isSymbolic, KerasTensor } from './kerasTensor'
import { arrayData, count, list, openShape, verbosity } from './kinds'
import { callParameters } from './layers/layer'
import type { LossSetting, MetricSetting, PerOutput } from './objective'
import { Optimizer, type OptimizerName } from './optimizers'
import type { Spelling } from './names'
import type { TensorOrList } from './stepRunner'
import { isTensorLike, type TensorLike } from './tensorLike'

const arrays = taking<Arrays>(
  'an array, lists of numbers, or one array for each input or output',
  (value) =>
    (isTensorLike(value) && typeof value === 'object') ||
    (isPlainObject(value) && Object.values(value).every((each) => typeof each === 'object' && each !== null)),
)

const symbolic = taking<KerasTensor | readonly KerasTensor[]>(
  'what Input or a layer gives, or a list of it',
  (value) => value instanceof KerasTensor || Array.isArray(value),
)

/** Of `new Model(…)`. */
export const modelParameters = parameters('Model', {
  /** What Input gives, or a list of it. */
  inputs: symbolic.or(null),
  /** What the last layers give. */
  outputs: symbolic.or(null),
  /** As summary() shows it. */
  name: text.or(null),
  /** False leaves all weights as they are. */
  trainable: flag.named.or(true),
  /** Everything is computed in float32. */
  dtype: only<string | null>(null, 'everything is computed in float32', 'float32').named,
})

/** Of `compile`. */
export const compileParameters = parameters('compile', {
  /** An optimizer or its name, such as 'adam'. */
  optimizer: taking<Optimizer | Spelling<OptimizerName>>(
    "an optimizer or its name, such as 'adam'",
    (value) => typeof value === 'string' || value instanceof Optimizer,
  ).or('rmsprop'),
  /** A loss, its name such as 'mse', or a function (yTrue, yPred) => …; by output for several. */
  loss: anything<LossSetting>('a loss or its name').or(null),
  /** Factor of each output's loss. */
  lossWeights: anything<PerOutput<number>>('a number for each output').or(null),
  /** Figures beside the loss, such as ['accuracy']. */
  metrics: anything<MetricSetting>('a list of metrics').or(null),
  /** Metrics in which examples count by their weights. */
  weightedMetrics: anything<MetricSetting>('a list of metrics').or(null),
  /** True takes each step kernel by kernel; false compiles steps. The lane's own execution when left out. */
  runEagerly: flag.or(null),
  /** Batches that one call of the runtime takes together. For compiled steps. */
  stepsPerExecution: count.or(null),
  /** Has no effect: runEagerly says whether steps are compiled. */
  jitCompile: taking<boolean | 'auto'>(
    "true, false or 'auto'",
    (value) => value === 'auto' || typeof value === 'boolean',
  )
    .or('auto')
    .unused('runEagerly says whether steps are compiled'),
  /** Has no effect: everything is computed in float32. */
  autoScaleLoss: flag.or(true).unused('everything is computed in float32'),
})

/** Has no effect: the page shows progress, and `history` has the figures. */
const verbose = verbosity.or('auto').unused('the page shows progress')

const batchSize = count.or(null)
const callbacks = taking<CallbackList>(
  'a callback or a list of them',
  // Functions by the names of events are understood, and refused in words that help.
  (value) => !isPlainObject(value) || Object.keys(value).every((name) => name.startsWith('on')),
).or(null)
const sampleWeight = arrayData.or(null)
const classWeight = taking<ClassWeight>(
  'an object of numbers by class, such as { 0: 1, 1: 5 }',
  (value) => isPlainObject(value) && Object.keys(value).every((name) => /^\d+$/.test(name)),
).or(null)
const returnDict = flag.or(false).unused('figures are there by name and in order')

/** Of `fit`. */
export const fitParameters = parameters('fit', {
  /** Examples. */
  x: arrays,
  /** Labels. */
  y: arrays.or(null),
  /** Examples of a step; 32 when left out. */
  batchSize,
  /** Passes through the data, those before initialEpoch included. */
  epochs: integer.or(1),
  /** Has no effect: the page shows progress, and history has the figures. */
  verbose,
  /** Called while training: one, or a list of them. */
  callbacks,
  /** Share of the last examples to validate on instead of training on them. */
  validationSplit: number.or(0),
  /** Examples and labels, [x, y], that are evaluated after every epoch. */
  validationData: list<readonly [x: Arrays, y: Arrays, sampleWeight?: ArrayData]>('[x, y]').or(null),
  /** Whether every epoch has an order of its own. */
  shuffle: flag.or(true),
  /** Factor of the loss of each class's examples, 1 where there is none: { 0: 1, 1: 5 }. */
  classWeight,
  /** A factor of the loss of each example, [n]. */
  sampleWeight,
  /** Epoch to go on from, counted from 0. */
  initialEpoch: integer.or(0),
  /** Batches of an epoch at most; epochs then go on where the last one ended. One pass through the data when left out. */
  stepsPerEpoch: count.or(null),
  /** Batches of the validation data to stop after; all when left out. */
  validationSteps: count.or(null),
  /** Batch size of the validation; batchSize when left out. */
  validationBatchSize: batchSize,
  /** Epochs from one validation to the next, or a list of epochs, from 1. */
  validationFreq: taking<number | readonly number[]>(
    'a positive whole number or a list of epochs',
    (value) =>
      (Number.isInteger(value) && (value as number) > 0) ||
      (Array.isArray(value) && value.every(Number.isInteger)),
  ).or(1),
})

/** Of `evaluate`. */
export const evaluateParameters = parameters('evaluate', {
  /** Examples. */
  x: arrays,
  /** Labels. */
  y: arrays.or(null),
  /** Examples of a step; 32 when left out. */
  batchSize,
  /** Has no effect: the page shows progress. */
  verbose,
  /** A factor of the loss of each example, [n]. */
  sampleWeight,
  /** Batches to stop after; all when left out. */
  steps: count.or(null),
  /** Told of the beginning and the end. */
  callbacks,
  /** Has no effect: figures are there by name and in order. */
  returnDict,
})

/** Of `predict`. */
export const predictParameters = parameters('predict', {
  /** Examples. */
  x: arrays,
  /** Examples of a step; 32 when left out. */
  batchSize,
  /** Has no effect: the page shows progress. */
  verbose,
  /** Batches to stop after; all when left out. */
  steps: count.or(null),
  /** Told of the beginning and the end. */
  callbacks,
})

/** Of `trainOnBatch`. */
export const trainOnBatchParameters = parameters('trainOnBatch', {
  /** Examples. */
  x: arrays,
  /** Labels. */
  y: arrays.or(null),
  /** A factor of the loss of each example, [n]. */
  sampleWeight,
  /** Factor of the loss of each class's examples. */
  classWeight,
  /** Has no effect: figures are there by name and in order. */
  returnDict,
})

/** Of `testOnBatch`. */
export const testOnBatchParameters = parameters('testOnBatch', {
  /** Examples. */
  x: arrays,
  /** Labels. */
  y: arrays.or(null),
  /** A factor of the loss of each example, [n]. */
  sampleWeight,
  /** Has no effect: figures are there by name and in order. */
  returnDict,
})

/** Of `apply`. */
export const applyParameters = parameters('model.apply', {
  inputs: taking<TensorOrList | TensorLike | KerasTensor | readonly KerasTensor[]>(
    'a tensor, or a list of tensors',
    (value) => isSymbolic(value) || isTensorLike(value),
  ),
  ...callParameters,
})

const tensors = taking<TensorOrList>('a tensor, or a list of tensors', isTensorLike)

/** Of `computeLoss`. */
export const computeLossParameters = parameters('computeLoss', {
  /** Has no effect: losses look at labels and outputs only. */
  x: tensors.or(null).unused('losses look at labels and outputs only'),
  /** Labels. */
  y: tensors,
  /** Outputs of the model. */
  yPred: tensors,
  /** A factor of the loss of each example. */
  sampleWeight: tensors.or(null),
  /** Has no effect: losses are the same in training. */
  training: flag.or(true).unused('losses are the same in training'),
})

/** Of `summary`. */
export const summaryParameters = parameters('summary', {
  /** Has no effect: columns are as wide as their texts. */
  lineLength: integer.or(null).unused('columns are as wide as their texts'),
  /** Has no effect: columns are as wide as their texts. */
  positions: numberList.or(null).unused('columns are as wide as their texts'),
  /** Takes the text in place of the console. */
  printFn: callable<(text: string) => void>().or(null),
  /** Models in models are one row each. */
  expandNested: only(false, 'Leave it out: models in models are one row each.'),
  /** The numbers at the end say what is trained. */
  showTrainable: only(false, 'Leave it out: the numbers at the end say what is trained.'),
  /** All layers are shown. */
  layerRange: only(null, 'Leave it out: all layers are shown.'),
})

/** Of `getLayer`. */
export const getLayerParameters = parameters('getLayer', {
  /** As summary() shows it; a position is understood too. */
  name: taking<string | number>(
    'the name of a layer',
    (value) => typeof value === 'string' || Number.isInteger(value),
  ).or(null),
  /** Position, from 0. */
  index: integer.or(null),
})

/** Of `build`. */
export const buildParameters = parameters('build', {
  /** Begins with the batch: [null, 2]. */
  inputShape: openShape,
})

/** Of `setWeights`. */
export const setWeightsParameters = parameters('setWeights', {
  /** What getWeights() or weights() gave. */
  weights: taking<ModelWeights | readonly ArrayData[]>(
    'what getWeights() or weights() gave, awaited',
    (value) =>
      Array.isArray(value) || value instanceof Promise || (isPlainObject(value) && 'layout' in value),
  ),
})

/** Of `saveWeights`. */
export const saveWeightsParameters = parameters('saveWeights', {
  /** For loadWeights. */
  filepath: text,
  /** False refuses a path that is there already. */
  overwrite: flag.or(true),
  /** Has no effect: there is one file. */
  maxShardSize: number.or(null).unused('there is one file'),
})

/** Of `loadWeights`. */
export const loadWeightsParameters = parameters('loadWeights', {
  /** As saveWeights or ModelCheckpoint was told it. */
  filepath: text,
  /** All weights have to fit. */
  skipMismatch: only(false, 'Leave it out: all weights have to fit.'),
})
