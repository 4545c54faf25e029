import { describe, expect, it } from 'vitest'
import { ShapeError } from '../util/errors'
import { sizeOf, type Shape } from '../util/shapes'
import { withSummedBiases } from './recurrentLayouts'
import { matchWeights, toLayout } from './weightLayouts'
import type { ModelWeights, RecurrentCell, RecurrentPart, Weight } from './weights'

type Layout = ModelWeights['layout']

function weight(part: RecurrentPart['part'], cell: RecurrentCell, shape: Shape, first = 0): Weight {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, index) => first + index)
  return { name: part, shape, values, recurrent: { cell, part } }
}

const model = (layout: Layout, ...weights: Weight[]): ModelWeights => ({ layout, weights })
const shown = ({ weights }: ModelWeights) => weights.map(({ shape, values }) => [[...shape], [...values]])

describe('weights of recurrent cells in the other layout', () => {
  it('are transposed kernels', () => {
    const keras = model('keras', weight('kernel', 'lstm', [2, 4]))
    const torch = toLayout(keras, 'torch')
    expect(shown(torch)).toEqual([
      [
        [4, 2],
        [0, 4, 1, 5, 2, 6, 3, 7],
      ],
    ])
    expect(shown(toLayout(torch, 'keras'))).toEqual(shown(keras))
  })

  it('have update and reset gate of a GRU swapped', () => {
    const keras = model('keras', weight('kernel', 'gru', [1, 6]), weight('bias', 'gru', [2, 6]))
    const torch = toLayout(keras, 'torch')
    expect(shown(torch)).toEqual([
      [
        [6, 1],
        [2, 3, 0, 1, 4, 5],
      ],
      [[6], [2, 3, 0, 1, 4, 5]],
      [[6], [8, 9, 6, 7, 10, 11]],
    ])
    expect(shown(toLayout(torch, 'keras'))).toEqual(shown(keras))
  })

  it('are refused for a GRU that resets before', () => {
    const keras = model('keras', weight('kernel', 'gruResetBefore', [1, 3]))
    const message =
      "'kernel': expected a GRU with resetAfter: true for PyTorch, which has no other, got one with false. Leave resetAfter out."
    expect(() => toLayout(keras, 'torch')).toThrow(ShapeError)
    expect(() => toLayout(keras, 'torch')).toThrow(message)
    const torch = model('torch', weight('kernel', 'gru', [3, 1]))
    expect(() => matchWeights('setWeights', torch, 'keras', keras.weights)).toThrow(message)
  })
})

describe('biases of a cell that a model has another number of', () => {
  const two = model('torch', weight('bias', 'lstm', [4], 1), weight('bias', 'lstm', [4], 10))
  const one = model('keras', weight('bias', 'lstm', [4], 1))
  const rows = model('keras', weight('bias', 'lstm', [2, 4]))

  it('are summed, or the second one is zero', () => {
    expect(shown(matchWeights('setWeights', two, 'keras', one.weights))).toEqual([[[4], [11, 13, 15, 17]]])
    expect(shown(matchWeights('loadStateDict', one, 'torch', two.weights))).toEqual([
      [[4], [1, 2, 3, 4]],
      [[4], [0, 0, 0, 0]],
    ])
    expect(shown(matchWeights('setWeights', two, 'keras', rows.weights))).toEqual([
      [
        [2, 4],
        [1, 2, 3, 4, 10, 11, 12, 13],
      ],
    ])
    expect(shown(withSummedBiases(rows))).toEqual([[[4], [4, 6, 8, 10]]])
  })

  it('are told apart by the kernels between cells', () => {
    const cell = (first: number) => [
      weight('kernel', 'simpleRnn', [1, 1], first),
      weight('kernel', 'simpleRnn', [1, 1], first),
      weight('bias', 'simpleRnn', [1], first),
      weight('bias', 'simpleRnn', [1], first),
    ]
    const torch = model('torch', ...cell(1), ...cell(2))
    expect(shown(withSummedBiases(torch)).map(([, values]) => values)).toEqual([[1], [1], [2], [2], [2], [4]])
  })

  it('stay two for a GRU, which resets only that of the state', () => {
    const gru = model('keras', weight('bias', 'gru', [2, 3]))
    expect(withSummedBiases(gru)).toEqual(gru)
    const expected = [{ ...weight('bias', 'gru', [3]), name: 'gru/bias' }]
    expect(() => matchWeights('setWeights', gru, 'keras', expected)).toThrow(
      "setWeights: expected shape [3] for 'gru/bias', got [2, 3] from 'bias'.",
    )
  })
})

it('a kernel of a one-dimensional convolution has its axes in the other order', () => {
  const values = Float32Array.from({ length: 6 }, (_, index) => index)
  const keras: ModelWeights = {
    layout: 'keras',
    weights: [{ name: 'conv1d/kernel', shape: [3, 1, 2], values }],
  }
  const torch = toLayout(keras, 'torch')
  expect(shown(torch)).toEqual([
    [
      [2, 1, 3],
      [0, 2, 4, 1, 3, 5],
    ],
  ])
  expect(shown(toLayout(torch, 'keras'))).toEqual(shown(keras))
})
