/** Specs and experiments as JSON files. */
import { cutText } from '../util/cutText'
import { SpecError } from '../util/errors'
import { formatBytes } from '../util/figures'
import { defaultExperiment } from './defaults'
import { limits } from '../util/limits'
import { parseExperiment, parseSpec } from './parse'
import type { Experiment, Spec } from './schema'

/** JSON text of a spec or an experiment, made to be read and edited. */
export function exportSpec(value: Spec | Experiment): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** What an experiment is read from: a file that somebody chose. */
export type ExperimentFile = Pick<File, 'name' | 'size' | 'text'>

/** The text of a file, which is only read if it may hold an experiment. Throws `SpecError`. */
export async function textOfFile(file: ExperimentFile): Promise<string> {
  checkSize(file.size)
  try {
    return await file.text()
  } catch (cause) {
    throw new SpecError(
      'file',
      `expected to read ${cutText(file.name, shownName)}, got an error (${reasonOf(cause)}). Choose it again.`,
      { cause },
    )
  }
}

/** The experiment in a JSON file; a bare spec gets the default lanes. Throws `SpecError`, which knows a CSV file by `fileName`. */
export function importSpec(text: string, fileName = ''): Experiment {
  checkSize(text.length)
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

/** Throws `SpecError` for more than an experiment can need: tables, models and pictures have other ways in, or none. */
function checkSize(bytes: number): void {
  const { experimentBytes } = limits
  if (bytes <= experimentBytes) return
  throw new SpecError(
    'file',
    `expected the JSON of an experiment, at most ${formatBytes(experimentBytes)}, got ${formatBytes(bytes)}. ` +
      'Choose a file that Tandem exported.',
  )
}

/** Longest file name, and longest reason, that is shown whole. */
const shownName = 80

/** What the file is instead, and what to do with it. */
function otherFile(fileName: string, cause: unknown): string {
  if (/\.(csv|tsv)$/i.test(fileName))
    return `the table ${cutText(fileName, shownName)}. To train on its rows, choose the dataset “CSV file …”.`
  return `something else (${reasonOf(cause)}). Choose a file that Tandem exported.`
}

function reasonOf(cause: unknown): string {
  return cutText(cause instanceof Error ? cause.message : String(cause), shownName)
}
