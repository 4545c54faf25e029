import { expect, it } from 'vitest'
import { initialiseBackend } from '../core/eager/backends'
import { KernelLog } from '../core/eager/kernelLog'
import { tf } from '../core/eager/tfjs'
import { limits } from '../core/util/laneLimits'
import { recordedStep } from './graphChecks'

it('reads the record of a kernel that takes and gives more tensors than are recorded', async () => {
  await initialiseBackend('cpu')
  const log = new KernelLog()
  const x = tf.scalar(1)
  tf.unstack(tf.stack(Array.from({ length: limits.operands + 1 }, () => x)))
  const step = log.close()
  expect(step.kernels.map(({ kernel }) => kernel)).toEqual(['Pack', 'Unpack'])
  expect(recordedStep({ ...step, step: 1, variableNames: {} })).toBeNull()
})
