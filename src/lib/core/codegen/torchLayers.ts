/** The modules of a PyTorch `Sequential`: sizes written out, activations as modules of their own. */
import type { ClassCall } from '../catalogue/calls'
import type { Dialect } from '../catalogue/dialect'
import { layerFacts, type LayerSpec } from '../catalogue/layers'
import { layerShapes } from '../spec/layerShapes'
import type { Spec } from '../spec/schema'
import { isCrossentropy } from '../spec/targets'
import { printCall } from './printCall'

/** A module and the layer of the spec that it stands for; null for an activation behind the layer's own module. */
export interface TorchModule extends ClassCall {
  readonly layer: LayerSpec | null
}

/** One line of program text per module. */
export function torchLayers(spec: Spec, dialect: Dialect): readonly string[] {
  return torchModules(spec, dialect).map(({ name, positional, options }) =>
    printCall({ callee: `new nn.${name}`, positional, options, end: ',', indent: '  ' }),
  )
}

/** The modules as calls; without the last sigmoid or softmax where the loss reads logits. */
export function torchModules(spec: Spec, dialect: Dialect): readonly TorchModule[] {
  const shapes = layerShapes(spec)
  const last = spec.model.layers.length - 1
  return spec.model.layers.flatMap((given, index) => {
    const layer = index === last && isCrossentropy(spec.loss) ? withoutActivation(given) : given
    const input = shapes[index]?.input ?? []
    return layerFacts(layer)
      .torch(layer, input, dialect)
      .map((module, place) => ({ ...module, layer: place === 0 ? layer : null }))
  })
}

function withoutActivation(layer: LayerSpec): LayerSpec {
  return 'activation' in layer ? { ...layer, activation: 'linear' } : layer
}
