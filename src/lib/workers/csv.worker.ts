/** Reads CSV files and takes samples of their rows, so that ten megabytes do not hold the page. */
import { at } from '$lib/core/util/at'
import { contentHash } from '../core/data/contentHash'
import { setCsvSource } from '../core/data/csv'
import { checkHeader, describeColumn, type CsvColumn } from '../core/data/csvColumns'
import { csvSample } from '../core/data/csvSample'
import { checkSize, readTable } from '../core/data/csvTable'
import { cutText } from '../core/util/cutText'
import type { CsvCommand, CsvFile, CsvMessage, CsvSource } from './csvProtocol'

const headRows = 8
/** Longer fields are cut where the first rows are shown. */
const shownCharacters = 60

/** The file that the samples are taken of. */
let current: string | null = null
/** One command after the other: a sample belongs to the file that was set for it. */
let queue: Promise<void> = Promise.resolve()

self.addEventListener('message', ({ data }: MessageEvent<CsvCommand>) => {
  queue = queue.then(() => answer(data))
})

function send(message: CsvMessage): void {
  self.postMessage(message)
}

async function answer(command: CsvCommand): Promise<void> {
  const { requestId } = command
  try {
    if (command.type === 'read') send({ requestId, type: 'read', file: await read(command) })
    else {
      use(command.source)
      send({ requestId, type: 'sample', sample: await csvSample(command.selection) })
    }
  } catch (error) {
    send({ requestId, type: 'failed', problem: error instanceof Error ? error.message : String(error) })
  }
}

async function read({
  requestId,
  blob: given,
  name,
}: Extract<CsvCommand, { type: 'read' }>): Promise<CsvFile> {
  const progress = (label: string, loaded: number, total: number) =>
    send({ requestId, type: 'progress', label, loaded, total })
  checkSize(given.size)
  progress('Reading the file', 0, 4)
  const bytes = new Uint8Array(await given.arrayBuffer())
  progress('Finding the rows', 1, 4)
  const table = readTable(bytes)
  checkHeader(table)
  const { header, rows, rowNumbers, leftOut } = table
  const columns: CsvColumn[] = []
  for (const [index, column] of header.entries()) {
    progress(`Looking at column ${cutText(column, shownCharacters)}`, 2 + index / header.length, 4)
    columns.push(describeColumn(table, index))
  }
  progress('Naming the content', 3, 4)
  const head = rows.slice(0, headRows).map((fields, index) => ({
    row: at(rowNumbers, index),
    fields: fields.map((field) => field.slice(0, shownCharacters)),
  }))
  const blob = new Blob([bytes])
  return { name, hash: contentHash(bytes), blob, rows: rows.length, columns, leftOut, head }
}

function use({ hash, blob }: CsvSource): void {
  if (hash === current) return
  current = hash
  setCsvSource(async () => new Uint8Array(await blob.arrayBuffer()))
}
