/** Specs and experiments as JSON files. */
import { SpecError } from '../util/errors'
import { defaultExperiment } from './defaults'
import { parseExperiment, parseSpec } from './parse'
import type { Experiment, Spec } from './schema'

/** JSON text of a spec or an experiment, made to be read and edited. */
export function exportSpec(value: Spec | Experiment): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The experiment in a JSON file; a bare spec gets the default lanes. Throws `SpecError`, which knows a CSV file by `fileName`. */
export function importSpec(text: string, fileName = ''): Experiment {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new SpecError('file', `expected the JSON of an experiment, got ${otherFile(fileName, cause)}`, {
      cause,
    })
  }
  const isExperiment = typeof value === 'object' && value !== null && 'spec' in value
  return isExperiment ? parseExperiment(value) : { ...defaultExperiment(), spec: parseSpec(value) }
}

/** What the file is instead, and what to do with it. */
function otherFile(fileName: string, cause: unknown): string {
  if (/\.(csv|tsv)$/i.test(fileName))
    return `the table ${fileName}. To train on its rows, choose the dataset “CSV file …”.`
  const reason = cause instanceof Error ? cause.message : String(cause)
  return `something else (${reason}). Choose a file that Tandem exported.`
}
