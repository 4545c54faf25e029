/** The folder that a run writes into. Its files are complete whenever the run ends. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from './commandLine'
import type { LabEvent } from './figures'
import { fileProblem } from './fileProblem'

const eventsFile = 'events.jsonl'
const weightsFile = 'weights.safetensors'
const initialWeightsFile = 'initial-weights.safetensors'
const programFile = 'program.js'

/** The folder that a run writes its events and results into. */
export class OutputFolder {
  readonly #events: number

  /** Makes the folder if need be; throws UsageError where it cannot. Weights of an earlier run are removed. */
  constructor(
    private readonly path: string,
    program: string,
  ) {
    try {
      makeFolder(path)
      for (const file of [initialWeightsFile, weightsFile]) rmSync(join(path, file), { force: true })
      writeFileSync(join(path, programFile), program)
      this.#events = openSync(join(path, eventsFile), 'w')
    } catch (cause) {
      throw notWritable(path, cause)
    }
  }

  /** Adds whole lines. */
  addEvents(events: readonly LabEvent[]): void {
    if (events.length === 0) return
    writeSync(this.#events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }

  /** Ends the files; null for weights that the run did not come to. */
  close(initialWeights: Uint8Array | null, weights: Uint8Array | null): void {
    closeSync(this.#events)
    if (initialWeights) this.#write(initialWeightsFile, initialWeights)
    if (weights) this.#write(weightsFile, weights)
  }

  /** Under another name until it is complete. */
  #write(name: string, content: Uint8Array): void {
    const target = join(this.path, name)
    writeFileSync(`${target}.part`, content)
    renameSync(`${target}.part`, target)
  }
}

/** Writes a file that is named by an argument, with the folders around it; throws UsageError where it cannot. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  try {
    makeFolder(dirname(path))
    writeFileSync(path, content)
  } catch (cause) {
    throw notWritable(dirname(path), cause)
  }
}

/** With the folders around it. Node's own `recursive` never returns below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function notWritable(path: string, cause: unknown): UsageError {
  return new UsageError(
    `--out: expected a folder that can be written, got ${path} (${fileProblem(cause)}). Choose another.`,
    { cause },
  )
}
