/** Graphs of training steps, made by hand, for tests of what stores, runs or draws graphs. */
import { GraphBuilder } from '../../src/lib/core/graph/builder'
import type { Graph, GraphInput, InputRole, Origin, Value } from '../../src/lib/core/graph/types'
import type { Shape } from '../../src/lib/core/util/shapes'

const origin = (phase: Origin['phase'], layer: string, line: number): Origin => ({ phase, layer, line })

function floatInput(builder: GraphBuilder, role: InputRole, shape: Shape, name: string): GraphInput {
  return builder.input(role, { dtype: 'float32', shape }, name)
}

/**
 * w ← w − rate · x, with loss = w · x · scale, and what an encoder has to master: a state that is only read, one that
 * becomes what an input holds, a value that is result and state, results that repeat or are an input or a constant.
 */
export function gradientOfProduct(): Graph {
  const builder = new GraphBuilder('gradientOfProduct')
  const x = floatInput(builder, 'argument', [2], 'x')
  const rate = floatInput(builder, 'host', [], 'rate')
  const w = floatInput(builder, 'state', [2], 'w')
  const scale = floatInput(builder, 'state', [], 'scale')
  const previous = floatInput(builder, 'state', [2], 'previous')
  builder.origin = origin('forward', 'product', 1)
  const loss = builder.add('Mul', [builder.add('Mul', [w, x]), scale])
  builder.origin = origin('update', '', 2)
  const next = builder.add('Sub', [w, builder.add('Mul', [x, rate])])
  builder.state(w, next, [{ name: 'w', shape: [2] }])
  builder.state(scale, null, [{ name: 'scale', shape: [] }])
  builder.state(previous, w, [{ name: 'previous', shape: [2] }])
  for (const value of [loss, loss, next, builder.scalar(0.5), x]) builder.result(value)
  return builder.build()
}

/** A step of x → dense(units, tanh) → dense(1), mean squared error, gradient descent; x is [batch, 2]. 28 nodes. */
export function denseStep(batch: number, units: number): Graph {
  const builder = new GraphBuilder('denseStep')
  const add = builder.add.bind(builder)
  const state = (name: string, shape: Shape) => floatInput(builder, 'state', shape, name)
  const x = floatInput(builder, 'argument', [batch, 2], 'x')
  const y = floatInput(builder, 'argument', [batch, 1], 'y')
  const rate = floatInput(builder, 'host', [], 'rate')
  const w1 = state('w1', [2, units])
  const b1 = state('b1', [units])
  const w2 = state('w2', [units, 1])
  const b2 = state('b2', [1])
  const rows = builder.int64s([0])

  builder.origin = origin('forward', 'hidden', 3)
  const h = add('Tanh', [add('Add', [add('MatMul', [x, w1]), b1])])
  builder.origin = origin('forward', 'output', 4)
  const prediction = add('Add', [add('MatMul', [h, w2]), b2])
  builder.origin = origin('loss', '', 5)
  const error = add('Sub', [prediction, y])
  builder.result(add('ReduceMean', [add('Mul', [error, error])], { axes: [0, 1], keepdims: 0 }))

  builder.origin = origin('backward', '', 6)
  // d mean(e²)/dp = 2e / batch; tanh' = 1 − h²
  const dPrediction = add('Mul', [error, builder.scalar(2 / batch)])
  const dW2 = add('MatMul', [add('Transpose', [h], { perm: [1, 0] }), dPrediction])
  const dB2 = add('ReduceSum', [dPrediction, rows], { keepdims: 0 })
  const dH = add('MatMul', [dPrediction, add('Transpose', [w2], { perm: [1, 0] })])
  const dZ = add('Mul', [dH, add('Sub', [builder.scalar(1), add('Mul', [h, h])])])
  const dW1 = add('MatMul', [add('Transpose', [x], { perm: [1, 0] }), dZ])
  const dB1 = add('ReduceSum', [dZ, rows], { keepdims: 0 })

  builder.origin = origin('update', '', 7)
  const pairs: readonly (readonly [GraphInput, Value])[] = [
    [w1, dW1],
    [b1, dB1],
    [w2, dW2],
    [b2, dB2],
  ]
  for (const [weight, gradient] of pairs) {
    const after = add('Sub', [weight, add('Mul', [gradient, rate])])
    builder.state(weight, after, [{ name: weight.name, shape: weight.shape }])
  }
  return builder.build()
}

/** x [batch, 4] → flatten of [batch, 2, 2] → dense(3, softmax): inference, with the batch in its shape operands. */
export function classifier(batch: number): Graph {
  const builder = new GraphBuilder('classifier')
  const x = floatInput(builder, 'argument', [batch, 2, 2], 'x')
  const w = floatInput(builder, 'state', [4, 3], 'w')
  builder.state(w, null, [{ name: 'w', shape: [4, 3] }])
  const flat = builder.add('Reshape', [x, builder.int64s([batch, 4])])
  builder.result(builder.add('Softmax', [builder.add('MatMul', [flat, w])], { axis: -1 }))
  return builder.build()
}
