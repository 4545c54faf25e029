/** Why files of the site could not be kept: what to do about it depends on that. */
import type { OfflineMessage } from './messages'

/** Why a file could not be kept. */
export type FailureReason =
  /** The browser has no room left, for this site or at all. */
  | 'full'
  /** No answer came. */
  | 'network'
  /** Anything else, as the message says: an answer without the file, or a browser that keeps nothing. */
  | 'other'

/** What is told of an error that was thrown while files were kept. */
export function failureOf(error: unknown): OfflineMessage {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'cacheFailed', reason: reasonOf(error), message }
}

function reasonOf(error: unknown): FailureReason {
  // `fetch` rejects with a TypeError and nothing else to go by.
  if (error instanceof TypeError) return 'network'
  return error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'other'
}
