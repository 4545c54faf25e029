/** Changes of dataset or loss that keep the rest of the experiment and make the output layer fit. */
import { isSequences } from '../catalogue/data'
import { SpecError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { classCount, inputShapeOf, labelOf, tokensOf, type DataKind } from './datasets'
import { layerShape } from './layerShapes'
import { parseData, parseSpec } from './parse'
import type { Activation, DataSpec, LayerSpec, LossName, Spec } from './schema'
import { lastActivation, lastActivations, lossesFor, outputCount } from './targets'

/** `spec` on another dataset with that dataset's defaults, a loss and an output layer to match; throws `SpecError` for one without. */
export function adaptToData(spec: Spec, kind: DataKind): Spec {
  return withData(spec, parseData({ kind }))
}

/** `spec` on `data`, with loss and output layer to match; named after data of another kind, as the name was for the earlier ones. */
export function withData(spec: Spec, data: DataSpec): Spec {
  const name = data.kind === spec.data.kind ? spec.name : labelOf(data)
  return adaptToOutput({ ...spec, name, data })
}

/** `spec` with loss and output layer made to fit its data, e.g. after the number of classes changed. */
export function adaptToOutput(spec: Spec): Spec {
  const fitting = lossesFor(spec.data)
  return adaptToLoss(spec, fitting.includes(spec.loss) ? spec.loss : (fitting[0] ?? spec.loss))
}

/** `spec` under another loss; the model stays as it is where the loss can read its outputs. */
export function adaptToLoss(spec: Spec, loss: LossName): Spec {
  try {
    const kept = parseSpec({ ...spec, loss })
    if (!isBoundedRegression(kept)) return kept
  } catch (error) {
    if (!(error instanceof SpecError)) throw error
  }
  const output: LayerSpec = {
    type: 'dense',
    units: outputCount(spec.data, loss),
    activation: outputActivationFor(spec.data, loss),
    useBias: true,
  }
  const hidden = fittingLayers(hiddenLayers(spec), spec.data)
  return parseSpec({ ...spec, loss, model: { layers: [...hidden, output] } })
}

/** A last sigmoid or softmax, left over from classification, cannot reach a regression's targets. */
function isBoundedRegression({ data, model }: Spec): boolean {
  const last = lastActivation(model)
  return classCount(data) === 0 && (last === 'sigmoid' || last === 'softmax')
}

function outputActivationFor(data: DataSpec, loss: LossName): Activation {
  const usual = lastActivations(loss)?.[0]
  if (usual !== undefined) return usual
  if (classCount(data) === 0) return 'linear'
  return outputCount(data, loss) === 1 ? 'sigmoid' : 'softmax'
}

/** All layers before the output layer; a separate activation behind that one is left out too. */
function hiddenLayers(spec: Spec): readonly LayerSpec[] {
  const lastDense = spec.model.layers.findLastIndex((layer) => layer.type === 'dense')
  return lastDense < 0 ? spec.model.layers : spec.model.layers.slice(0, lastDense)
}

/** The layers as far as they can read the data; usual ones where a model of sequences meets other data, or the other way round. */
function fittingLayers(layers: readonly LayerSpec[], data: DataSpec): readonly LayerSpec[] {
  const looksUp = layers[0]?.type === 'embedding'
  if (isSequences(data))
    return looksUp ? fitHiddenLayers(withTokens(layers, data), data) : sequenceReader(data)
  return fitHiddenLayers(looksUp && tokensOf(data) === null ? usualHidden : layers, data)
}

const usualHidden: readonly LayerSpec[] = [
  { type: 'dense', units: 8, activation: 'tanh', useBias: true },
  { type: 'dense', units: 8, activation: 'tanh', useBias: true },
]

function sequenceReader(data: DataSpec): readonly LayerSpec[] {
  return [
    { type: 'embedding', inputDim: tokensOf(data) ?? 1, outputDim: 8 },
    { type: 'gru', units: 16, returnSequences: false },
  ]
}

/** The embedding has a row for each token of the data. */
function withTokens(layers: readonly LayerSpec[], data: DataSpec): readonly LayerSpec[] {
  const inputDim = tokensOf(data) ?? 1
  return layers.map((layer, index) =>
    index === 0 && layer.type === 'embedding' ? { ...layer, inputDim } : layer,
  )
}

/** Leaves out layers that cannot read their input; flattens an image before the first dense layer, and what is left at the end. */
function fitHiddenLayers(layers: readonly LayerSpec[], data: DataSpec): readonly LayerSpec[] {
  const fitted: LayerSpec[] = []
  let shape: Shape = inputShapeOf(data)
  const add = (layer: LayerSpec) => {
    const tokens = fitted.length === 0 ? tokensOf(data) : null
    shape = layerShape(layer, shape, 'model.layers', tokens).output
    fitted.push(layer)
  }
  for (const layer of layers) {
    if (layer.type === 'flatten' && shape.length === 1) continue
    if (layer.type === 'dense' && shape.length > 2) add({ type: 'flatten' })
    try {
      add(layer)
    } catch (error) {
      if (!(error instanceof SpecError)) throw error
    }
  }
  if (shape.length > 1) add({ type: 'flatten' })
  return fitted
}
