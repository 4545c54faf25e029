/** The module `tandem/keras`: what Keras-style programs import. */
import { Callback, History, LambdaCallback } from './callbacks'
import { toCategorical } from './categorical'
import {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  Hinge,
  Huber,
  KLDivergence,
  LogCosh,
  Loss,
  MeanAbsoluteError,
  MeanSquaredError,
  SparseCategoricalCrossentropy,
} from './losses'
import { EarlyStopping, ReduceLROnPlateau } from './monitor'
import { Adagrad, Adam, AdamW, RMSprop, SGD } from './optimizers'
import { CSVLogger, LearningRateScheduler, ModelCheckpoint, TensorBoard } from './recordKeeping'
import {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  LearningRateSchedule,
  PiecewiseConstantDecay,
  PolynomialDecay,
} from './schedules'

export { Input, type InputOptions } from './input'
export { GradientTape } from './gradientTape'
export * as ops from './ops'
export { Variable, type VariableOptions } from './variable'
export * as layers from './layers/index'
export * as metrics from './metricClasses'
export { activationFunctions as activations } from './activations'
export * as regularizers from './regularizerModule'
export * as initializers from './initializerClasses'
export type { FitOptions } from './fitOptions'
export { Model, type CompileOptions, type ModelOptions } from './model'
export { Optimizer } from './optimizers'
export { Sequential } from './sequential'
export { setRandomSeed } from './setRandomSeed'

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

/** Conversions of data. */
export const utils = { toCategorical }
