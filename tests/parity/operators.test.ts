import * as ort from 'onnxruntime-web/wasm'
import { expect, it } from 'vitest'
import type { DType } from '../../src/lib/core/graph/types'
import { opNames } from '../../src/lib/core/graph/opNames'
import { encodeModel, outputNames } from '../../src/lib/core/onnx'
import { graphOf, operatorCases, type Operand } from '../support/operatorCases'
import { runOnnx } from '../support/runOnnx'

const toTensor: {
  readonly [Type in DType]: (values: readonly number[], shape: readonly number[]) => ort.Tensor
} = {
  float32: (values, shape) => new ort.Tensor('float32', Float32Array.from(values), shape),
  int32: (values, shape) => new ort.Tensor('int32', Int32Array.from(values), shape),
  int64: (values, shape) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), shape),
  bool: (values, shape) => new ort.Tensor('bool', Uint8Array.from(values), shape),
}

const feed = ({ dtype, values, shape }: Operand): ort.Tensor => toTensor[dtype](values, shape)

it.each(opNames.flatMap((op) => operatorCases[op].map((one) => [op, one] as const)))(
  '%s gives on onnxruntime-web what it gives by hand, %#',
  async (op, one) => {
    const { graph, feeds } = graphOf(op, one)
    const inputs = Object.fromEntries([...feeds].map(([name, operand]) => [name, feed(operand)]))
    const outputs = await runOnnx(encodeModel(graph), inputs)
    const results = outputNames(graph).results.map((name) => outputs[name]?.values.map(Number) ?? [])
    expect(results.map(({ length }) => length)).toEqual(one.expected.map(({ length }) => length))
    results.flat().forEach((value, index) => expect(value).toBeCloseTo(one.expected.flat()[index] ?? NaN, 5))
  },
)
