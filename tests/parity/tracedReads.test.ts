/** A value that is read while a compiled function is traced fails the call at once, awaited or not. */
import { expect, it } from 'vitest'
import { compile, tensor, type Tensor } from '../../src/lib/core/torch'
import { TracedValueError } from '../../src/lib/core/util/errors'
import { wasmSession } from '../support/wasmSession'

wasmSession()

const reads: Record<string, (loss: Tensor) => unknown> = {
  'item()': (loss) => loss.item(),
  'await item()': (loss) => (async () => await loss.item())().catch(() => undefined),
  'tolist()': (loss) => loss.tolist(),
  'toNdArray()': (loss) => loss.toNdArray(),
}

it.each(Object.entries(reads))('%s', (_, read) => {
  const step = compile((x: Tensor) => {
    const loss = x.mul(x).sum()
    read(loss)
    return loss
  })
  expect(() => step(tensor([1, 2]))).toThrow(TracedValueError)
})
