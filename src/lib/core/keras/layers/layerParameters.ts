/** Parameters that many layers share, in Keras' order. */
import { flag, only, text } from '../../util/kinds'
import { count, openShape } from '../kinds'
import { initializer, noConstraint, regularizer } from './layerKinds'

/** What every layer takes, by name, beside a name. */
const unnamedParameters = {
  /** False leaves the layer's weights as they are. */
  trainable: flag.named.or(true),
  /** Everything is computed in float32. */
  dtype: only<string | null>(null, 'everything is computed in float32', 'float32').named,
  /** Has no effect: everything is computed in float32. */
  autocast: flag.named.or(true).unused('everything is computed in float32'),
  /** Of the first layer of a Sequential, in place of an Input: the shape of one example. */
  inputShape: openShape.named.or(null),
  /** The same for examples that are rows: their number of features. */
  inputDim: count.named.or(null),
}

/** Unique in the model; Keras' automatic one, such as dense_1, when left out. */
const name = text.or(null)

/** What every layer takes, by name. */
export const layerParameters = {
  ...unnamedParameters,
  /** Unique in the model; Keras' automatic one, such as dense_1, when left out. */
  name: name.named,
}

const noActivityRegularizer = only(
  null,
  'Leave it out: there are no penalties on outputs: add them in a trainStep.',
)

/** What layers take that have no kernel. */
export const plainLayerParameters = { activityRegularizer: noActivityRegularizer.named, ...layerParameters }

/** The same where the name can come by position, after those that stand in front. */
export const plainNamedParameters = {
  /** Unique in the model; Keras' automatic one, such as max_pooling2d, when left out. */
  name,
  activityRegularizer: noActivityRegularizer.named,
  ...unnamedParameters,
}

/** Whether there is a bias, and how kernel and bias begin. */
export const kernelParameters = {
  /** Whether a bias is added. */
  useBias: flag.or(true),
  /** Draws the first kernel. */
  kernelInitializer: initializer.or('glorotUniform'),
  /** Gives the first bias. */
  biasInitializer: initializer.or('zeros'),
}

/** Penalties and constraints of kernel and bias. */
export const kernelPenaltyParameters = {
  /** Adds a penalty on the kernel to the loss: regularizers.l2(0.01). */
  kernelRegularizer: regularizer.or(null),
  /** Adds a penalty on the bias to the loss. */
  biasRegularizer: regularizer.or(null),
  /** There are no penalties on outputs. */
  activityRegularizer: noActivityRegularizer,
  /** Weights have no constraints. */
  kernelConstraint: noConstraint,
  /** Weights have no constraints. */
  biasConstraint: noConstraint,
}

/** Adapters of large weights, and their quantization. */
export const adapterParameters = {
  /** Weights have no low-rank adapters. */
  loraRank: only(null, 'Leave it out: weights have no low-rank adapters here.'),
  /** Weights have no low-rank adapters. */
  loraAlpha: only(null, 'Leave it out: weights have no low-rank adapters here.'),
  /** Weights are not quantized. */
  quantizationConfig: only(null, 'Leave it out: weights are not quantized here.'),
}
