/** What the page and the worker that reads CSV files say to each other. Files cross as blobs, which copies nothing. */
import type { CsvSelection } from '../core/data/csv'
import type { CsvColumn } from '../core/data/csvColumns'
import type { LeftOut } from '../core/data/csvRows'
import type { CsvSample } from '../core/data/csvSample'

/** One of the first rows. */
export interface HeadRow {
  readonly row: number
  readonly fields: readonly string[]
}

/** A file that was read and can be trained on. */
export interface CsvFile {
  readonly name: string
  /** Of its content. */
  readonly hash: string
  /** Its bytes, in memory: the file on disk may change. */
  readonly blob: Blob
  /** Rows below the header. */
  readonly rows: number
  readonly columns: readonly CsvColumn[]
  /** What of the file is no row: lines without text, and comments. */
  readonly leftOut: Readonly<LeftOut>
  /** The first rows, as text, with their numbers in the file. */
  readonly head: readonly HeadRow[]
}

/** As much of a file as is needed to find its rows. */
export type CsvSource = Pick<CsvFile, 'hash' | 'blob'>

/** What the CSV worker is told. */
export type CsvCommand = { readonly requestId: number } & (
  | { readonly type: 'read'; readonly blob: Blob; readonly name: string }
  | { readonly type: 'sample'; readonly source: CsvSource; readonly selection: CsvSelection }
)

/** What the CSV worker tells. */
export type CsvMessage = { readonly requestId: number } & (
  | { readonly type: 'progress'; readonly label: string; readonly loaded: number; readonly total: number }
  | { readonly type: 'read'; readonly file: CsvFile }
  | { readonly type: 'sample'; readonly sample: CsvSample }
  | { readonly type: 'failed'; readonly problem: string }
)
