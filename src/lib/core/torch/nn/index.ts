/** `nn` of the module 'tandem/torch'. */
export {
  ELU,
  GELU,
  Hardsigmoid,
  Hardswish,
  Hardtanh,
  Identity,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  Mish,
  PReLU,
  ReLU,
  ReLU6,
  SELU,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Softsign,
  Tanh,
} from './activations'
export { Flatten, ModuleDict, ModuleList, ParameterList, Sequential, Unflatten } from './containers'
export { Conv1d, Conv2d } from './convolutions'
export { Dropout } from './dropout'
export { Embedding } from './embedding'
export * as functional from './functional/index'
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
export { AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d } from './pooling'
export { GRU, LSTM, RNN } from './recurrent'
export { GRUCell, LSTMCell, RNNCell } from './recurrentCells'
export * as utils from './utils'
export { Buffer, Parameter } from '../parameter'
