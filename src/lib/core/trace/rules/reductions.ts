/** Rules of kernels that reduce along axes. */
import type { OpName } from '../../graph/opNames'
import type { Value } from '../../graph/types'
import type { KernelCall, Rule } from '../kernelCall'
import { axesOf, axisOf } from './axes'
import { numbers } from './elementwise'

/** The axes of a reduction; only Max names them differently. */
function reducedAxes(call: KernelCall, x: Value): number[] {
  const name = call.kernel === 'Max' ? 'reductionIndices' : 'axis'
  return axesOf(call.attribute<number | readonly number[] | null | undefined>(name), x.shape.length)
}

function keepsAxes(call: KernelCall): number {
  return call.attribute<boolean | undefined>('keepDims') === true ? 1 : 0
}

/** Reductions whose axes are an attribute at opset 17. */
const reduce =
  (op: OpName): Rule =>
  (call) => {
    const x = numbers(call, call.input('x'))
    return call.add(op, [x], { axes: reducedAxes(call, x), keepdims: keepsAxes(call) })
  }

function sum(call: KernelCall): Value {
  const x = numbers(call, call.input('x'))
  const axes = reducedAxes(call, x)
  const keepdims = keepsAxes(call)
  // An axis of 1 has nothing to add up: it is only taken away, as tfjs' batch axis around plain matrices is.
  const trivial = keepdims === 0 ? axes.filter((axis) => x.shape[axis] === 1) : []
  if (trivial.length === 0) return call.add('ReduceSum', [x, call.int64(axes)], { keepdims })
  const kept = x.shape.flatMap((size, axis) => (trivial.includes(axis) ? [] : [{ size, axis }]))
  const rest = kept.flatMap(({ axis }, index) => (axes.includes(axis) ? [index] : []))
  const squeezed = call.reshape(
    x,
    kept.map(({ size }) => size),
  )
  return rest.length === 0 ? squeezed : call.add('ReduceSum', [squeezed, call.int64(rest)], { keepdims })
}

/** Of truth values: the largest or smallest of 0 and 1. */
const logical =
  (op: OpName): Rule =>
  (call) => {
    const x = call.input('x')
    const values = call.cast(x, 'float32')
    return call.cast(
      call.add(op, [values], { axes: reducedAxes(call, x), keepdims: keepsAxes(call) }),
      'bool',
    )
  }

/** Position of the largest value along an axis, the first of equals. */
function argMax(call: KernelCall, x: Value): Value {
  const [axis = 0] = reducedAxes(call, x)
  return call.cast(call.add('ArgMax', [x], { axis, keepdims: 0 }), 'int32')
}

function mean(call: KernelCall): Value {
  const x = call.cast(call.input('x'), 'float32')
  return call.add('ReduceMean', [x], { axes: reducedAxes(call, x), keepdims: keepsAxes(call) })
}

function softmax(call: KernelCall): Value {
  const x = call.input('logits')
  const dim = call.attribute<number | undefined>('dim') ?? -1
  return call.add('Softmax', [x], { axis: axisOf(dim, x.shape.length) })
}

function cumsum(call: KernelCall): Value {
  const x = call.input('x')
  const axis = axisOf(call.attribute<number>('axis'), x.shape.length)
  return call.add('CumSum', [x, call.scalar(axis, 'int64')], {
    exclusive: call.attribute<boolean>('exclusive') ? 1 : 0,
    reverse: call.attribute<boolean>('reverse') ? 1 : 0,
  })
}

/** Rules of reductions. */
export const reductionRules: Readonly<Record<string, Rule>> = {
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: (call) => argMax(call, numbers(call, call.input('x'))),
  ArgMin: (call) => argMax(call, call.add('Neg', [numbers(call, call.input('x'))])),
  Cumsum: cumsum,
  Max: reduce('ReduceMax'),
  Mean: mean,
  Min: reduce('ReduceMin'),
  Prod: reduce('ReduceProd'),
  Softmax: softmax,
  Sum: sum,
}
