/** What the page and the service worker say to each other about offline use. */

export type OfflineCommand =
  | { readonly type: 'cacheStatus' }
  | { readonly type: 'cacheAll' }
  /** Sent by the worker in charge to a newer one: take over now. */
  | { readonly type: 'takeOver' }

export type OfflineMessage =
  /** Bytes kept in this browser, and bytes of the whole site with all engines and datasets. */
  | { readonly type: 'cacheStatus'; readonly cachedBytes: number; readonly totalBytes: number }
  | { readonly type: 'cacheProgress'; readonly loaded: number; readonly total: number }
  | { readonly type: 'cacheDone' }
  | { readonly type: 'cacheFailed'; readonly message: string }
