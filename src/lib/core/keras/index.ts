/** The module `tandem/keras`: what Keras-style programs import. */
import { Callback, History } from './callbacks'
import { toCategorical } from './categorical'
import {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  Hinge,
  Huber,
  KLDivergence,
  LogCosh,
  MeanAbsoluteError,
  MeanSquaredError,
  SparseCategoricalCrossentropy,
} from './losses'
import { Adagrad, Adam, AdamW, RMSprop, SGD } from './optimizers'

export { Input, type InputOptions } from './input'
export * as layers from './layers/index'
export * as metrics from './metricClasses'
export * as initializers from './initializerClasses'
export type { FitOptions } from './fitOptions'
export { Model, type CompileOptions, type ModelOptions } from './model'
export { Optimizer } from './optimizers'
export { Sequential } from './sequential'
export { setRandomSeed } from './setRandomSeed'

/** Losses as `compile` takes them. */
export const losses = {
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
export const optimizers = { SGD, Adam, AdamW, RMSprop, Adagrad }

/** Callbacks as `fit` takes them. */
export const callbacks = { Callback, History }

/** Conversions of data. */
export const utils = { toCategorical }
