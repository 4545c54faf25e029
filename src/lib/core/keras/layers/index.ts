/** The layers of `tandem/keras`, as programs reach them: `layers.Dense`. */
export { Activation, LeakyReLU } from './activation'
export { Conv2D } from './conv2d'
export { Dense } from './dense'
export { Dropout } from './dropout'
export { Flatten } from './flatten'
export { Layer } from './layer'
export { MaxPooling2D } from './maxPooling2d'
