/** `nn` of the module 'tandem/torch'. */
export {
  ELU,
  GELU,
  Identity,
  LeakyReLU,
  LogSoftmax,
  ReLU,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Tanh,
} from './activations'
export { Flatten, ModuleDict, ModuleList, ParameterList, Sequential, Unflatten } from './containers'
export { Dropout } from './dropout'
export { Embedding } from './embedding'
export {
  Hardsigmoid,
  Hardswish,
  Hardtanh,
  LogSigmoid,
  Mish,
  PReLU,
  ReLU6,
  SELU,
  Softsign,
} from './furtherActivations'
export * as functional from './functional/index'
export { Conv2d } from './images'
export * as init from './init'
export { Linear } from './linear'
export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MSELoss,
  NLLLoss,
  SmoothL1Loss,
} from './losses'
export { Module } from './module'
export { BatchNorm1d, BatchNorm2d, LayerNorm } from './normalization'
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from './pooling'
export { GRU, LSTM, RNN } from './recurrent'
export { GRUCell, LSTMCell, RNNCell } from './recurrentCells'
export { AvgPool1d, Conv1d, MaxPool1d } from './sequences'
export * as utils from './utils'
export { Buffer, Parameter } from '../parameter'
