/** Takes away from a lane's worker what a program has no business with, before any program runs. */

const removed = [
  // storage of the page's origin
  'indexedDB',
  'caches',
  'cookieStore',
  'localStorage',
  'sessionStorage',
  // ways to other tabs, to fresh realms, and to the page around the protocol
  'BroadcastChannel',
  'SharedWorker',
  'Worker',
  'postMessage',
  'WebSocketStream',
  'WebTransport',
  'webkitRequestFileSystem',
  'webkitRequestFileSystemSync',
  'webkitResolveLocalFileSystemURL',
  'webkitResolveLocalFileSystemSyncURL',
] as const

const removedFromNavigator = ['storage', 'storageBuckets', 'locks', 'serviceWorker', 'sendBeacon'] as const

/** Lets a piece of our own work start workers: the threads of an engine. Not to be used once a program has run. */
export type AllowWorkers = <T>(run: () => Promise<T>) => Promise<T>

/** Removes the interfaces from the global object and everything it inherits from; gives back the one exception. */
export function sealWorker(): AllowWorkers {
  const value = globalThis.Worker
  for (const name of removed) removeEverywhere(globalThis, name)
  for (const name of removedFromNavigator) removeEverywhere(navigator, name)
  return async (run) => {
    Object.defineProperty(globalThis, 'Worker', { value, configurable: true })
    try {
      return await run()
    } finally {
      removeEverywhere(globalThis, 'Worker')
    }
  }
}

function removeEverywhere(start: object, name: string): void {
  let holder: object | null = start
  while (holder) {
    if (Object.hasOwn(holder, name) && !Reflect.deleteProperty(holder, name)) {
      throw new Error(`internal: '${name}' cannot be removed from the worker`)
    }
    holder = Object.getPrototypeOf(holder) as object | null
  }
}
