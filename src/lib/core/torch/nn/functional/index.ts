/** `nn.functional` of the module 'tandem/torch': layers, activations and losses without state. */
export {
  cosineSimilarity,
  elu,
  gelu,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logsigmoid,
  logSoftmax,
  mish,
  prelu,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
} from './activations'
export { crossEntropy, nllLoss } from './classLosses'
export { adaptiveAvgPool2d, avgPool2d, conv2d, maxPool2d } from './images'
export { avgPool1d, conv1d, maxPool1d } from './sequences'
export { dropout, embedding, layerNorm, linear, normalize, oneHot } from './layers'
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  smoothL1Loss,
} from './losses'
