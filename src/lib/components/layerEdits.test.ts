import { adaptToData } from '$lib/core/spec/adaptToData'
import { defaultSpec } from '$lib/core/spec/defaults'
import type { LayerSpec, Spec } from '$lib/core/spec/schema'
import { describe, expect, it } from 'vitest'
import {
  insertLayer,
  layerDetail,
  moveLayer,
  positionFor,
  removeLayer,
  replaceLayer,
  withLayers,
} from './layerEdits'

const types = (spec: Spec): readonly string[] => spec.model.layers.map((layer) => layer.type)

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

  it('describes each type of layer in a few words', () => {
    expect(digits.model.layers.map(layerDetail)).toEqual(['8 · 3×3 · relu', '', '10 · softmax'])
    expect(layerDetail({ type: 'dropout', rate: 0.5 })).toBe('rate 0.5')
    expect(layerDetail({ type: 'maxPooling2d', poolSize: 2 })).toBe('2×2')
    expect(layerDetail({ type: 'averagePooling2d', poolSize: 3 })).toBe('3×3')
    expect(layerDetail({ type: 'batchNormalization' })).toBe('')
    expect(layerDetail({ type: 'activation', activation: 'gelu' })).toBe('gelu')
  })
})
