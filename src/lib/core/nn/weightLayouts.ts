/** Conversion of weights between the Keras and the PyTorch layout, on the host. */
import { at } from '../util/at'
import { ShapeError } from '../util/errors'
import { isSameShape, printShape, sizeOf, type Shape } from '../util/shapes'
import { reorderedGates, withBiasesOf, withExpectedBiases } from './recurrentLayouts'
import type { ImageShape, ModelWeights, RecurrentPart, Weight } from './weights'

/** What a model expects of one weight: its name, its shape, and what the layouts differ on. */
export type ExpectedWeight = Pick<Weight, 'name' | 'shape' | 'flattenedFrom' | 'isEmbedding' | 'recurrent'>

/**
 * The same weights in `layout`, in the same order and under the same names. Rank 2 is a dense kernel unless marked as
 * an embedding, ranks 3 and 4 are convolution kernels; anything else is alike in both. With `flattenedFrom`, the axis
 * that runs along the flattened image is reordered; recurrent weights are reordered by their gates.
 * Throws ShapeError for a cell that the other framework does not have.
 */
export function toLayout(weights: ModelWeights, layout: ModelWeights['layout']): ModelWeights {
  if (weights.layout === layout) return weights
  const arranged = withBiasesOf(weights.weights, weights.layout, layout)
  return { layout, weights: arranged.map((weight) => convert(weight, layout)) }
}

/**
 * `weights` brought into the layout, names and shapes a model expects, by position.
 * Throws ShapeError naming the first weight that does not fit; `where` begins the message.
 */
export function matchWeights(
  where: string,
  weights: ModelWeights,
  layout: ModelWeights['layout'],
  expected: readonly ExpectedWeight[],
): ModelWeights {
  const arranged = withExpectedBiases(weights.weights, weights.layout, layout, expected)
  if (arranged.length !== expected.length) throw countError(where, arranged, expected)
  const matched = arranged.map((given, index) => {
    const target = expected[index] ?? given
    // A model that has not run yet may not know what was flattened; then the other one does.
    const flattenedFrom = given.flattenedFrom ?? target.flattenedFrom
    const isEmbedding = given.isEmbedding ?? target.isEmbedding
    // Of two cells that compute differently, the one that has no counterpart says so.
    const recurrent =
      target.recurrent?.cell === 'gruResetBefore' ? target.recurrent : (given.recurrent ?? target.recurrent)
    const source = { ...given, flattenedFrom, isEmbedding, recurrent }
    const { values, shape } = weights.layout === layout ? source : convert(source, layout)
    if (!isSameShape(shape, target.shape)) throw shapeError(where, given.name, shape, target)
    return { name: target.name, shape, values, flattenedFrom, isEmbedding, recurrent }
  })
  return { layout, weights: matched }
}

function countError(
  where: string,
  given: readonly Weight[],
  expected: readonly ExpectedWeight[],
): ShapeError {
  const first = expected[given.length]?.name ?? given[expected.length]?.name ?? ''
  const problem = given.length < expected.length ? 'is missing' : 'has no place'
  return new ShapeError(
    `${where}: expected ${expected.length} weights, got ${given.length}; '${first}' ${problem}. ` +
      'Use weights of a model with the same layers.',
  )
}

function shapeError(where: string, givenName: string, shape: Shape, expected: ExpectedWeight): ShapeError {
  return new ShapeError(
    `${where}: expected shape ${printShape(expected.shape)} for '${expected.name}', got ${printShape(shape)} ` +
      `from '${givenName}'. Use weights of a model with the same layers.`,
  )
}

function convert(weight: Weight, layout: ModelWeights['layout']): Weight {
  const { shape, flattenedFrom, recurrent } = weight
  if (recurrent) return convertRecurrent(weight, recurrent, layout)
  // Keras [k, in, out] against PyTorch [out, in, k].
  if (shape.length === 3) return permuteAxes(weight, [2, 1, 0])
  if (shape.length === 4) {
    // Keras [kh, kw, in, out] against PyTorch [out, in, kh, kw].
    return permuteAxes(weight, layout === 'torch' ? [3, 2, 0, 1] : [2, 3, 1, 0])
  }
  if (shape.length === 1 && flattenedFrom) return reorderedRow(weight, flattenedFrom, layout)
  if (shape.length !== 2 || weight.isEmbedding) return weight
  if (!flattenedFrom) return permuteAxes(weight, [1, 0])
  return layout === 'torch'
    ? flattenedToTorch(weight, flattenedFrom)
    : flattenedToKeras(weight, flattenedFrom)
}

/** Kernels [in, gates · units] <-> [gates · units, in]; biases keep their axes. */
function convertRecurrent(
  weight: Weight,
  { cell, part }: RecurrentPart,
  layout: ModelWeights['layout'],
): Weight {
  if (part === 'bias') return reorderedGates(weight, cell)
  return layout === 'torch'
    ? permuteAxes(reorderedGates(weight, cell), [1, 0])
    : reorderedGates(permuteAxes(weight, [1, 0]), cell)
}

/** [h·w·c] <-> [c·h·w] */
function reorderedRow(
  weight: Weight,
  [height, width, channels]: ImageShape,
  layout: ModelWeights['layout'],
): Weight {
  const image =
    layout === 'torch'
      ? permuteAxes({ ...weight, shape: [height, width, channels] }, [2, 0, 1])
      : permuteAxes({ ...weight, shape: [channels, height, width] }, [1, 2, 0])
  return { ...image, shape: weight.shape }
}

/** [h·w·c, out] -> [out, c·h·w] */
function flattenedToTorch(weight: Weight, [height, width, channels]: ImageShape): Weight {
  const outputs = at(weight.shape, 1)
  const image = permuteAxes({ ...weight, shape: [height, width, channels, outputs] }, [3, 2, 0, 1])
  return { ...image, shape: [outputs, sizeOf([channels, height, width])] }
}

/** [out, c·h·w] -> [h·w·c, out] */
function flattenedToKeras(weight: Weight, [height, width, channels]: ImageShape): Weight {
  const outputs = at(weight.shape, 0)
  const image = permuteAxes({ ...weight, shape: [outputs, channels, height, width] }, [2, 3, 1, 0])
  return { ...image, shape: [sizeOf([height, width, channels]), outputs] }
}

/** Axis i of the result is axis `axes[i]` of the weight, as numpy.transpose. */
function permuteAxes(weight: Weight, axes: readonly number[]): Weight {
  const strides = rowMajorStrides(weight.shape)
  const shape = axes.map((axis) => at(weight.shape, axis))
  const sourceStrides = axes.map((axis) => at(strides, axis))
  const position = shape.map(() => 0)
  const values = new Float32Array(weight.values.length)
  let source = 0
  for (let target = 0; target < values.length; target++) {
    values[target] = at(weight.values, source)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = at(shape, axis)
      const stride = at(sourceStrides, axis)
      const next = at(position, axis) + 1
      source += stride
      if (next < size) {
        position[axis] = next
        break
      }
      position[axis] = 0
      source -= stride * size
    }
  }
  return { ...weight, shape, values }
}

function rowMajorStrides(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
}
