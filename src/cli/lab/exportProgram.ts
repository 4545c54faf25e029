/** `lab export SPEC.json …`: the spec as a Python program, with the files that it reads beside it. */
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pythonNotebook, pythonScript } from '../../lib/core/codegen'
import { batchOrder } from '../../lib/core/data/batches'
import { loadDataset } from '../../lib/core/data/loadDataset'
import { writeExamples } from '../../lib/core/export/npz'
import { writeWeights } from '../../lib/core/export/weightsFile'
import type { Spec, Style } from '../../lib/core/spec/schema'
import { UsageError } from './commandLine'
import { parseExportArguments, type ExportArguments, type ExportTarget } from './exportArguments'
import type { LabHost } from './host'
import { prepareData, readFile, readSpec } from './inputFiles'
import { writeOutput } from './outputFolder'
import { bothLayouts } from './plan'
import { prefixNote, readWeights, readWeightsAs } from '../../lib/core/export/readWeights'

/** A target's framework, and the function that writes the program. */
interface Writer {
  readonly style: Style
  readonly write: typeof pythonScript
}

const writers: { readonly [T in ExportTarget]: Writer } = {
  'torch-py': { style: 'torch', write: pythonScript },
  'keras-py': { style: 'keras', write: pythonScript },
  'torch-ipynb': { style: 'torch', write: pythonNotebook },
  'keras-ipynb': { style: 'keras', write: pythonNotebook },
}

/** So many row numbers make a data file of 40 MB. */
const mostRecordedRows = 10_000_000

/** Exit code 0; throws for what is wrong with arguments, spec or files, before it writes anything. */
export async function exportProgram(args: readonly string[], host: LabHost): Promise<number> {
  const settings = parseExportArguments(args)
  const spec = readSpec('export', settings.spec, host)
  const { style, write } = writers[settings.to]
  const examples = await prepareData(spec, settings.data, host)
  const orders = settings.recordsOrder ? recordedOrders(spec, examples) : []
  const weights = await weightsFor(spec, style, settings, host)
  const out = resolve(host.folder, settings.out)
  // Named after the program, so that several programs may lie in one folder.
  const stem = basename(out, extname(out))
  const names = { dataFile: `${stem}-data.npz`, weightsFile: `${stem}-weights.safetensors` }
  const program = write(followed(spec, weights), style, {
    dataFile: names.dataFile,
    weightsFile: weights === null ? null : names.weightsFile,
    hasOrder: orders.length > 0,
  })
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    [names.dataFile, writeExamples(await loadDataset(spec, style), orders)],
    ...(weights === null ? [] : [[names.weightsFile, weights.bytes] as const]),
    [basename(out), program],
  ]
  assertKeepsInputs(
    files.map(([name]) => join(dirname(out), name)),
    settings,
    host,
  )
  for (const [name, content] of files) writeOutput(join(dirname(out), name), content)
  const companions = files.slice(0, -1).map(([name]) => name)
  host.print(`${settings.out} reads ${companions.join(' and ')} beside it.`)
  return 0
}

/** The rows of each epoch as our programs take them; none where those are the file's own. */
function recordedOrders(spec: Spec, examples: number): readonly Uint32Array[] {
  const { epochs, shuffle } = spec.training
  if (!shuffle) return []
  if (epochs * examples > mostRecordedRows) {
    throw new UsageError(
      `--record-order: expected at most ${mostRecordedRows} rows in all epochs together, got ${epochs * examples}. ` +
        'Lower training.epochs, or leave it out.',
    )
  }
  return Array.from({ length: epochs }, (_, index) => batchOrder(examples, spec.seed, index + 1))
}

/** Weights that the program starts from. */
interface GivenWeights {
  /** The framework whose names the given file has. */
  readonly framework: Style
  /** The file in the names and layouts of the program's framework. */
  readonly bytes: Uint8Array
}

/** Null where none are given. */
async function weightsFor(
  spec: Spec,
  style: Style,
  { weights: path }: ExportArguments,
  host: LabHost,
): Promise<GivenWeights | null> {
  if (path === null) return null
  const file = { where: '--weights', bytes: readFile('--weights', path, host) }
  const model = await bothLayouts(spec)
  const bytes = writeWeights(readWeightsAs(style, file, model))
  const read = readWeights(file, model)
  const note = prefixNote(read)
  if (note !== null) host.error(`--weights: ${note}`)
  return { framework: read.layout, bytes }
}

/** As `train --init`: an aligned program follows Keras, unless it starts from PyTorch's weights. */
function followed(spec: Spec, weights: GivenWeights | null): Spec {
  return weights?.framework === 'torch' ? { ...spec, alignment: 'native' } : spec
}

/** Throws UsageError where a file would be written over one that was read. */
function assertKeepsInputs(
  outputs: readonly string[],
  { spec, weights, data, out }: ExportArguments,
  { folder }: LabHost,
): void {
  const inputs = [spec, weights, data].flatMap((path) => (path === null ? [] : [resolve(folder, path)]))
  const replaced = outputs.find((path) => inputs.includes(path))
  if (replaced === undefined) return
  throw new UsageError(
    `--out: expected files of its own, got ${out}, which would replace ${replaced}. Choose another name.`,
  )
}
