/** The weights of a model as a safetensors file: PyTorch's names and layouts, or Keras'. */
import { withSummedBiases } from '../nn/recurrentLayouts'
import type { ModelWeights } from '../nn/weights'
import { writeSafetensors } from './safetensors'

/** Files use the frameworks' own spelling: `1.running_mean`, `1.weight_ih_l0`, `batch_normalization/moving_mean`. */
export function nameInFile(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The file of a model in its own layout, for Keras with one bias where its layers have one. */
export function writeWeights(model: ModelWeights): Uint8Array {
  const { layout, weights } = model.layout === 'keras' ? withSummedBiases(model) : model
  const tensors = weights.map(({ name, shape, values }) => ({ name: nameInFile(name), shape, values }))
  return writeSafetensors(tensors, { format: layout === 'torch' ? 'pt' : 'keras' })
}
