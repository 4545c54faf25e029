/** The files that the lab is given, and the data of a spec. */
import { at } from '../../lib/core/util/at'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { contentHash } from '../../lib/core/data/contentHash'
import { setCsvSource } from '../../lib/core/data/csv'
import { setDigitsSource } from '../../lib/core/data/digits'
import { loadDataset } from '../../lib/core/data/loadDataset'
import { dataFacts } from '../../lib/core/catalogue/data'
import { exampleCount } from '../../lib/core/spec/datasets'
import { parseSpec } from '../../lib/core/spec/parse'
import type { Spec } from '../../lib/core/spec/schema'
import { UsageError } from './commandLine'
import { fileProblem } from './fileProblem'
import type { LabHost } from './host'

/** The bytes of a file; `where` names the argument in the UsageError for one that cannot be read. */
export function readFile(where: string, path: string, { folder }: LabHost): Uint8Array {
  try {
    return readFileSync(resolve(folder, path))
  } catch (cause) {
    throw new UsageError(
      `${where}: expected a file that can be read, got ${path} (${fileProblem(cause)}). Check the path.`,
      { cause },
    )
  }
}

/**
 * The spec in a JSON file: alone, or within an experiment that the page exported. Throws SpecError, or UsageError that
 * begins with `where` for a file that cannot be read.
 */
export function readSpec(where: string, path: string, host: LabHost): Spec {
  const text = new TextDecoder().decode(readFile(where, path, host))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(
      `${path}: expected the JSON of a spec, got something else (${reason}). Correct it.`,
      {
        cause,
      },
    )
  }
  return parseSpec(specOf(value))
}

function specOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'spec' in value ? value.spec : value
}

/**
 * Says where the data come from and gives the number of training examples. Throws UsageError where spec and arguments
 * do not fit together, ArgumentError for a CSV file that is not as the spec says.
 */
export async function prepareData(spec: Spec, path: string | null, host: LabHost): Promise<number> {
  const { data } = spec
  if (data.kind === 'csv') {
    if (path === null) {
      throw new UsageError('--data: expected a CSV file for this spec, got none. Add --data FILE.csv.')
    }
    const bytes = readFile('--data', path, host)
    setCsvSource(() => Promise.resolve(bytes))
    const { file } = data
    if (file !== undefined && file.hash !== contentHash(bytes)) {
      host.error(
        `--data: the spec was made with ${file.name}, and this is another content: expect other results.`,
      )
    }
    const { train } = await loadDataset(spec, 'keras')
    return at(train.x.shape, 0)
  }
  if (path !== null) {
    throw new UsageError(
      `--data: expected none for the dataset ${data.kind}, got ${path}. Remove it, or set data.kind to csv.`,
    )
  }
  if (dataFacts(data).source === 'site') setDigitsSource(() => Promise.resolve(packedDigits(host)))
  return Math.round(exampleCount(data) * data.trainFraction)
}

function packedDigits({ root }: LabHost): Uint8Array {
  const file = join(root, 'static/data/digits.bin')
  if (!existsSync(file)) execFileSync(process.execPath, [join(root, 'scripts/packDigits.mjs')])
  return readFileSync(file)
}
