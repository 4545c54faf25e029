/** Shape inference over a spec's layers, channels last and without the batch axis. */
import { layerFacts, type LayerSpec } from '../catalogue/layers'
import type { LayerResult } from '../catalogue/layers/record'
import type { Shape } from '../util/shapes'
import { inputShapeOf, tokensOf } from './datasets'
import type { Spec } from './schema'

/** What one layer reads and gives for one example, and how many weights it trains in Keras' style. */
export interface LayerShape extends LayerResult {
  readonly input: Shape
}

/**
 * Shapes of one layer; throws `SpecError` under `path` where the input does not fit. `tokens` is as `tokensOf` gives it
 * for the first layer of a model, and null for any other.
 */
export function layerShape(layer: LayerSpec, input: Shape, path: string, tokens: number | null): LayerShape {
  return { input, ...layerFacts(layer).shape(layer, { type: layer.type, input, path, tokens }) }
}

/** Input, output and parameter count of every layer; throws `SpecError` at the first that does not fit. */
export function layerShapes(spec: Pick<Spec, 'data' | 'model'>): readonly LayerShape[] {
  let input: Shape = inputShapeOf(spec.data)
  return spec.model.layers.map((layer, index) => {
    const tokens = index === 0 ? tokensOf(spec.data) : null
    const shape = layerShape(layer, input, `model.layers[${index}]`, tokens)
    input = shape.output
    return shape
  })
}
