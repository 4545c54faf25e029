/** The metrics of `tandem/keras`, as programs reach them: `metrics.Precision`. */
export { Metric } from './metric'
export {
  BinaryAccuracy,
  BinaryCrossentropy,
  CategoricalAccuracy,
  CategoricalCrossentropy,
  Mean,
  MeanAbsoluteError,
  MeanSquaredError,
  Precision,
  Recall,
  RootMeanSquaredError,
  SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy,
} from './metrics'
