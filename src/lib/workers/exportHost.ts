/** Writes what a translated program needs: its data, its weights, and all of it as one zip. */
import { at } from '$lib/core/util/at'
import { strToU8, zipSync, type Zippable } from 'fflate'
import { batchOrder } from '../core/data/batches'
import { setCsvSource } from '../core/data/csv'
import { setDigitsSource } from '../core/data/digits'
import { loadDataset } from '../core/data/loadDataset'
import { writeExamples } from '../core/export/npz'
import { writeWeights } from '../core/export/weightsFile'
import { downloadQuietly } from './download'
import { exportedFiles, type ExportCommand, type ExportMessage, type ExportRequest } from './exportProtocol'

/** The worker's side of exporting. */
export class ExportHost {
  constructor(private readonly send: (message: ExportMessage) => void) {}

  receive(command: ExportCommand): void {
    if (command.type === 'load') setDigitsSource(() => downloadQuietly(command.digits))
    else void this.#write(command)
  }

  async #write({ exportId, ...request }: ExportRequest & { readonly exportId: number }): Promise<void> {
    const outcome = await writePart(request).then(
      (bytes) => bytes.slice(),
      (error: unknown) => ({ unavailable: error instanceof Error ? error.message : String(error) }),
    )
    this.send({ type: 'written', exportId, outcome })
  }
}

/** The bytes of what was asked for. Throws where the data cannot be had, or there are no weights. */
export async function writePart(request: ExportRequest): Promise<Uint8Array> {
  switch (request.part) {
    case 'data':
      return dataFile(request)
    case 'weights':
      if (request.weights) return writeWeights(request.weights)
      throw new Error('internal: export: there are no weights')
    case 'archive':
      return archive(request)
  }
}

async function dataFile({ spec, style, csv, hasOrder }: ExportRequest): Promise<Uint8Array> {
  if (csv) setCsvSource(async () => new Uint8Array(await csv.blob.arrayBuffer()))
  const dataset = await loadDataset(spec, style)
  const rows = at(dataset.train.x.shape, 0)
  const epochs = hasOrder ? spec.training.epochs : 0
  const orders = Array.from({ length: epochs }, (_, index) => batchOrder(rows, spec.seed, index + 1))
  return writeExamples(dataset, orders)
}

async function archive(request: ExportRequest): Promise<Uint8Array> {
  const { folder, texts, weights } = request
  const files: Zippable = { [`${folder}/${exportedFiles.data}`]: await dataFile(request) }
  if (weights) files[`${folder}/${exportedFiles.weights}`] = writeWeights(weights)
  for (const [name, text] of Object.entries(texts)) files[`${folder}/${name}`] = strToU8(text)
  return zipSync(files)
}
