/** The metrics of `tandem/keras`, as programs reach them: `metrics.Precision`. */
export {
  BinaryAccuracy,
  BinaryCrossentropy,
  CategoricalAccuracy,
  CategoricalCrossentropy,
  Mean,
  MeanAbsoluteError,
  MeanSquaredError,
  Metric,
  Precision,
  Recall,
  RootMeanSquaredError,
  SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy,
} from './metrics'
