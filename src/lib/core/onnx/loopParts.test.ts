import { describe, expect, it } from 'vitest'
import { floats, runOnnx } from '../../../../tests/support/runOnnx'
import { denseStep } from '../../../../tests/support/stepGraphs'
import { GraphBuilder } from '../graph/builder'
import type { Graph, Node, Value } from '../graph/types'
import { sizeOf } from '../util/shapes'
import { encodeLoop, encodeModel, outputNames } from './index'
import { loopParts } from './loopParts'

const [steps, rows, columns] = [3, 4, 2]

interface Operands {
  readonly builder: GraphBuilder
  /** [4, 2]: an argument. */
  readonly x: Value
  /** [4, 2]: made by a node that the state needs. */
  readonly h: Value
  /** [2]: a state that is only read. */
  readonly kept: Value
}

/** A state that takes `h` in at each step, and one result. */
function stepWith(result: (operands: Operands) => Value): Graph {
  const builder = new GraphBuilder('step')
  const x = builder.input('argument', { dtype: 'float32', shape: [rows, columns] }, 'x')
  const w = builder.input('state', { dtype: 'float32', shape: [rows, columns] }, 'w')
  const kept = builder.input('state', { dtype: 'float32', shape: [columns] }, 'kept')
  const h = builder.add('Tanh', [builder.add('Mul', [x, w])])
  builder.state(w, builder.add('Add', [w, h]), [{ name: 'w', shape: w.shape }])
  builder.state(kept, null, [{ name: 'kept', shape: kept.shape }])
  builder.result(result({ builder, x, h, kept }))
  return builder.build()
}

const opsOf = (nodes: readonly Node[]) => nodes.map(({ op }) => op)
const wave = (length: number, phase: number) =>
  Array.from({ length }, (_, index) => Math.sin(1.3 * index + phase))

/** Results of three steps, run in one call or one after another. */
async function resultsOf(graph: Graph): Promise<{ block: readonly number[]; single: readonly number[] }> {
  const { results, states } = outputNames(graph)
  const [result = '', next = ''] = [results[0], states[0] ?? undefined]
  const size = rows * columns
  const x = wave(steps * size, 0)
  const kept = floats([0.3, -0.7], [columns])
  let w = floats(wave(size, 1), [rows, columns])
  const feeds = { x: floats(x, [steps, rows, columns]), w, kept }
  const block = await runOnnx(encodeLoop(graph), feeds)
  const single: number[] = []
  for (let step = 0; step < steps; step++) {
    const batch = floats(x.slice(step * size, (step + 1) * size), [rows, columns])
    const outputs = await runOnnx(encodeModel(graph), { x: batch, w, kept })
    single.push(...(outputs[result]?.values ?? []))
    w = floats(outputs[next]?.values ?? [], [rows, columns])
  }
  return { block: block[result]?.values ?? [], single }
}

const reduced = { axes: [1], keepdims: 0 }

/** Nodes that only a result needs, and that work on all steps at once. */
const movable: Record<string, (operands: Operands) => Value> = {
  'a function of one operand': ({ builder, h }) => builder.add('Exp', [h]),
  'an argument beside a value of the loop': ({ builder, h, x }) => builder.add('Sub', [h, x]),
  'a state of fewer axes that all steps share': ({ builder, h, kept }) => builder.add('Mul', [h, kept]),
  'a scalar bound': ({ builder, h }) => builder.add('Clip', [h, builder.scalar(-0.1), null]),
  'a mean over all axes': ({ builder, h }) => builder.add('ReduceMean', [h], { keepdims: 0 }),
  'a mean over one axis': ({ builder, h }) => builder.add('ReduceMean', [h], reduced),
  'a maximum over the last axis, from the end': ({ builder, h }) =>
    builder.add('ReduceMax', [h], { axes: [-1] }),
  'a sum over the first axis': ({ builder, h }) =>
    builder.add('ReduceSum', [h, builder.int64s([0])], { keepdims: 0 }),
  'a sum over all axes': ({ builder, h }) => builder.add('ReduceSum', [h, null], { keepdims: 0 }),
  'the position of the maximum in the first axis, which is the default': ({ builder, h }) =>
    builder.add('Cast', [builder.add('ArgMax', [h])], { to: 1 }),
  'softmax over the last axis, which is the default': ({ builder, h }) => builder.add('Softmax', [h]),
  'softmax over the first axis': ({ builder, h }) => builder.add('Softmax', [h], { axis: 0 }),
  'another shape': ({ builder, h }) => builder.add('Reshape', [h, builder.int64s([2, -1])]),
  'a shape that keeps an axis': ({ builder, h }) => builder.add('Reshape', [h, builder.int64s([0, 2, 1])]),
}

/** Nodes that have to run at each step. */
const staying: Record<string, (operands: Operands) => Value> = {
  'an operand of fewer axes that differs between steps': ({ builder, h }) =>
    builder.add('Add', [h, builder.add('ReduceMean', [h], { axes: [0], keepdims: 0 })]),
  'a product of matrices': ({ builder, h, x }) => builder.add('Gemm', [h, x], { transB: 1 }),
  'what depends on nothing that differs between steps': ({ builder, kept }) => builder.add('Exp', [kept]),
}

describe('loopParts', () => {
  it('leaves in the loop what the next state needs', () => {
    const { before, inside, after } = loopParts(denseStep(4, 3))
    expect(opsOf(before)).toEqual([])
    expect(opsOf(after)).toEqual(['Mul', 'ReduceMean'])
    expect(inside).toHaveLength(denseStep(4, 3).nodes.length - 2)
  })

  it.each(Object.entries(movable))('takes out of the loop: %s', async (_, result) => {
    const graph = stepWith(result)
    expect(opsOf(loopParts(graph).inside)).toEqual(['Mul', 'Tanh', 'Add'])
    const { block, single } = await resultsOf(graph)
    expect(block).toEqual(single)
    expect(new Set(block).size).toBeGreaterThan(1)
  })

  it.each(Object.entries(staying))('keeps in the loop: %s', async (_, result) => {
    const graph = stepWith(result)
    const last = graph.nodes.at(-1)?.op
    expect(opsOf(loopParts(graph).inside)).toContain(last)
    const { block, single } = await resultsOf(graph)
    expect(block).toEqual(single)
  })

  it('takes out before the loop what depends on arguments only', async () => {
    const builder = new GraphBuilder('step')
    const x = builder.input('argument', { dtype: 'float32', shape: [rows, columns] }, 'x')
    const w = builder.input('state', { dtype: 'float32', shape: [rows, columns] }, 'w')
    const kept = builder.input('state', { dtype: 'float32', shape: [columns] }, 'kept')
    const scaled = builder.add('Mul', [x, kept])
    const next = builder.add('Add', [w, scaled])
    builder.state(w, next, [{ name: 'w', shape: w.shape }])
    builder.state(kept, null, [{ name: 'kept', shape: kept.shape }])
    builder.result(builder.add('Sub', [next, scaled]))
    const graph = builder.build()
    const { before, inside, after, scanned } = loopParts(graph)
    expect([before, inside, after].map(opsOf)).toEqual([['Mul'], ['Add'], ['Sub']])
    expect(scanned).toEqual([scaled.name])
    const { block, single } = await resultsOf(graph)
    expect(block).toEqual(single)
  })

  it('hands over nothing larger than it is worth', () => {
    const builder = new GraphBuilder('step')
    const x = builder.input('argument', { dtype: 'float32', shape: [256, 256] }, 'x')
    const w = builder.input('state', { dtype: 'float32', shape: [256, 256] }, 'w')
    const next = builder.add('Add', [w, x])
    builder.state(w, next, [{ name: 'w', shape: w.shape }])
    builder.result(builder.add('ReduceMean', [next], { keepdims: 0 }))
    expect(sizeOf(next.shape)).toBeGreaterThan(1 << 14)
    expect(opsOf(loopParts(builder.build()).after)).toEqual([])
  })
})
