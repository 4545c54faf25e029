/** `nn` of the module 'tandem/torch'. */
export { GELU, Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh } from './activations'
export { Flatten, Sequential } from './containers'
export { Dropout } from './dropout'
export { Conv2d, MaxPool2d } from './images'
export { Linear } from './linear'
export { BCEWithLogitsLoss, CrossEntropyLoss, MSELoss } from './losses'
export { Module } from './module'
export { Parameter } from '../parameter'
