/** keras.ops that put the same values into other shapes. */
import { tf } from '../eager/tfjs'
import { ArgumentError, ShapeError } from '../util/errors'
import { integer, integers } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { resolveShape } from '../util/shapeChecks'
import { isSameShape, printNumbers, printShape, type Shape } from '../util/shapes'
import { axesOf, axisOf } from './axes'
import { tensor, tensorList } from './kinds'
import { toTensorOf as t } from './tensorLike'

const reshapeParameters = parameters('ops.reshape', {
  x: tensor,
  /** One size may be −1. */
  newshape: integers,
})

/** The same values in another shape. */
export function reshape(...given: Given<typeof reshapeParameters.table>): tf.Tensor {
  const { x, newshape } = reshapeParameters.read(given)
  const values = t(x)
  return tf.reshape(values, resolveShape('ops.reshape', [newshape].flat(), values.size))
}

const transposeParameters = parameters('ops.transpose', {
  x: tensor,
  /** Positions of the axes; reversed when left out. */
  axes: integers.or(null),
})

/** Axes in another order; reversed when left out. */
export function transpose(...given: Given<typeof transposeParameters.table>): tf.Tensor {
  const { x, axes } = transposeParameters.read(given)
  const values = t(x)
  const order = axesOf('ops.transpose', axes, values.rank)
  if (order === undefined || order.length === values.rank) return tf.transpose(values, order)
  throw new ArgumentError(
    `ops.transpose: expected a position for each of ${values.rank} axes, got ${printNumbers(order)}. Name every axis once.`,
  )
}

const expandDimsParameters = parameters('ops.expandDims', {
  x: tensor,
  /** Where axes of size 1 are put: one, or a list. */
  axis: integers,
})

/** With new axes of size 1. */
export function expandDims(...given: Given<typeof expandDimsParameters.table>): tf.Tensor {
  const { x, axis } = expandDimsParameters.read(given)
  const values = t(x)
  const rank = values.rank + [axis].flat().length
  const places = axesOf('ops.expandDims', axis, rank) ?? []
  const sizes = [...values.shape]
  return tf.reshape(
    values,
    Array.from({ length: rank }, (_, place) => (places.includes(place) ? 1 : (sizes.shift() ?? 1))),
  )
}

const concatenateParameters = parameters('ops.concatenate', {
  /** Tensors that differ along the axis only. */
  xs: tensorList,
  axis: integer.or(0),
})

/** Tensors one behind the other along an axis. */
export function concatenate(...given: Given<typeof concatenateParameters.table>): tf.Tensor {
  const { xs, axis } = concatenateParameters.read(given)
  const tensors = xs.map(t)
  const at = axisOf('ops.concatenate', axis, tensors[0]?.rank ?? 0)
  const others = ({ shape }: tf.Tensor) => shape.toSpliced(at, 1)
  assertAlike('ops.concatenate', tensors, others, `shapes that differ along axis ${axis} only`)
  return tf.concat(tensors, at)
}

const stackParameters = parameters('ops.stack', {
  /** Tensors of one shape. */
  x: tensorList,
  axis: integer.or(0),
})

/** Tensors side by side along a new axis. */
export function stack(...given: Given<typeof stackParameters.table>): tf.Tensor {
  const { x, axis } = stackParameters.read(given)
  const tensors = x.map(t)
  assertAlike('ops.stack', tensors, ({ shape }) => shape, 'tensors of one shape')
  return tf.stack(tensors, axisOf('ops.stack', axis, 1 + (tensors[0]?.rank ?? 0)))
}

/** Throws ShapeError unless what `part` gives of the shapes is the same for all, and they have as many axes. */
function assertAlike(
  where: string,
  tensors: readonly tf.Tensor[],
  part: (x: tf.Tensor) => Shape,
  expected: string,
): void {
  const [first, ...others] = tensors
  const other = others.find((each) => {
    return each.rank !== first?.rank || !isSameShape(part(each), part(first))
  })
  if (!first || !other) return
  throw new ShapeError(
    `${where}: expected ${expected}, got ${printShape(first.shape)} and ${printShape(other.shape)}. Reshape one of them first.`,
  )
}
