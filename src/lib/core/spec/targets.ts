/** What the loss asks of labels and outputs: encoding, number of outputs, last activation. */
import { classCount } from './datasets'
import type { Activation, DataSpec, LossName, Spec } from './schema'

/** Layout of class labels; structurally the `LabelEncoding` of core/data. */
export type Labels = 'binary' | 'index' | 'oneHot'

/** Activations that may end a model under a loss; null allows every one. The first is the usual one. */
export const lastActivations: { readonly [L in LossName]: readonly Activation[] | null } = {
  meanSquaredError: null,
  meanAbsoluteError: null,
  huber: null,
  binaryCrossentropy: ['sigmoid', 'linear'],
  categoricalCrossentropy: ['softmax', 'linear'],
  sparseCategoricalCrossentropy: ['softmax', 'linear'],
}

/** Whether the loss compares probabilities; otherwise it takes the difference of output and label. */
export function isCrossentropy(loss: LossName): boolean {
  return lastActivations[loss] !== null
}

/** Activation of the model's last layer; null when that layer cannot end a model. */
export function lastActivation(model: Spec['model']): Activation | null {
  const last = model.layers.at(-1)
  return last?.type === 'dense' || last?.type === 'activation' ? last.activation : null
}

/** Whether the model's outputs are logits that the loss normalises itself. */
export function hasLogitOutputs(spec: Pick<Spec, 'model' | 'loss'>): boolean {
  return isCrossentropy(spec.loss) && lastActivation(spec.model) === 'linear'
}

/** How many different integers the model looks up; undefined for one that reads numbers as they are. */
export function lookedUpTokens({ layers: [first] }: Spec['model']): number | undefined {
  return first?.type === 'embedding' ? first.inputDim : undefined
}

/** Losses that fit the task of a dataset, the usual one first. */
export function lossesFor(data: DataSpec): readonly LossName[] {
  const classes = classCount(data)
  if (classes === 0) return ['meanSquaredError', 'meanAbsoluteError', 'huber']
  const multiclass: readonly LossName[] = ['sparseCategoricalCrossentropy', 'categoricalCrossentropy']
  return classes === 2
    ? ['binaryCrossentropy', ...multiclass, 'meanSquaredError']
    : [...multiclass, 'meanSquaredError']
}

/** Number of outputs the model needs under this loss; two classes need one with a binary encoding. */
export function outputCount(data: DataSpec, loss: LossName): number {
  const classes = classCount(data)
  if (classes === 0) return 1
  return classes === 2 && (loss === 'binaryCrossentropy' || !isCrossentropy(loss)) ? 1 : classes
}

/** How labels are laid out for the loss; null for regression. */
export function labelEncoding(spec: Pick<Spec, 'data' | 'loss'>): Labels | null {
  if (classCount(spec.data) === 0) return null
  if (spec.loss === 'sparseCategoricalCrossentropy') return 'index'
  return outputCount(spec.data, spec.loss) === 1 ? 'binary' : 'oneHot'
}
