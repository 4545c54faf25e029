/** The module `tandem/keras`: what Keras-style programs import. */
import { Callback, History, LambdaCallback } from './callbacks'
import { toCategorical } from './categorical'
import { BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy } from './crossentropies'
import { Loss } from './loss'
import { Hinge, Huber, KLDivergence, LogCosh, MeanAbsoluteError, MeanSquaredError } from './losses'
import { EarlyStopping, ReduceLROnPlateau } from './monitor'
import { Adagrad, Adam, AdamW, RMSprop, SGD } from './optimizers'
import { CSVLogger, LearningRateScheduler, ModelCheckpoint, TensorBoard } from './recordKeeping'
import { Model } from './model'
import { setRandomSeed } from './setRandomSeed'
import { trackCalls } from './tracked'
import {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  LearningRateSchedule,
  PiecewiseConstantDecay,
  PolynomialDecay,
} from './schedules'

export { Input } from './input'
export { GradientTape } from './gradientTape'
export * as ops from './ops'
export { Variable } from './variable'
export * as layers from './layers/index'
export * as metrics from './metricClasses'
export { activationFunctions as activations } from './activations'
export * as regularizers from './regularizerModule'
export * as initializers from './initializerClasses'
export { Optimizer } from './optimizers'
export { Sequential } from './sequential'
export { Model, setRandomSeed }

trackCalls(Model.prototype, ['fit', 'evaluate', 'predict', 'trainOnBatch', 'testOnBatch'])

/** Losses as `compile` takes them. */
export const losses = {
  Loss,
  MeanSquaredError,
  MeanAbsoluteError,
  Huber,
  LogCosh,
  Hinge,
  KLDivergence,
  BinaryCrossentropy,
  CategoricalCrossentropy,
  SparseCategoricalCrossentropy,
}

/** Optimizers as `compile` takes them. */
export const optimizers = {
  SGD,
  Adam,
  AdamW,
  RMSprop,
  Adagrad,
  /** Learning rates that depend on the number of updates. */
  schedules: {
    LearningRateSchedule,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    CosineDecay,
    CosineDecayRestarts,
  },
}

/** Callbacks as `fit` takes them. */
export const callbacks = {
  Callback,
  History,
  LambdaCallback,
  EarlyStopping,
  ModelCheckpoint,
  ReduceLROnPlateau,
  LearningRateScheduler,
  CSVLogger,
  TensorBoard,
}

/** Conversions of data, and the seed. */
export const utils = { toCategorical, setRandomSeed }
