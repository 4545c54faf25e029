/** `optim` of the module 'tandem/torch'. */
export * as lrScheduler from './lrScheduler'
export { Optimizer } from './optimizer'
export { Adagrad, Adam, AdamW, RMSprop, SGD } from './optimizers'
