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

const eventsFile = 'events.jsonl'
const weightsFile = 'weights.safetensors'
const programFile = 'program.js'

export class OutputFolder {
  readonly #events: number

  /** Makes the folder if need be; throws UsageError where it cannot. Weights of an earlier run are removed. */
  constructor(
    private readonly path: string,
    program: string,
  ) {
    try {
      makeFolder(path)
      rmSync(join(path, weightsFile), { force: true })
      writeFileSync(join(path, programFile), program)
      this.#events = openSync(join(path, eventsFile), 'w')
    } catch (cause) {
      throw notWritable('a folder', path, cause)
    }
  }

  /** Adds whole lines. */
  addEvents(events: readonly LabEvent[]): void {
    if (events.length === 0) return
    writeSync(this.#events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }

  /** Ends the files; null for a run without weights. */
  close(weights: Uint8Array | null): void {
    closeSync(this.#events)
    if (!weights) return
    const target = join(this.path, weightsFile)
    writeFileSync(`${target}.part`, weights)
    renameSync(`${target}.part`, target)
  }
}

/** Writes a file that is named by an argument, with the folders around it; throws UsageError where it cannot. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  try {
    makeFolder(dirname(path))
    writeFileSync(path, content)
  } catch (cause) {
    throw notWritable('a file', path, cause)
  }
}

/** With the folders around it. Node's own `recursive` never returns below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function notWritable(what: string, path: string, cause: unknown): UsageError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UsageError(
    `--out: expected ${what} that can be written, got ${path} (${reason}). Choose another.`,
    { cause },
  )
}
