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
  const listen = (type: string, detail: string, origin: AsideOrigin) => {
    // Before the program's own listeners, which could end the event; those it makes itself say nothing.
    const isFirst = { capture: true }
    const onEvent = (event: Event) => {
      if (event.isTrusted && tell(Reflect.get(event, detail), origin)) event.preventDefault()
    }
    target.addEventListener(type, onEvent, isFirst)
  }
  listen('unhandledrejection', 'reason', 'promise')
  listen('error', 'error', 'callback')
}
