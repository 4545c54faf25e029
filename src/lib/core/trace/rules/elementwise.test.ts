import { beforeAll, expect, it } from 'vitest'
import { printNodes } from '../../../../../tests/support/smallGraphs'
import { initialiseBackend } from '../../eager/backends'
import { tf } from '../../eager/tfjs'
import { trace } from '../trace'

beforeAll(() => initialiseBackend('cpu'))

it.each(['float32', 'int32'] as const)('the sign of %s needs no operator that only the CPU has', (dtype) => {
  const { graph } = trace('step', [{ dtype, shape: [3] }], ([x]) => [tf.sign(x as tf.Tensor)])
  expect(printNodes(graph)).toBe(`greater_1: bool[3] = Greater(x0, 0)
cast_1: ${dtype}[3] = Cast(greater_1, to=${dtype})
less_1: bool[3] = Less(x0, 0)
cast_2: ${dtype}[3] = Cast(less_1, to=${dtype})
sub_1: ${dtype}[3] = Sub(cast_1, cast_2)
return sub_1`)
})
