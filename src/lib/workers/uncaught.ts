/** What a worker's program throws beside its own course goes to its lane; the page would take it for a broken worker. */
import type { AsideOrigin } from '../core/program/asideError'

/**
 * Calls `tell` for every rejection that nobody handles and every error that no statement catches. Where it gives false
 * there is no program yet: then the worker itself failed, and the page hears of it.
 */
export function captureUncaught(
  tell: (error: unknown, origin: AsideOrigin) => boolean,
  target: EventTarget = globalThis,
): void {
  target.addEventListener('unhandledrejection', (event) => {
    if (tell('reason' in event ? event.reason : undefined, 'promise')) event.preventDefault()
  })
  target.addEventListener('error', (event) => {
    if (tell('error' in event ? event.error : undefined, 'callback')) event.preventDefault()
  })
}
