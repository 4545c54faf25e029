/** What turns a generated program's model output into a prediction. */
import { lossRecords } from '../catalogue/losses'
import type { Spec, Style } from '../spec/schema'
import { hasLogitOutputs } from '../spec/targets'

/**
 * Activation to apply to the model's outputs for probabilities; `linear` where the outputs are
 * probabilities, or values of a regression, already.
 */
export function outputActivation(spec: Spec, style: Style): 'linear' | 'sigmoid' | 'softmax' {
  if (style === 'keras' && !hasLogitOutputs(spec)) return 'linear'
  return lossRecords[spec.loss].probabilities ?? 'linear'
}
