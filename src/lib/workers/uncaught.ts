/** What a worker's program throws beside its own course goes to its lane; the page would take it for a broken worker. */
import type { AsideOrigin } from '../core/program/asideError'

/** Calls `tell` for every rejection that nobody handles and every error that no statement catches. */
export function captureUncaught(tell: (error: unknown, origin: AsideOrigin) => void): void {
  globalThis.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    tell(event.reason, 'promise')
  })
  globalThis.addEventListener('error', (event) => {
    event.preventDefault()
    tell(event.error ?? new Error(event.message), 'callback')
  })
}
