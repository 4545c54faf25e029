/** The names of a model's layers: the program's own, and Keras' automatic ones for the rest. */
import { ArgumentError } from '../util/errors'
import type { Layer } from './layers/layer'

/**
 * Names a layer that joins a model of `others`: `dense`, `dense_1`, the first that is free in the model, so that names
 * do not depend on earlier runs. A layer that is named already keeps its name; throws ArgumentError if it is taken.
 */
export function nameLayer(where: string, layer: Layer, others: readonly Layer[]): void {
  const taken = new Set(others.map(({ name }) => name))
  if (layer.name === '') {
    const base = snakeCase(layer.className)
    let name = base
    for (let count = 1; taken.has(name); count++) name = `${base}_${count}`
    layer.name = name
  } else if (taken.has(layer.name)) {
    throw new ArgumentError(
      `${where}: expected layers of different names, got two named '${layer.name}'. Give one of them another name.`,
    )
  }
}

/** `MaxPooling2D` -> `max_pooling2d`, as Keras names its layers. */
function snakeCase(className: string): string {
  return className
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

/** The layer of that name or, if there is an index, at that place. Throws ArgumentError where there is none. */
export function findLayer(
  layers: readonly Layer[],
  { name, index }: { readonly name: string | number | null; readonly index: number | null },
): Layer {
  const at = index ?? (typeof name === 'number' ? name : layers.findIndex((each) => each.name === name))
  const layer = layers[at]
  if (layer) return layer
  throw new ArgumentError(
    `getLayer: expected one of ${layers.map((each) => each.name).join(', ')}, got ${index ?? name}. Use a name of model.summary().`,
  )
}
