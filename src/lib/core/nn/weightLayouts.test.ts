import { describe, expect, it } from 'vitest'
import { ShapeError } from '../util/errors'
import { sizeOf, type Shape } from '../util/shapes'
import { matchWeights, toLayout } from './weightLayouts'
import type { ImageShape, ModelWeights, Weight } from './weights'

function weight(name: string, shape: Shape, flattenedFrom?: ImageShape): Weight {
  return {
    name,
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, (_, index) => index),
    flattenedFrom,
  }
}

const keras = (...weights: Weight[]): ModelWeights => ({ layout: 'keras', weights })

describe('toLayout', () => {
  it('transposes a dense kernel', () => {
    const [kernel] = toLayout(keras(weight('dense/kernel', [2, 3])), 'torch').weights
    expect(kernel?.shape).toEqual([3, 2])
    expect(kernel?.values).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5))
  })

  it('moves a convolution kernel from [kh, kw, in, out] to [out, in, kh, kw]', () => {
    const [kernel] = toLayout(keras(weight('conv2d/kernel', [2, 1, 2, 3])), 'torch').weights
    expect(kernel?.shape).toEqual([3, 2, 2, 1])
    // out 0: in 0 has taps 0 and 6, in 1 has taps 3 and 9
    expect(kernel?.values.slice(0, 4)).toEqual(Float32Array.of(0, 6, 3, 9))
  })

  it('reorders the inputs of a dense kernel behind a flatten', () => {
    const [kernel] = toLayout(keras(weight('dense/kernel', [4, 1], [2, 1, 2])), 'torch').weights
    // height-width-channel 0 1 2 3 becomes channel-height-width 0 2 1 3
    expect(kernel?.shape).toEqual([1, 4])
    expect(kernel?.values).toEqual(Float32Array.of(0, 2, 1, 3))
  })

  it('reorders the weights of a normalisation behind a flatten', () => {
    const [gamma] = toLayout(keras(weight('batch_normalization/gamma', [4], [2, 1, 2])), 'torch').weights
    expect(gamma?.shape).toEqual([4])
    expect(gamma?.values).toEqual(Float32Array.of(0, 2, 1, 3))
  })

  it('leaves the table of an embedding alone', () => {
    const table = { ...weight('embedding/embeddings', [3, 2]), isEmbedding: true }
    expect(toLayout(keras(table), 'torch').weights).toEqual([table])
  })

  it('leaves biases and its own layout alone', () => {
    const weights = keras(weight('dense/bias', [3]))
    expect(toLayout(weights, 'torch').weights).toEqual(weights.weights)
    expect(toLayout(weights, 'keras')).toBe(weights)
  })

  it('returns to the same bits', () => {
    const weights = keras(
      weight('conv2d/kernel', [3, 2, 4, 5]),
      weight('conv2d/bias', [5]),
      weight('dense/kernel', [30, 7], [2, 3, 5]),
      weight('batch_normalization/gamma', [30], [2, 3, 5]),
      weight('dense_1/kernel', [7, 2]),
    )
    expect(toLayout(toLayout(weights, 'torch'), 'keras')).toEqual(weights)
  })
})

describe('matchWeights', () => {
  it('converts to the layout and names of the model', () => {
    const given = keras(weight('dense/kernel', [2, 3]))
    const matched = matchWeights('loadStateDict', given, 'torch', [{ name: '0.weight', shape: [3, 2] }])
    expect(matched.layout).toBe('torch')
    expect(matched.weights[0]).toMatchObject({ name: '0.weight', shape: [3, 2] })
  })

  it('knows the flattened image from either side', () => {
    const image: ImageShape = [2, 1, 2]
    const fromModel = matchWeights('setWeights', keras(weight('dense/kernel', [4, 1])), 'torch', [
      { name: '0.weight', shape: [1, 4], flattenedFrom: image },
    ])
    const fromWeights = matchWeights('setWeights', keras(weight('dense/kernel', [4, 1], image)), 'torch', [
      { name: '0.weight', shape: [1, 4] },
    ])
    expect(fromModel).toEqual(fromWeights)
    expect(fromModel.weights[0]?.values).toEqual(Float32Array.of(0, 2, 1, 3))
  })

  it('knows the table of an embedding from either side', () => {
    const table = weight('embedding/embeddings', [3, 2])
    const expected = { name: '0.weight', shape: [3, 2] }
    const marked = matchWeights('setWeights', keras({ ...table, isEmbedding: true }), 'torch', [expected])
    const known = matchWeights('setWeights', keras(table), 'torch', [{ ...expected, isEmbedding: true }])
    expect(marked).toEqual(known)
    expect(marked.weights[0]?.values).toEqual(table.values)
  })

  it('names the first weight whose shape does not fit', () => {
    const match = () =>
      matchWeights('setWeights', keras(weight('a', [2, 3]), weight('b', [4])), 'keras', [
        { name: 'dense/kernel', shape: [2, 3] },
        { name: 'dense/bias', shape: [3] },
      ])
    expect(match).toThrow(ShapeError)
    expect(match).toThrow("setWeights: expected shape [3] for 'dense/bias', got [4] from 'b'.")
  })

  it('names the first weight that is missing or has no place', () => {
    const expected = [{ name: 'dense/kernel', shape: [2, 3] }]
    expect(() => matchWeights('setWeights', keras(), 'keras', expected)).toThrow(
      "setWeights: expected 1 weights, got 0; 'dense/kernel' is missing.",
    )
    expect(() =>
      matchWeights('setWeights', keras(weight('a', [2, 3]), weight('b', [3])), 'keras', expected),
    ).toThrow("expected 1 weights, got 2; 'b' has no place.")
  })
})
