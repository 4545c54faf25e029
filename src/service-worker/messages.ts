/** What the page and the service worker say to each other about offline use. */
import type { FailureReason } from './failure'

/** What a page tells the service worker. */
export type OfflineCommand =
  | { readonly type: 'cacheStatus' }
  | { readonly type: 'cacheAll' }
  /** Sent by the worker in charge to a newer one: take over now. */
  | { readonly type: 'takeOver' }

/** What the service worker tells a page. */
export type OfflineMessage =
  /** Bytes kept in this browser, bytes of the whole site with all engines and datasets, and what runs without a network. */
  | {
      readonly type: 'cacheStatus'
      readonly cachedBytes: number
      readonly totalBytes: number
      /** Static lanes on wasm need nothing more. */
      readonly hasStaticEngine: boolean
    }
  | { readonly type: 'cacheProgress'; readonly loaded: number; readonly total: number }
  | { readonly type: 'cacheDone' }
  | { readonly type: 'cacheFailed'; readonly reason: FailureReason; readonly message: string }
