/** What the loss asks of labels and outputs: encoding, number of outputs, last activation. */
import { layerFacts } from '../catalogue/layers'
import { lossNames, lossRecords, type Labels } from '../catalogue/losses'
import { classCount } from './datasets'
import type { Activation, DataSpec, LossName, Spec } from './schema'

/** Activations that may end a model under a loss; null allows every one. The first is the usual one. */
export function lastActivations(loss: LossName): readonly Activation[] | null {
  const { probabilities } = lossRecords[loss]
  return probabilities && [probabilities, 'linear']
}

/** Whether the loss compares probabilities; otherwise it takes the difference of output and label. */
export function isCrossentropy(loss: LossName): boolean {
  return lossRecords[loss].probabilities !== null
}

/** Activation of the model's last layer; null when that layer cannot end a model. */
export function lastActivation(model: Spec['model']): Activation | null {
  const last = model.layers.at(-1)
  return last && 'activation' in last && layerFacts(last).canEnd ? last.activation : null
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
  return lossNames.filter((loss) => lossRecords[loss].labels(classCount(data)) !== null)
}

/** Number of outputs the model needs under this loss; two classes need one with a binary encoding. */
export function outputCount(data: DataSpec, loss: LossName): number {
  const labels = labelEncoding({ data, loss })
  return labels === null || labels === 'binary' ? 1 : classCount(data)
}

/** How labels are laid out for the loss; null for regression. */
export function labelEncoding({ data, loss }: Pick<Spec, 'data' | 'loss'>): Labels | null {
  const labels = lossRecords[loss].labels(classCount(data))
  return labels === 'numbers' ? null : labels
}
