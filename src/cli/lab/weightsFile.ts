/** Reads the weights of a model from a safetensors file: PyTorch's names and layouts, or Keras'. */
import { cutText } from '../../lib/core/util/cutText'
import { escapeHidden } from '../../lib/core/util/hiddenCharacters'
import { float32Values, readSafetensors, type FileTensor } from '../../lib/core/export/safetensors'
import { nameInFile } from '../../lib/core/export/weightsFile'
import { matchWeights } from '../../lib/core/nn/weightLayouts'
import type { ModelWeights, Weight } from '../../lib/core/nn/weights'
import { FormatError } from '../../lib/core/util/errors'
import { isSameShape, printShape } from '../../lib/core/util/shapes'

/** One model before its first batch, written in both styles: the weights correspond by position. */
export interface BothLayouts {
  readonly keras: ModelWeights
  readonly torch: ModelWeights
}

/** A file that was given as an argument. */
export interface WeightsFile {
  /** The argument, which begins the messages. */
  readonly where: string
  readonly bytes: Uint8Array
}

/** Keras' own paths name the cell in a recurrent layer too: `lstm/lstm_cell/kernel`. */
function withoutCell(tensor: FileTensor): FileTensor {
  return { ...tensor, name: tensor.name.replace(/\/[a-z_]+_cell\//, '/') }
}

/** What PyTorch's batch normalisation counts; nothing here depends on it. */
const ignored = /(^|\.)num_batches_tracked$/

/**
 * The weights in a file, in the order and with all that `model` tells of them; the names say which layout they have.
 * Throws FormatError naming the first tensor that is missing, has no place or has another shape.
 */
export function readWeights({ where, bytes }: WeightsFile, model: BothLayouts): ModelWeights {
  const tensors = readSafetensors(bytes)
    .filter(({ name }) => !ignored.test(name))
    .map(withoutCell)
  const { layout, weights } = layoutOf(tensors, model)
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const known = new Set(weights.map((weight) => nameInFile(weight.name)))
  const extra = tensors.find(({ name }) => !known.has(name))
  if (extra) throw unexpected(where, extra, weights)
  // With recurrent layers PyTorch has more biases; no image is flattened in front of those.
  const isParallel = weights.length === model.keras.weights.length
  const read = weights.map((weight, index): Weight => {
    const name = nameInFile(weight.name)
    const tensor = given.get(name)
    if (!tensor) throw missing(where, name, { weight, tensors })
    if (!isSameShape(tensor.shape, weight.shape)) throw misshapen(where, tensor, weight)
    const { isEmbedding, recurrent } = weight
    return {
      name: weight.name,
      shape: weight.shape,
      values: float32Values(tensor),
      flattenedFrom:
        weight.flattenedFrom ?? (isParallel ? model.keras.weights[index]?.flattenedFrom : undefined),
      isEmbedding,
      recurrent,
    }
  })
  return { layout, weights: read }
}

/** The file's weights as a model of that style has them: its names, order and layout. Throws as `readWeights`. */
export function readWeightsAs(
  layout: ModelWeights['layout'],
  file: WeightsFile,
  model: BothLayouts,
): ModelWeights {
  return matchWeights(file.where, readWeights(file, model), layout, model[layout].weights)
}

/** Keras joins the parts of a name with a slash, PyTorch with a point. */
function layoutOf(tensors: readonly FileTensor[], { keras, torch }: BothLayouts): ModelWeights {
  return tensors.some(({ name }) => name.includes('/')) ? keras : torch
}

function unexpected(where: string, { name }: FileTensor, weights: readonly Weight[]): FormatError {
  const names = weights.map((weight) => nameInFile(weight.name)).join(', ')
  return new FormatError(
    `${where}: tensor '${escapeHidden(cutText(name, 80))}': expected one of ${names}, got another. Use weights of a model with the same layers.`,
  )
}

function missing(
  where: string,
  name: string,
  { weight, tensors }: { readonly weight: Weight; readonly tensors: readonly FileTensor[] },
): FormatError {
  const found = escapeHidden(cutText(tensors.map((tensor) => tensor.name).join(', '), 400))
  return new FormatError(
    `${where}: tensor '${name}': expected ${printShape(weight.shape)}, got none among ${found || 'no tensors'}. ` +
      'Use weights of a model with the same layers.',
  )
}

function misshapen(where: string, { name, shape }: FileTensor, weight: Weight): FormatError {
  return new FormatError(
    `${where}: tensor '${name}': expected ${printShape(weight.shape)}, got ${printShape(shape)}. ` +
      'Use weights of a model with the same layers.',
  )
}
