import { describe, expect, it } from 'vitest'
import type { Graph, RecordedStep } from '$lib/workers/protocol'
import { findNodes, nodesPerLine } from './search'
import { stageChange } from './stageChange'
import { fromGraph, fromTape, operandText, tapeNodeId } from './stepGraph'
import { tapeProgress } from './tapeProgress'
import { closedAtFirst, groupsOf, visibleGraph } from './visibleGraph'
import { outlineOf, pathThrough } from './layout'

type Phase = 'forward' | 'loss' | 'backward' | 'update'

const node = (op: string, name: string, inputs: string[], phase: Phase, layer: string, line: number) =>
  ({
    op,
    inputs,
    outputs: [{ name, dtype: 'float32', shape: [32, 8] }],
    attributes: {},
    origin: { phase, layer, line },
  }) as Graph['nodes'][number]

/** y = tanh(x·w); loss = mean y; w ← w − 0.1 · gradient. */
const graph: Graph = {
  name: 'step',
  inputs: [
    { name: 'x', dtype: 'float32', shape: [32, 2], role: 'argument' },
    { name: 'w', dtype: 'float32', shape: [2, 8], role: 'state' },
  ],
  constants: [{ name: 'c', dtype: 'float32', shape: [], data: Float32Array.of(0.1) }],
  nodes: [
    node('MatMul', 'product', ['x', 'w'], 'forward', 'dense_1', 12),
    node('Tanh', 'y', ['product'], 'forward', 'dense_1', 12),
    node('ReduceMean', 'loss', ['y'], 'loss', '', 20),
    node('Mul', 'slope', ['y', 'y'], 'backward', 'dense_1', 12),
    node('MatMul', 'gradient', ['x', 'slope'], 'backward', 'dense_1', 12),
    node('Mul', 'scaled', ['gradient', 'c'], 'update', '', 21),
    node('Sub', 'next', ['w', 'scaled'], 'update', '', 21),
  ],
  states: [{ input: 'w', output: 'next', variables: [{ name: 'dense_1/kernel', shape: [2, 8] }] }],
  results: ['loss'],
}

const step = fromGraph(graph)

describe('a compiled graph', () => {
  it('names weights by their variable, writes small constants out, and says what values become', () => {
    expect(step.sources.get('w')).toMatchObject({ kind: 'state', label: 'dense_1/kernel' })
    expect(step.nodes.at(-1)?.becomes).toEqual(['new dense_1/kernel'])
    expect(step.nodes[2]?.becomes).toEqual(['result'])
    expect(['c', 'w', 'gradient', ''].map((name) => operandText(step, name))).toEqual([
      '0.1',
      'dense_1/kernel',
      'MatMul 5',
      '–',
    ])
  })

  it('calls weights and slots as the model does', () => {
    const named = (name: string) => {
      const states = graph.states.map((state) => ({ ...state, variables: [{ name, shape: [2, 8] }] }))
      return fromGraph({ ...graph, states }, { 2407: '0.weight' }).sources.get('w')?.label
    }
    expect(['2407', 'optimizer1/2407/m', '99', 'kernel'].map(named)).toEqual([
      '0.weight',
      'm of 0.weight',
      'gradient',
      'kernel',
    ])
  })

  it('is grouped by phase, then by layer', () => {
    expect(groupsOf(step).map(({ id, nodes }) => [id, nodes.length])).toEqual([
      ['phase forward', 2],
      ['layer forward/dense_1', 2],
      ['phase loss', 1],
      ['phase backward', 2],
      ['layer backward/dense_1', 2],
      ['phase update', 2],
    ])
  })

  it('draws every node, its frames and its sources while all is open', () => {
    const { frames, boxes, wires } = visibleGraph(step, new Set())
    expect(frames).toHaveLength(6)
    expect(boxes.filter(({ kind }) => kind === 'node')).toHaveLength(7)
    // One small box for each phase that uses the value; the scalar is written where it is used.
    expect(boxes.filter(({ kind }) => kind === 'source').map(({ id, frame }) => [id, frame])).toEqual([
      ['x@forward', 'phase forward'],
      ['w@forward', 'phase forward'],
      ['x@backward', 'phase backward'],
      ['w@update', 'phase update'],
    ])
    expect(wires.find(({ id }) => id === 'y→slope')?.label).toBe('32×8')
    expect(wires.find(({ id }) => id === 'x@forward→product')?.label).toBe('32×2')
  })

  it('draws a closed layer as one box that all wires go to', () => {
    const { frames, boxes, wires, boxOf } = visibleGraph(step, new Set(['layer forward/dense_1']))
    expect(frames.map(({ id }) => id)).not.toContain('layer forward/dense_1')
    expect(boxes.find(({ kind }) => kind === 'closed')).toMatchObject({
      id: 'layer forward/dense_1',
      frame: 'phase forward',
    })
    expect(boxOf.get('y')).toBe('layer forward/dense_1')
    expect(wires.map(({ id }) => id)).toContain('layer forward/dense_1→slope')
    expect(wires.map(({ id }) => id)).not.toContain('product→y')
  })

  it('hides layers and sources inside a closed phase', () => {
    const { boxes, wires } = visibleGraph(
      step,
      new Set(['phase forward', 'layer forward/dense_1', 'phase backward']),
    )
    expect(boxes.map(({ id }) => id)).toEqual([
      'w@update',
      'loss',
      'scaled',
      'next',
      'phase forward',
      'phase backward',
    ])
    expect(wires.map(({ id, label }) => [id, label])).toEqual([
      ['phase forward→loss', '32×8'],
      ['phase forward→phase backward', '32×8'],
      ['phase backward→scaled', '32×8'],
      ['w@update→next', '2×8'],
      ['scaled→next', '32×8'],
    ])
  })

  it('closes layers at first where there are many nodes, and phases that would still show too much', () => {
    expect(closedAtFirst(step).size).toBe(0)
    const many = Array.from({ length: 30 }, (_, index) => node('Add', `u${index}`, ['w'], 'update', '', 21))
    const large = fromGraph({ ...graph, nodes: [...graph.nodes, ...many, ...many.slice(0, 4)] })
    expect([...closedAtFirst(large)]).toEqual([
      'layer forward/dense_1',
      'layer backward/dense_1',
      'phase update',
    ])
  })

  it('is found by operator, layer, value and line', () => {
    expect(findNodes(step, 'matmul')).toEqual(['product', 'gradient'])
    expect(findNodes(step, 'DENSE_1')).toHaveLength(4)
    expect(findNodes(step, 'line 2')).toEqual([])
    expect(findNodes(step, 'line 21')).toEqual(['scaled', 'next'])
    expect(findNodes(step, ' ')).toEqual([])
    expect([...nodesPerLine(step)]).toEqual([
      [12, 4],
      [20, 1],
      [21, 2],
    ])
  })

  it('is laid out with room for its labels', () => {
    const visible = visibleGraph(step, new Set(['layer backward/dense_1']))
    const { frames, boxes, wires } = outlineOf(step, visible)
    expect(frames[0]).toEqual({ id: 'phase forward', parent: null })
    expect(boxes.find(({ id }) => id === 'x@forward')).toMatchObject({ frame: 'phase forward', height: 26 })
    expect(boxes.find(({ id }) => id === 'loss')).toMatchObject({ width: 108, height: 58 })
    expect(wires).toContainEqual({
      id: 'x@forward→product',
      from: 'x@forward',
      to: 'product',
      labelWidth: 4 * 6.6,
    })
  })
})

it('draws a wire as a line through its bends', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0, y: 10 },
    { x: 10, y: 20 },
    { x: 10, y: 30 },
  ]
  expect(pathThrough(points.slice(0, 2))).toBe('M 0.0,0.0 L 0.0,10.0')
  expect(pathThrough(points)).toBe('M 0.0,0.0 Q 0.0,10.0 5.0,15.0 Q 10.0,20.0 10.0,30.0')
})

it('says what a pass removed and made', () => {
  const after = { ...graph, nodes: [...graph.nodes.slice(0, 3), node('Add', 'sum', ['y'], 'loss', '', 1)] }
  expect(stageChange(graph, after)).toEqual({
    before: 7,
    after: 4,
    gone: ['Mul ×2', 'MatMul', 'Sub'],
    made: ['Add'],
  })
})

/** Two kernels on the tape, their gradients, one update. */
const origin = (phase: Phase) => ({ phase, layer: '', line: 3 })
const kernel = (name: string, phase: Phase, saved: number | null, gradientOf: number | null = null) => ({
  kernel: name,
  inputs: [1],
  outputs: [{ id: 2, dtype: 'float32', shape: [4] }],
  attributes: {},
  origin: origin(phase),
  saved: saved === null ? null : { tensors: saved, bytes: 16 * saved },
  gradientOf,
})
const recorded: RecordedStep = {
  step: 5,
  variableNames: { w: '0.weight' },
  kernels: [
    kernel('MatMul', 'forward', 2),
    kernel('Tanh', 'forward', 1),
    kernel('Mul', 'backward', null, 1),
    kernel('Sub', 'update', null),
  ],
  sources: [
    { id: 1, kind: 'variable', name: 'w', dtype: 'float32', shape: [2] },
    { id: 9, kind: 'data', name: '', dtype: 'float32', shape: [] },
  ],
  events: [
    { kind: 'run', kernel: 0 },
    { kind: 'run', kernel: 1 },
    { kind: 'consume', kernel: 1 },
    { kind: 'run', kernel: 2 },
    { kind: 'free', kernels: [0, 1] },
    { kind: 'run', kernel: 3 },
  ],
}

describe('a recorded eager step', () => {
  it('is a graph of its kernels', () => {
    const tape = fromTape(recorded)
    expect(tape.nodes.map(({ id, op }) => [id, op])[1]).toEqual([tapeNodeId(1), 'Tanh'])
    expect([...tape.sources.values()].map(({ kind, label }) => [kind, label])).toEqual([
      ['state', '0.weight'],
      ['constant', 'number'],
    ])
  })

  it('has a tape that grows, is consumed and is freed', () => {
    const at = (position: number) => {
      const { held, tensors, consumed, ran } = tapeProgress(recorded, position)
      return [ran.size, held.size, tensors, consumed.size]
    }
    expect([0, 1, 2, 3, 4, 5, 6].map(at)).toEqual([
      [0, 0, 0, 0],
      [1, 1, 2, 0],
      [2, 2, 3, 0],
      [2, 2, 3, 1],
      [3, 2, 3, 1],
      [3, 0, 0, 1],
      [4, 0, 0, 1],
    ])
    expect(tapeProgress(recorded, 2).bytes).toBe(48)
  })

  it('tells each moment in words', () => {
    const texts = [0, 1, 2, 3, 4, 5, 6].map((position) => tapeProgress(recorded, position).text)
    expect(texts).toEqual([
      'Before the step: the tape is empty.',
      'MatMul runs; the tape records it and keeps 2 tensors.',
      'Tanh runs; the tape records it and keeps 1 tensor.',
      'backward() takes Tanh from the tape.',
      'Mul runs for the gradient of Tanh; not on the tape.',
      'The tape lets go of what it kept.',
      'Sub runs in the update; not on the tape.',
    ])
  })
})
