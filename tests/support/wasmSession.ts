/** A session of compiled steps on wasm for each test, with eager kernels on the cpu. */
import { afterEach, beforeAll, beforeEach } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'

/** Makes a session before each test, and disposes it after. */
export function wasmSession(): void {
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
}
