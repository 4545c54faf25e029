/** `nn.functional` of the module 'tandem/torch': layers, activations and losses without state. */
export { elu, gelu, leakyRelu, logSoftmax, relu, sigmoid, silu, softmax, softplus, tanh } from './activations'
export {
  cosineSimilarity,
  hardsigmoid,
  hardswish,
  hardtanh,
  logsigmoid,
  mish,
  prelu,
  relu6,
  selu,
  softsign,
} from './furtherActivations'
export { adaptiveAvgPool2d, avgPool2d, conv2d, maxPool2d } from './images'
export { avgPool1d, conv1d, maxPool1d } from './sequences'
export { dropout, embedding, layerNorm, linear, normalize, oneHot } from './layers'
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
} from './losses'
