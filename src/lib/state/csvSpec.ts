/** The spec of an experiment that trains on columns of a CSV file. */
import { rowsWithGaps } from '$lib/core/data/csvChoices'
import { adaptToLoss, adaptToOutput } from '$lib/core/spec/adaptToData'
import type { CsvData } from '$lib/core/catalogue/data/csv'
import { taskOf } from '$lib/core/spec/datasets'
import type { Spec } from '$lib/core/spec/schema'
import { lossesFor } from '$lib/core/spec/targets'
import type { CsvFile } from '$lib/workers/csvProtocol'

/** What a spec says of its data, but for the file. */
export type CsvColumns = Omit<CsvData, 'kind' | 'file'>

/** `spec` on the rows of `file`, with loss and layers to match. Throws `SpecError` where the columns contradict each other. */
export function specOnFile(spec: Spec, file: CsvFile, columns: CsvColumns): Spec {
  const data: CsvData = { kind: 'csv', ...columns, file: factsOf(file, columns) }
  const isSameFile = spec.data.kind === 'csv' && spec.data.file?.hash === file.hash
  const name = isSameFile ? spec.name : titleOf(file.name)
  const changed = { ...spec, name, data, model: readingNumbers(spec.model, file, columns.features) }
  if (taskOf(spec.data) === data.task) return adaptToOutput(changed)
  return adaptToLoss(changed, lossesFor(data)[0] ?? spec.loss)
}

/** `spec`, which has columns of a file, on a file that has the same columns; a name that the earlier file gave gives way. */
export function specOnOtherFile(spec: Spec, data: CsvData, file: CsvFile): Spec {
  const isNamedAfterFile = data.file !== undefined && spec.name === titleOf(data.file.name)
  const name = isNamedAfterFile ? titleOf(file.name) : spec.name
  return { ...spec, name, data: { ...data, file: factsOf(file, data) } }
}

/** The name of an experiment on a file: the file's without its ending. */
function titleOf(fileName: string): string {
  return fileName.replace(/\.\w+$/, '').slice(0, 100)
}

/** What a spec says of its file: rows are those that it uses. */
function factsOf(
  { name, hash, rows, columns }: CsvFile,
  { skipGaps = false, features, label }: CsvColumns,
): NonNullable<CsvData['file']> {
  const skipped = skipGaps ? rowsWithGaps(columns, [...features, label]) : 0
  return { name: name.slice(0, 255), hash, rows: rows - skipped }
}

/** The model without an embedding where the features are more than integers that can be looked up. */
function readingNumbers(
  model: Spec['model'],
  { columns }: CsvFile,
  features: readonly string[],
): Spec['model'] {
  const names = new Set(features)
  const chosen = columns.filter(({ name }) => names.has(name))
  if (chosen.every(({ isWhole, min }) => isWhole && min >= 0)) return model
  return { layers: model.layers.filter(({ type }) => type !== 'embedding') }
}
