/** The classes that programs find in both styles: a record that names another does not compile. Types alone, so nothing is loaded. */
import type * as keras from '../keras/index'
import type * as torch from '../torch/index'

/** In `keras.layers`. */
export type KerasLayerName = keyof typeof keras.layers

/** In `torch.nn`. */
export type TorchModuleName = keyof typeof torch.nn

/** In `keras.losses`. */
export type KerasLossName = keyof typeof keras.losses

/** In `keras.optimizers` and `torch.optim`, where they are the same words. */
export type OptimizerName = keyof typeof keras.optimizers & keyof typeof torch.optim
