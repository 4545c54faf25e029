/** Edits of a spec's layer list. Validity is the spec's own concern. */
import { layerRecords, layerTypes } from '$lib/core/catalogue/layers'
import { inputShapeOf, tokensOf } from '$lib/core/spec/datasets'
import { parseSpec } from '$lib/core/spec/parse'
import type { LayerSpec, LayerType, Spec } from '$lib/core/spec/schema'
import { SpecError } from '$lib/core/util/errors'

/** The types that a model on such data may have: only those that read sequences need a dataset of them. */
export function layerTypesFor(data: Spec['data']): readonly LayerType[] {
  const hasSequences = tokensOf(data) !== null || inputShapeOf(data).length === 2
  return hasSequences ? layerTypes : layerTypes.filter((type) => !layerRecords[type].needsSequences)
}

/** A spec with other layers. */
export function withLayers(spec: Spec, layers: readonly LayerSpec[]): Spec {
  return { ...spec, model: { ...spec.model, layers } }
}

/** `spec` with another layer at `index`. */
export function replaceLayer(spec: Spec, index: number, layer: LayerSpec): Spec {
  return withLayers(spec, spec.model.layers.with(index, layer))
}

/** `spec` without the layer at `index`. */
export function removeLayer(spec: Spec, index: number): Spec {
  return withLayers(spec, spec.model.layers.toSpliced(index, 1))
}

/** `spec` with the layer at `from` moved to `to`. */
export function moveLayer(spec: Spec, from: number, to: number): Spec {
  const layer = spec.model.layers[from]
  if (layer === undefined) return spec
  return withLayers(spec, spec.model.layers.toSpliced(from, 1).toSpliced(to, 0, layer))
}

/** Where a new layer of `type` fits, closest behind `selected` first; null where it fits nowhere. */
export function positionFor(spec: Spec, type: LayerType, selected: number): number | null {
  const count = spec.model.layers.length
  const wanted = Math.min(selected + 1, count - 1)
  const positions = Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || b - a,
  )
  for (const layers of newLayers(spec, type)) {
    const position = positions.find((each) => isValid(withNew(spec, layers, each)))
    if (position !== undefined) return position
  }
  return null
}

/** `spec` with a new layer of `type`, and what it cannot do without, in front of the layer at `position`. */
export function insertLayer(spec: Spec, type: LayerType, position: number): Spec {
  const inserted = newLayers(spec, type).map((layers) => withNew(spec, layers, position))
  return inserted.find(isValid) ?? inserted[0] ?? spec
}

function withNew(spec: Spec, layers: readonly LayerSpec[], position: number): Spec {
  return withLayers(spec, spec.model.layers.toSpliced(position, 0, ...layers))
}

/** The ways to add a layer, the plainest first: sequences begin with an embedding and end in a row. */
function newLayers(spec: Spec, type: LayerType): readonly (readonly LayerSpec[])[] {
  const fresh = freshLayer(spec, type)
  const embedding = freshLayer(spec, 'embedding')
  if (fresh.type === 'embedding') return [[fresh], [fresh, layerRecords.flatten.fresh]]
  if (!('returnSequences' in fresh)) return [[fresh]]
  return [[fresh], [{ ...fresh, returnSequences: true }], [embedding, fresh]]
}

/** An embedding has a row for every integer of the dataset. */
function freshLayer({ data }: Spec, type: LayerType): LayerSpec {
  const { fresh } = layerRecords[type]
  const tokens = tokensOf(data) ?? Infinity
  return fresh.type === 'embedding' && Number.isFinite(tokens) ? { ...fresh, inputDim: tokens } : fresh
}

function isValid(spec: Spec): boolean {
  try {
    parseSpec(spec)
    return true
  } catch (error) {
    if (error instanceof SpecError) return false
    throw error
  }
}
