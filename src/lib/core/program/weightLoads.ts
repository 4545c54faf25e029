/** Weights of files that are given to a run: read by the names of its model, and put into it between two batches. */
import { prefixNote, readWeights } from '../export/readWeights'
import { cutText } from '../util/cutText'
import { ArgumentError, FormatError } from '../util/errors'
import { escapeHidden } from '../util/hiddenCharacters'
import { limits } from '../util/laneLimits'
import type { ModelWeights, Weight } from '../nn/weights'
import type { TrainedModel } from './trained'

/** A safetensors file as somebody gave it. */
export interface GivenFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What became of it. */
export interface LoadedWeights {
  /** Updates made before. */
  readonly step: number
  /** How many tensors the model took. */
  readonly tensors: number
  /** What is to be said of the names in the file. */
  readonly note: string | null
  /** When: before the model's first weights were told to others, later, or not at all, because the run has ended. */
  readonly when: 'initially' | 'later' | 'never'
}

interface Waiting {
  readonly file: GivenFile
  readonly resolve: (loaded: LoadedWeights) => void
  readonly reject: (reason: unknown) => void
}

/** Longest name of a file that is shown whole. */
const shownName = 80

/** The files that wait to be put into one run. */
export class WeightLoads {
  #waiting: Waiting[] = []
  #isOver = false

  /** No batch follows. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Settles when the model has the weights. Rejects with what is wrong with the file, and the model is as it was. */
  ask(file: GivenFile): Promise<LoadedWeights> {
    return new Promise((resolve, reject) => this.#waiting.push({ file, resolve, reject }))
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Loads what waits, one file after the other; gives a sentence for each that the model took. Between batches only. */
  async serve(model: TrainedModel, at: Pick<LoadedWeights, 'step' | 'when'>): Promise<readonly string[]> {
    const said: string[] = []
    for (const { file, resolve, reject } of this.#waiting.splice(0)) {
      try {
        const { weights, ...read } = await readFor(file, model)
        model.setWeights(weights)
        const loaded = { ...read, ...at }
        said.push(describe(file, loaded))
        resolve(loaded)
      } catch (error) {
        reject(error)
      }
    }
    return said
  }

  /** No batch follows: what waits is told so. */
  end(): void {
    this.#isOver = true
    for (const { reject } of this.#waiting.splice(0)) reject(ended())
  }
}

/** The weights of a file for a model that has ended its run. Throws FormatError where they do not fit. */
export async function checkFile(
  file: GivenFile,
  model: Pick<TrainedModel, 'weights'>,
): Promise<Omit<LoadedWeights, 'step'>> {
  const { tensors, note } = await readFor(file, model)
  return { tensors, note, when: 'never' }
}

interface Read extends Pick<LoadedWeights, 'tensors' | 'note'> {
  readonly weights: ModelWeights
}

async function readFor({ name, bytes }: GivenFile, model: Pick<TrainedModel, 'weights'>): Promise<Read> {
  const own = await model.weights()
  const where = shownFile(name)
  const read = readWeights({ where, bytes }, { [own.layout]: own })
  for (const weight of read.weights) assertFinite(where, weight)
  const note = prefixNote(read)
  const { layout, weights } = read
  return { weights: { layout, weights }, tensors: weights.length, note: note && cutText(note, limits.name) }
}

function assertFinite(where: string, { name, values }: Weight): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new FormatError(
    `${where}: tensor '${name}': expected finite numbers, got ${values[at]} at position ${at}. Save the weights of a model that still works.`,
  )
}

function describe({ name }: GivenFile, { tensors, note }: Pick<LoadedWeights, 'tensors' | 'note'>): string {
  return [`Loaded ${tensors} tensors of ${shownFile(name)}.`, ...(note === null ? [] : [note])].join(' ')
}

function shownFile(name: string): string {
  return escapeHidden(cutText(name, shownName))
}

function ended(): ArgumentError {
  return new ArgumentError(
    'weights: expected a run with a model, got one that has ended, or none. Run again, and load them then.',
  )
}
