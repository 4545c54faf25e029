/** The spec: schema, defaults, validation, adaptation, links and files. */
export { adaptToData, adaptToLoss, adaptToOutput } from './adaptToData'
export { maxParameters } from './checks'
export type { CsvData } from '../catalogue/data/csv'
export {
  classCount,
  dataKinds,
  descriptionOf,
  exampleCount,
  extent,
  inputShapeOf,
  labelOf,
  maxSamples,
  taskOf,
  tokensOf,
  type DataKind,
} from './datasets'
export type { Task } from './datasets'
export { defaultExperiment, defaultSpec } from './defaults'
export { exportSpec, importSpec } from './file'
export { decodeHash, encodeHash } from './hash'
export { layerShapes, type LayerShape } from './layerShapes'
export { maxOwnPoints, ownPointsProblem, type OwnPoint } from '../catalogue/data/ownPoints'
export { parseExperiment, parseSpec } from './parse'
export {
  activations,
  backendChoices,
  lossNames,
  styles,
  type Activation,
  type DataSpec,
  type Experiment,
  type LaneSettings,
  type LayerSpec,
  type LayerType,
  type LossName,
  type OptimizerSpec,
  type RecurrentSpec,
  type Schedule,
  type Spec,
  type Style,
} from './schema'
export { labelEncoding, lookedUpTokens, lossesFor, outputCount } from './targets'
