/** What the two frameworks do differently by default: why native lanes of different styles part. */
import { activationRecords } from '../catalogue/activations'
import { layerRecords } from '../catalogue/layers'
import { optimizerFacts } from '../catalogue/optimizers'
import type { Spec } from '../spec/schema'

const initialWeights = 'initial weights: Glorot uniform with zero biases in Keras, Kaiming uniform in PyTorch'

/** One sentence for each difference that concerns this spec. */
export function frameworkDifferences({
  model,
  optimizer,
}: Pick<Spec, 'model' | 'optimizer'>): readonly string[] {
  const activations = model.layers.flatMap((layer) => ('activation' in layer ? [layer.activation] : []))
  return [
    initialWeights,
    ...optimizerFacts(optimizer).differences(optimizer),
    ...new Set([
      ...activations.flatMap((name) => activationRecords[name].differences),
      ...model.layers.flatMap(({ type }) => layerRecords[type].differences),
    ]),
  ]
}
