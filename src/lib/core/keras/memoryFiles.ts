/** Files as Keras-style programs write and read them. There is no disk in a browser: they last as long as the worker. */
import type { ModelWeights } from '../nn/weights'
import { ArgumentError } from '../util/errors'

const weightFiles = new Map<string, ModelWeights>()
const textFiles = new Map<string, string>()

/** Keeps weights under a path. What was there is replaced, or else refused with ArgumentError. */
export function writeWeightsFile(path: string, weights: ModelWeights, overwrite = true): void {
  if (!overwrite && weightFiles.has(path)) {
    throw new ArgumentError(
      `saveWeights: expected a path without weights, got '${path}', which has some. Use another one, or leave overwrite out.`,
    )
  }
  weightFiles.set(path, weights)
}

/** Throws ArgumentError where nothing was written. */
export function readWeightsFile(where: string, path: string): ModelWeights {
  const weights = weightFiles.get(path)
  if (weights) return weights
  const known = [...weightFiles.keys()].map((name) => `'${name}'`).join(', ')
  throw new ArgumentError(
    `${where}: expected ${known === '' ? 'weights that were saved before' : `one of ${known}`}, got '${path}'. ` +
      'Save weights under that path first; they last as long as the lane.',
  )
}

/** Writes a text, over what was there. */
export function writeTextFile(path: string, text: string): void {
  textFiles.set(path, text)
}

/** Empty where nothing was written. */
export function readTextFile(path: string): string {
  return textFiles.get(path) ?? ''
}
