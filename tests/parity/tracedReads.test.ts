/** A value that is read while a compiled function is traced fails the call at once, awaited or not. */
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'
import { compile, tensor, type Tensor } from '../../src/lib/core/torch'
import { TracedValueError } from '../../src/lib/core/util/errors'

let session: Session

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
})

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
