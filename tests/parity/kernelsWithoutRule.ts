/** What a trace cannot follow: kernels that a step dispatches and that have no rule. */
import { vi } from 'vitest'
import { tf } from '../../src/lib/core/eager/tfjs'
import { rules } from '../../src/lib/core/trace/rules'
import { sizeOf, type Shape } from '../../src/lib/core/util/shapes'

/** Names of the kernels that `run` dispatches for which there is no rule. */
export async function withoutRule(run: () => unknown): Promise<string[]> {
  const dispatch = vi.spyOn(tf.engine(), 'runKernel')
  await run()
  const names = new Set(dispatch.mock.calls.map(([name]) => name))
  dispatch.mockRestore()
  if (names.size === 0) throw new Error('nothing was dispatched')
  return [...names].filter((name) => !Object.hasOwn(rules, name))
}

/** 0, 1, 0, 1 .. or another range of whole numbers. */
export const counting = (shape: Shape, below = 2) => ({
  values: Float32Array.from({ length: sizeOf(shape) }, (_, index) => index % below),
  shape,
  dtype: 'float32' as const,
})
