/** The layers of `tandem/keras`, as programs reach them: `layers.Dense`. */
import type { Layer as AnyLayer } from './layer'
import { OwnLayer } from './ownLayer'

/** Any layer. What programs extend is the class of the same name. */
export type Layer = AnyLayer
export const Layer = OwnLayer
export { Activation, LeakyReLU, ReLU, Softmax } from './activation'
export { Conv1D, Conv2D } from './convolutions'
export { Dense } from './dense'
export { Dropout } from './dropout'
export { Embedding } from './embedding'
export { Flatten } from './flatten'
export { Input } from '../input'
export { Add, addOf as add, Concatenate, concatenateOf as concatenate } from './merge'
export { BatchNormalization, LayerNormalization } from './normalization'
export {
  AveragePooling2D,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling2D,
  MaxPooling2D,
} from './pooling'
export { GRU, LSTM, SimpleRNN } from './recurrent'
export { Rescaling } from './rescaling'
export { Reshape } from './reshape'
