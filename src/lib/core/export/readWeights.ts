/** Reads the weights of a model from a safetensors file: PyTorch's names and layouts, or Keras'. */
import { cutText } from '../util/cutText'
import { escapeHidden } from '../util/hiddenCharacters'
import { float32Values, readSafetensors, type FileTensor } from './safetensors'
import { nameInFile } from './weightsFile'
import { matchWeights } from '../nn/weightLayouts'
import type { ModelWeights, Weight } from '../nn/weights'
import { FormatError } from '../util/errors'
import { isSameShape, printShape } from '../util/shapes'

/** A model in the layout of each style that it is known in; where there are both, the weights correspond by position. */
export type KnownLayouts = Partial<Readonly<Record<ModelWeights['layout'], ModelWeights>>>

/** One model before its first batch, written in both styles. */
export type BothLayouts = Required<KnownLayouts>

/** A file with what its messages begin with: an argument, or its name. */
export interface WeightsFile {
  readonly where: string
  readonly bytes: Uint8Array
}

/** The weights in a file. */
export interface FileWeights extends ModelWeights {
  /** What stood before all names in the file, such as `module.`, and was left out; empty where nothing did. */
  readonly prefix: string
}

/** Keras' own paths name the cell in a recurrent layer too: `lstm/lstm_cell/kernel`. */
function withoutCell(tensor: FileTensor): FileTensor {
  return { ...tensor, name: tensor.name.replace(/\/[a-z_]+_cell\//, '/') }
}

/** What PyTorch's batch normalisation counts; nothing here depends on it. */
const ignored = /(^|\.)num_batches_tracked$/

/**
 * The weights in a file, in the order and with all that the model tells of them; the names say which layout they have. What
 * wrappers put before all names is left out. Throws FormatError naming the first tensor that is missing, has no place or
 * has another shape.
 */
export function readWeights({ where, bytes }: WeightsFile, model: KnownLayouts): FileWeights {
  const inFile = readSafetensors(bytes)
    .filter(({ name }) => !ignored.test(name))
    .map(withoutCell)
  const { layout, weights } = layoutOf(where, inFile, model)
  const known = new Set(weights.map((weight) => nameInFile(weight.name)))
  const prefix = prefixOf(inFile, known)
  const tensors = inFile.map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }))
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const extra = tensors.find(({ name }) => !known.has(name))
  if (extra) throw unexpected(where, extra, weights)
  const read = weights.map((weight, index): Weight => {
    const name = nameInFile(weight.name)
    const tensor = given.get(name)
    if (!tensor) throw missing(where, name, { weight, tensors })
    if (!isSameShape(tensor.shape, weight.shape)) throw misshapen(where, tensor, weight)
    const flattenedFrom = weight.flattenedFrom ?? flattenedInKeras(model, index)
    return { ...weight, values: float32Values(tensor), flattenedFrom }
  })
  return { layout, weights: read, prefix }
}

/** With recurrent layers PyTorch has more biases; no image is flattened in front of those. */
function flattenedInKeras({ keras, torch }: KnownLayouts, index: number): Weight['flattenedFrom'] {
  return keras?.weights.length === torch?.weights.length ? keras?.weights[index]?.flattenedFrom : undefined
}

/** More wrappers than anybody puts around a model. */
const mostWrappers = 8

/** The parts of a name that all names begin with, where what follows is known: `_orig_mod.module.`, `sequential/`. */
function prefixOf(tensors: readonly FileTensor[], known: ReadonlySet<string>): string {
  const first = tensors[0]?.name ?? ''
  let end = 0
  for (let wrappers = 0; wrappers <= mostWrappers; wrappers++) {
    const prefix = first.slice(0, end)
    if (!tensors.every(({ name }) => name.startsWith(prefix))) return ''
    if (tensors.every(({ name }) => known.has(name.slice(end)))) return prefix
    const next = first.slice(end).search(/[./]/)
    if (next < 0) return ''
    end += next + 1
  }
  return ''
}

/** Says what was left out of the names in a file; null for nothing. */
export function prefixNote({ prefix }: FileWeights): string | null {
  return prefix === '' ? null : `'${shownIn(prefix)}' before the names in the file was left out.`
}

/** The file's weights as a model of that style has them: its names, order and layout. Throws as `readWeights`. */
export function readWeightsAs(
  layout: ModelWeights['layout'],
  file: WeightsFile,
  model: BothLayouts,
): ModelWeights {
  return matchWeights(file.where, readWeights(file, model), layout, model[layout].weights)
}

/** Keras joins the parts of a name with a slash, PyTorch with a point. Throws FormatError where the model has no such names. */
function layoutOf(where: string, tensors: readonly FileTensor[], model: KnownLayouts): ModelWeights {
  const layout = tensors.some(({ name }) => name.includes('/')) ? 'keras' : 'torch'
  const known = model[layout]
  if (known !== undefined) return known
  const own = layout === 'keras' ? model.torch : model.keras
  const [expected, got] = layout === 'keras' ? ['PyTorch', 'Keras'] : ['Keras', 'PyTorch']
  throw new FormatError(
    `${where}: expected ${expected} names such as '${nameInFile(own?.weights[0]?.name ?? '')}', got ${got} names such as ` +
      `'${shownIn(tensors[0]?.name ?? '')}'. Load the file into a lane of that style.`,
  )
}

/** A name from a file, which may be as long as it likes, as a message shows it. */
function shownIn(name: string): string {
  return escapeHidden(cutText(name, 80))
}

function unexpected(where: string, { name }: FileTensor, weights: readonly Weight[]): FormatError {
  const names = weights.map((weight) => nameInFile(weight.name)).join(', ')
  return new FormatError(
    `${where}: tensor '${shownIn(name)}': expected one of ${cutText(names, 400)}, got another. Use weights of a model with the same layers.`,
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
    `${where}: tensor '${shownIn(name)}': expected ${printShape(weight.shape)}, got ${printShape(shape)}. ` +
      'Use weights of a model with the same layers.',
  )
}
