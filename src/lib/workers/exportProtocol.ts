/** What crosses between the page and the worker that writes files for Python. */
import type { ModelWeights } from '../core/nn/weights'
import type { Spec, Style } from '../core/spec/schema'
import type { CsvSource } from './csvProtocol'

/** What to write: everything in one zip, or one of its parts. */
export type ExportedPart = 'archive' | 'data' | 'weights'

/** What is to be written. */
export interface ExportRequest {
  readonly part: ExportedPart
  readonly spec: Spec
  /** The framework, whose axes images have. */
  readonly style: Style
  /** The file of a spec whose data are its rows. */
  readonly csv?: CsvSource | undefined
  /** Whether the rows of each epoch are written as our programs take them. */
  readonly hasOrder: boolean
  /** In the layout of the framework. */
  readonly weights: ModelWeights | null
  /** Folder in the archive. */
  readonly folder: string
  /** Further files of the archive, by name. */
  readonly texts: Readonly<Record<string, string>>
}

/** What the export worker is told. */
export type ExportCommand =
  /** First command: where the digits are. */
  | { readonly type: 'load'; readonly digits: string }
  /** Answered by `written`. */
  | ({ readonly type: 'write'; readonly exportId: number } & ExportRequest)

/** What the export worker tells. */
export interface ExportMessage {
  readonly type: 'written'
  readonly exportId: number
  readonly outcome: Uint8Array<ArrayBuffer> | { readonly unavailable: string }
}

/** Names beside a translated program. */
export const exportedFiles = { data: 'data.npz', weights: 'weights.safetensors' } as const
