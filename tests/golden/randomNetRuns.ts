/** A drawn net in the lab, in both styles and executions, from weights and a CSV file; and how far it is from PyTorch. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabEvent } from '../../src/cli/lab/figures'
import { lab } from '../../src/cli/lab/lab'
import type { RandomNet, Reference } from './randomNets'

/** Losses of all batches by whose formulas they follow. */
export type ReferenceLosses = Readonly<Record<Reference, readonly number[]>>

/** One way to train a net, and what it has to follow. */
export interface LabRun {
  readonly arguments: string
  readonly follows: Reference
}

const hows = [
  '--execution eager',
  '--execution static',
  '--execution static --steps-per-execution 4',
] as const

/**
 * Keras' simple and long short-term cells have one bias, PyTorch's two. A decay that PyTorch adds to the gradients acts on each
 * of the two, so that their sum in a file with Keras' names does not tell PyTorch's own losses.
 */
function losesBias({ model, optimizer }: RandomNet['spec']): boolean {
  const hasCell = model.layers.some(({ type }) => type === 'lstm' || type === 'simpleRnn')
  return hasCell && 'weightDecay' in optimizer && optimizer['type'] !== 'adamw'
}

/**
 * Every style and execution. The framework whose names the weights have leads an aligned lane; a native one follows its own.
 */
export function runsOf({ spec }: RandomNet): readonly LabRun[] {
  const runs = (['torch', 'keras'] as const).flatMap((naming) =>
    (['torch', 'keras'] as const).flatMap((style) =>
      hows.map((how) => ({
        arguments: `--style ${style} ${how} --init ${naming}.safetensors`,
        naming,
        follows: spec.alignment === 'aligned' ? naming : style,
      })),
    ),
  )
  return runs.filter(({ naming, follows }) => !(losesBias(spec) && naming === 'keras' && follows === 'torch'))
}

/** Tells whether a net is the one that was trained. */
export function fingerprint({ spec, csv }: RandomNet): string {
  return createHash('sha256').update(JSON.stringify(spec)).update(csv).digest('hex').slice(0, 16)
}

/** Writes what a run needs; weights lie there already, or are given. */
export function writeNet(
  folder: string,
  { spec, csv }: RandomNet,
  weights: Readonly<Record<string, Uint8Array>> = {},
): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
  writeFileSync(join(folder, 'data.csv'), csv)
  for (const [naming, bytes] of Object.entries(weights)) {
    writeFileSync(join(folder, `${naming}.safetensors`), bytes)
  }
}

/** The losses of a run in a folder; throws what the lab complains of. */
export async function labLosses(folder: string, run: LabRun): Promise<readonly number[]> {
  const errors: string[] = []
  const line = `train spec.json ${run.arguments} --data data.csv --out out --json`
  const code = await lab(line.split(' '), {
    folder,
    root: process.cwd(),
    print: () => undefined,
    error: (text) => errors.push(text),
    terminal: null,
    onInterrupt: () => undefined,
  })
  if (code !== 0) throw new Error(`${run.arguments}: ${errors.join(' ')}`)
  return readFileSync(join(folder, 'out/events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as LabEvent)
    .flatMap(({ tag, value }) => (tag === 'loss' ? [value ?? NaN] : []))
}

/** Largest difference relative to the second; that of losses below a thousandth relative to a thousandth. */
export function difference(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Infinity
  return Math.max(
    ...theirs.map((loss, index) => Math.abs((ours[index] ?? NaN) - loss) / Math.max(1e-3, Math.abs(loss))),
  )
}
