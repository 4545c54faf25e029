/** Keeps what the first paint does not need from loading before it. */

const paintName = 'first-contentful-paint'
/** A page that is busy from the start still loads the rest of itself. */
const idleTimeoutMs = 500

/**
 * Calls `task` once something of the page is on screen: at once where it is already; in a hidden tab when somebody looks
 * at it. Returns how to withdraw it. Needs a browser.
 */
export function onFirstPaint(task: () => void): () => void {
  if (performance.getEntriesByName(paintName).length > 0) {
    task()
    return () => undefined
  }
  if (!PerformanceObserver.supportedEntryTypes.includes('paint')) {
    const frame = requestAnimationFrame(task)
    return () => {
      cancelAnimationFrame(frame)
    }
  }
  const observer = new PerformanceObserver((list) => {
    if (list.getEntriesByName(paintName).length === 0) return
    observer.disconnect()
    task()
  })
  observer.observe({ type: 'paint', buffered: true })
  return () => {
    observer.disconnect()
  }
}

/** Resolves when the browser has nothing more urgent to do, which is after it has painted what it was given. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis)
      requestIdleCallback(
        () => {
          resolve()
        },
        { timeout: idleTimeoutMs },
      )
    else setTimeout(resolve)
  })
}
