import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { floats, runOnnx } from '../../../../tests/support/runOnnx'
import { classifier, denseStep, gradientOfProduct } from '../../../../tests/support/stepGraphs'
import { GraphBuilder } from '../graph/builder'
import type { Graph } from '../graph/types'
import { ArgumentError, GraphError } from '../util/errors'
import { encodeModel, outputNames } from './index'
import { ModelProtoSchema } from './onnx_pb'

const parse = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes)

describe('outputNames', () => {
  it('gives own names to what repeats or is not made by a node', () => {
    expect(outputNames(gradientOfProduct())).toEqual({
      results: ['mul_2', 'mul_2/result', 'sub_1', 'constant_1/result', 'x/result'],
      states: ['w/next', null, 'previous/next'],
    })
  })
})

describe('encodeModel', () => {
  it('computes results and new states', async () => {
    const outputs = await runOnnx(encodeModel(gradientOfProduct()), {
      x: floats([1, 2], [2]),
      rate: floats([0.5], []),
      w: floats([3, 4], [2]),
      scale: floats([10], []),
      previous: floats([7, 7], [2]),
    })
    expect(outputs).toEqual({
      mul_2: { shape: [2], values: [30, 80] },
      'mul_2/result': { shape: [2], values: [30, 80] },
      sub_1: { shape: [2], values: [2.5, 3] },
      'constant_1/result': { shape: [], values: [0.5] },
      'x/result': { shape: [2], values: [1, 2] },
      'w/next': { shape: [2], values: [2.5, 3] },
      'previous/next': { shape: [2], values: [3, 4] },
    })
  })

  it('writes opset 17, readable node names, origins and the types of inner values', () => {
    const { irVersion, opsetImport, graph } = parse(encodeModel(denseStep(4, 2)))
    expect(irVersion).toBe(8n)
    expect(opsetImport).toMatchObject([{ domain: '', version: 17n }])
    expect(graph?.node.map(({ name }) => name).slice(0, 6)).toEqual([
      'forward/hidden/MatMul_0',
      'forward/hidden/Add_1',
      'forward/hidden/Tanh_2',
      'forward/output/MatMul_3',
      'forward/output/Add_4',
      'loss/Sub_5',
    ])
    expect(graph?.node[0]?.docString).toBe('{"phase":"forward","layer":"hidden","line":3}')
    expect(graph?.valueInfo.find(({ name }) => name === 'tanh_1')).toMatchObject({
      type: { value: { value: { elemType: 1, shape: { dim: [{ value: { value: 4n } }, {}] } } } },
    })
  })

  it('tells integer attributes from float ones', () => {
    const builder = new GraphBuilder('attributes')
    const x = builder.input('argument', { dtype: 'float32', shape: [2, 2] }, 'x')
    builder.result(builder.add('Gemm', [x, x], { alpha: 2, transA: 1 }))
    const [gemm] = parse(encodeModel(builder.build())).graph?.node ?? []
    expect(gemm?.attribute).toMatchObject([
      { name: 'alpha', type: 1, f: 2 },
      { name: 'transA', type: 2, i: 1n },
    ])
  })

  it('rejects results that the graph does not have', () => {
    const broken: Graph = { ...denseStep(4, 2), results: ['nothing'] }
    expect(() => encodeModel(broken)).toThrow(
      new GraphError('internal: encode: expected a value of the graph, got nothing. Verify the graph.'),
    )
  })
})

describe('encodeModel with dynamicBatch', () => {
  it('runs with another batch size than that of the trace', async () => {
    const w = floats(
      Array.from({ length: 12 }, () => 0),
      [4, 3],
    )
    const x = floats(
      Array.from({ length: 20 }, () => 1),
      [5, 2, 2],
    )
    const { softmax_1: y } = await runOnnx(encodeModel(classifier(7), { dynamicBatch: 'batch' }), { x, w })
    expect(y?.shape).toEqual([5, 3])
    expect(y?.values[14]).toBeCloseTo(1 / 3, 6)
  })

  it('names the dimension in inputs, inner values and outputs', () => {
    const { graph } = parse(encodeModel(classifier(7), { dynamicBatch: 'batch' }))
    const open = { dim: [{ value: { value: 'batch' } }, { value: { value: 4n } }] }
    expect(graph?.valueInfo[0]).toMatchObject({ type: { value: { value: { shape: open } } } })
    expect(graph?.output[0]?.type?.value.value?.shape?.dim[0]?.value.value).toBe('batch')
    expect(graph?.initializer.map(({ name }) => name)).toEqual(['constant_1/anyBatch'])
  })

  it('rejects arguments without a common leading dimension', () => {
    const builder = new GraphBuilder('unequal')
    for (const size of [2, 3])
      builder.result(builder.input('argument', { dtype: 'float32', shape: [size] }, `x${size}`))
    expect(() => encodeModel(builder.build(), { dynamicBatch: 'batch' })).toThrow(
      new ArgumentError(
        'encodeModel: expected one batch size for dynamicBatch, got 2, 3. ' +
          'Trace with arguments of the same leading dimension.',
      ),
    )
  })

  it('keeps one row of a constant whose rows are alike, and finds the leading size of other reshapes', async () => {
    const builder = new GraphBuilder('steps')
    const x = builder.input('argument', { dtype: 'float32', shape: [2, 3, 2] }, 'x')
    const shape = (sizes: readonly number[]) =>
      builder.constant(Int32Array.from(sizes), 'int64', [sizes.length])
    const rows = builder.add('Reshape', [x, shape([6, 2])])
    const steps = builder.add('Reshape', [rows, shape([2, 6])])
    const state = builder.constant(Float32Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6), 'float32', [2, 6])
    builder.result(builder.add('Add', [steps, state]))
    const given = floats(
      Array.from({ length: 30 }, () => 1),
      [5, 3, 2],
    )
    const [result] = Object.values(
      await runOnnx(encodeModel(builder.build(), { dynamicBatch: 'batch' }), { x: given }),
    )
    expect(result?.shape).toEqual([5, 6])
    expect([...(result?.values ?? [])].slice(24)).toEqual([2, 3, 4, 5, 6, 7])
  })

  it('rejects a graph that computes with the batch size of the trace', () => {
    const builder = new GraphBuilder('fixed')
    const x = builder.input('argument', { dtype: 'float32', shape: [3, 2] }, 'x')
    builder.result(
      builder.add('Add', [x, builder.constant(Float32Array.of(1, 2, 3, 4, 5, 6), 'float32', [3, 2])]),
    )
    expect(() => encodeModel(builder.build(), { dynamicBatch: 'batch' })).toThrow(
      /^encodeModel: expected a graph for any batch size, got add_1 with that of the trace: .* Export without dynamicBatch\.$/,
    )
  })
})
