import { layerFacts } from '$lib/core/catalogue/layers'
import { adaptToData } from '$lib/core/spec/adaptToData'
import { defaultSpec } from '$lib/core/spec/defaults'
import { layerShapes } from '$lib/core/spec/layerShapes'
import { parseSpec } from '$lib/core/spec/parse'
import type { LayerSpec, Spec } from '$lib/core/spec/schema'
import { describe, expect, it } from 'vitest'
import {
  insertLayer,
  layerTypesFor,
  moveLayer,
  positionFor,
  removeLayer,
  replaceLayer,
  withLayers,
} from './layerEdits'

const types = (spec: Spec): readonly string[] => spec.model.layers.map((layer) => layer.type)

const layerDetail = (layer: LayerSpec) => layerFacts(layer).detail(layer)

const circle = defaultSpec()
const digits = withLayers(adaptToData(circle, 'digits'), [
  { type: 'conv2d', filters: 8, kernelSize: 3, strides: 1, padding: 'valid', activation: 'relu' },
  { type: 'flatten' },
  { type: 'dense', units: 10, activation: 'softmax', useBias: true },
])

describe('layer edits', () => {
  it('replaces, removes and moves one layer and leaves the others', () => {
    const dropout: LayerSpec = { type: 'dropout', rate: 0.5 }
    expect(types(replaceLayer(circle, 1, dropout))).toEqual(['dense', 'dropout', 'dense'])
    expect(types(removeLayer(digits, 0))).toEqual(['flatten', 'dense'])
    expect(types(moveLayer(digits, 0, 1))).toEqual(['flatten', 'conv2d', 'dense'])
    expect(types(circle)).toEqual(['dense', 'dense', 'dense'])
  })

  it('puts a new layer behind the selected one, never behind the output layer', () => {
    expect(positionFor(circle, 'dropout', 0)).toBe(1)
    expect(positionFor(circle, 'dropout', 2)).toBe(2)
  })

  it('finds the closest place where the shapes fit', () => {
    expect(positionFor(digits, 'maxPooling2d', 2)).toBe(1)
    expect(types(insertLayer(digits, 'maxPooling2d', 1))).toEqual([
      'conv2d',
      'maxPooling2d',
      'flatten',
      'dense',
    ])
  })

  it('says that an image layer fits nowhere in a flat model', () => {
    expect(positionFor(circle, 'conv2d', 0)).toBeNull()
  })

  it('offers layers of sequences only where the data have integers', () => {
    expect(layerTypesFor(circle.data)).not.toContain('lstm')
    expect(layerTypesFor(digits.data)).not.toContain('embedding')
    const csv = parseSpec({
      ...circle,
      data: { kind: 'csv', features: ['a', 'b'], label: 'y', task: 'classification' },
    })
    expect(layerTypesFor(csv.data)).toEqual(expect.arrayContaining(['embedding', 'simpleRnn', 'lstm', 'gru']))
  })

  it('adds to a layer of sequences what it cannot do without', () => {
    const data = { kind: 'csv', features: ['a', 'b'], label: 'y', task: 'classification' } as const
    const rows = parseSpec({ ...circle, data })
    const add = (spec: Spec, type: LayerSpec['type']) =>
      insertLayer(spec, type, positionFor(spec, type, 0) ?? NaN)
    expect(types(add(rows, 'embedding'))).toEqual(['embedding', 'flatten', 'dense', 'dense', 'dense'])
    const withLstm = add(rows, 'lstm')
    expect(types(withLstm)).toEqual(['embedding', 'lstm', 'dense', 'dense', 'dense'])
    const withGru = add(withLstm, 'gru')
    expect(types(withGru)).toEqual(['embedding', 'gru', 'lstm', 'dense', 'dense', 'dense'])
    expect(withGru.model.layers[1]).toMatchObject({ returnSequences: true })
    expect(layerShapes(withGru)[2]?.input).toEqual([2, 8])
    expect(types(add(add(rows, 'embedding'), 'simpleRnn')).slice(0, 3)).toEqual([
      'embedding',
      'simpleRnn',
      'flatten',
    ])
    expect(positionFor(withLstm, 'embedding', 0)).toBeNull()
  })

  it('describes each type of layer in a few words', () => {
    expect(digits.model.layers.map(layerDetail)).toEqual(['8 · 3×3 · relu', '', '10 · softmax'])
    expect(layerDetail({ type: 'dropout', rate: 0.5 })).toBe('rate 0.5')
    expect(layerDetail({ type: 'maxPooling2d', poolSize: 2 })).toBe('2×2')
    expect(layerDetail({ type: 'averagePooling2d', poolSize: 3 })).toBe('3×3')
    expect(layerDetail({ type: 'embedding', inputDim: 9, outputDim: 4 })).toBe('9 → 4')
    expect(layerDetail({ type: 'gru', units: 3, returnSequences: false })).toBe('3')
    expect(layerDetail({ type: 'lstm', units: 3, returnSequences: true })).toBe('3 · sequences')
    expect(layerDetail({ type: 'batchNormalization' })).toBe('')
    expect(layerDetail({ type: 'activation', activation: 'gelu' })).toBe('gelu')
  })
})
