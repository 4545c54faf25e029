import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { tf } from '../../eager/tfjs'
import type { TensorType } from '../../graph/types'
import { UnsupportedOpError } from '../../util/errors'
import { trace } from '../trace'

const matrix: TensorType = { dtype: 'float32', shape: [3, 3] }
const rows: TensorType = { dtype: 'int32', shape: [3, 2] }

type Call = (...inputs: tf.Tensor[]) => tf.Tensor

const advice = 'Change the layer, or run this lane eagerly.'
const refused: readonly [kernel: string, message: string, call: Call][] = [
  [
    'TopK',
    'trace: expected operations that a graph can hold, got the TensorFlow.js kernel TopK. ' +
      'Use another operation, or run this lane eagerly.',
    (x) => tf.topk(x, 2).values,
  ],
  [
    'GatherV2',
    `GatherV2: expected a form that a graph can hold, got batchDims 1. ${advice}`,
    (x, indices) => tf.gather(x, indices, 1, 1),
  ],
  [
    '_FusedMatMul',
    `_FusedMatMul: expected a form that a graph can hold, got the fused activation swish. ${advice}`,
    (x) => tf.engine().runKernel('_FusedMatMul', { a: x, b: x }, { activation: 'swish' }),
  ],
  [
    'OneHot',
    `OneHot: expected a form that a graph can hold, got truth values 0 and 1. ${advice}`,
    (_, indices) => tf.oneHot(indices, 4, 0, 1, 'bool'),
  ],
]

beforeAll(() => initialiseBackend('cpu'))

describe('a kernel that no graph can hold', () => {
  it.each(refused)('%s', (_, message, call) => {
    const run = () => trace('step', [matrix, rows], (inputs) => [call(...inputs)])
    expect(run).toThrow(UnsupportedOpError)
    expect(run).toThrow(message)
  })
})
