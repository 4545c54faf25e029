/** The data of a spec whose examples are the rows of a CSV file. The file itself is no part of it. */
import * as v from 'valibot'
import { quoteText } from '../../util/quoteText'
import { SpecError } from '../../util/errors'
import { option, quote, type Options } from '../calls'
import { flag, integer, list, object, oneOf, text } from '../fields'
import { setElsewhere, type ValuesOf } from '../settings'
import { trainFractionEntry } from './plane'
import { dataRecord, plainCall } from './record'
import { limits } from '../../util/limits'

const name = text(limits.columnCharacters)

function charactersOf(names: readonly string[]): number {
  return names.reduce((sum, one) => sum + one.length, 0)
}

/** The most classes that a label may tell apart. */
export const maxCsvClasses = 1024

/** Columns are named as in the file's header; names are compared in Unicode's composed form. */
const entries = {
  /** Columns that the model reads, in this order: of numbers, but for those in `oneHot`. */
  features: setElsewhere(
    v.pipe(
      list(name, 1, limits.csvFeatures),
      v.check(
        (names) => charactersOf(names) <= limits.featureCharacters,
        ({ input }) =>
          `expected names of at most ${limits.featureCharacters} characters together, got ${charactersOf(input)}. ` +
          'Choose fewer columns, or give them shorter names.',
      ),
    ),
  ),
  /** Features that are texts: each value becomes a column of zeros and ones. */
  oneHot: setElsewhere(
    v.optional(
      list(object({ column: name, values: list(name, 1, limits.oneHotValues) }), 1, limits.csvFeatures),
    ),
  ),
  /** Leaves out the rows in which a feature or the label is empty, or says that it is missing. */
  skipGaps: setElsewhere(v.optional(flag())),
  label: setElsewhere(name),
  task: setElsewhere(oneOf(['classification', 'regression'])),
  /** Features minus their mean over their standard deviation, both of the training rows. */
  standardise: setElsewhere(v.optional(flag(), false)),
  /** The same for the label of a regression. */
  standardiseLabel: setElsewhere(v.optional(flag())),
  /** 1 trains on all rows in the file's order, without a test split. */
  trainFraction: trainFractionEntry(0.8, 1),
  /** Of a classification; where not given, as many as the model tells apart. */
  classes: setElsewhere(v.optional(integer(2, maxCsvClasses))),
  /** The file that the spec was made for, so that another one is noticed, with the number of rows that it uses of it. */
  file: setElsewhere(v.optional(object({ name: text(255), hash: text(64), rows: integer(1, 10_000_000) }))),
}

type CsvEntries = ValuesOf<typeof entries>

/** The data entry of a spec whose examples are rows of a file. */
export type CsvData = CsvEntries & { readonly kind: 'csv' }

/** How many numbers an example has: one for each feature, and of a text one for each of its values. */
export function csvInputs({ features, oneHot = [] }: Pick<CsvEntries, 'features' | 'oneHot'>): number {
  return oneHot.reduce((sum, { values }) => sum + values.length - 1, features.length)
}

/** What a model's answers look like: over the plane of two features, class against class, or number against number. */
export type CsvView = 'plane' | 'confusion' | 'targets'

/** As many classes have colours and shapes of their own. */
const planeClasses = 3

/** `readsNumbers` is false for a model that looks its inputs up: there is nothing between two integers. */
export function csvViewOf(
  { task, features, oneHot = [], classes = 2 }: CsvEntries,
  readsNumbers: boolean,
): CsvView {
  if (task === 'regression') return 'targets'
  return features.length === 2 && oneHot.length === 0 && classes <= planeClasses && readsNumbers
    ? 'plane'
    : 'confusion'
}

function checkCsvData(data: CsvEntries): void {
  const { features, label, task, classes, standardiseLabel } = data
  const seen = new Set<string>()
  for (const [index, feature] of features.entries()) {
    const path = `data.features[${index}]`
    const composed = feature.normalize('NFC')
    if (composed === label.normalize('NFC')) {
      throw new SpecError(
        path,
        `expected columns other than the label, got ${quoteText(feature)}. Remove it from the features.`,
      )
    }
    if (seen.has(composed)) {
      throw new SpecError(
        path,
        `expected each column once, got ${quoteText(feature)} again. Remove one of the two.`,
      )
    }
    seen.add(composed)
  }
  checkOneHot(data)
  if (task === 'classification' && standardiseLabel !== undefined) {
    throw new SpecError(
      'data.standardiseLabel',
      `expected none for a classification, got ${String(standardiseLabel)}. Remove the entry.`,
    )
  }
  if (task === 'regression' && classes !== undefined) {
    throw new SpecError('data.classes', `expected none for a regression, got ${classes}. Remove the entry.`)
  }
}

function checkOneHot(data: CsvEntries): void {
  const { features, oneHot = [] } = data
  const names = new Set(features.map((name) => name.normalize('NFC')))
  const seen = new Set<string>()
  for (const [index, { column: written, values }] of oneHot.entries()) {
    const path = `data.oneHot[${index}]`
    const column = written.normalize('NFC')
    if (!names.has(column) || seen.has(column)) {
      const [expected, got] = seen.has(column)
        ? ['each column once', ' again']
        : ['a column of the features', '']
      throw new SpecError(
        `${path}.column`,
        `expected ${expected}, got ${quoteText(column)}${got}. Correct the name, or remove the entry.`,
      )
    }
    seen.add(column)
    const again = values.findIndex((value, at) => values.indexOf(value) !== at)
    if (again < 0) continue
    throw new SpecError(
      `${path}.values[${again}]`,
      `expected each value once, got ${quoteText(values[again] ?? '')} again. Remove one of the two.`,
    )
  }
  const inputs = csvInputs(data)
  const characters = charactersOf(oneHot.flatMap(({ values }) => values))
  if (inputs > limits.csvFeatures) {
    throw new SpecError(
      'data.oneHot',
      `expected at most ${limits.csvFeatures} numbers for an example, got ${inputs}. Choose fewer columns of texts.`,
    )
  }
  if (characters > limits.featureCharacters) {
    throw new SpecError(
      'data.oneHot',
      `expected values of at most ${limits.featureCharacters} characters together, got ${characters}. ` +
        'Choose fewer columns of texts.',
    )
  }
}

/** A line for each column, within the options of a call. */
function oneHotList(oneHot: NonNullable<CsvEntries['oneHot']>): string {
  const lines = oneHot.map(
    ({ column, values }) => `    { column: ${quote(column)}, values: [${values.map(quote).join(', ')}] },`,
  )
  return ['[', ...lines, '  ]'].join('\n')
}

function optionsOf(
  { features, oneHot, skipGaps, label, task, classes, standardise, standardiseLabel }: CsvEntries,
  tokens: number | undefined,
): Options {
  return [
    ['features', `[${features.map(quote).join(', ')}]`],
    ...(oneHot === undefined ? [] : [['oneHot', oneHotList(oneHot)] as const]),
    ...(skipGaps ? [['skipGaps', 'true'] as const] : []),
    ['label', quote(label)],
    ['task', quote(task)],
    ...option('classes', classes),
    ...(standardise ? [['standardise', 'true'] as const] : []),
    ...(standardiseLabel ? [['standardiseLabel', 'true'] as const] : []),
    // What an embedding looks up has to be integers, and as many as it has rows.
    ...option('tokens', tokens),
  ]
}

/** Rows of a CSV file. */
export const csv = dataRecord('csv', entries, {
  label: 'CSV',
  choice: 'CSV file …',
  description: 'Rows of a CSV file.',
  view: 'rows',
  source: 'file',
  edit: 'Edit data …',
  task: ({ task }) => task,
  inputShape: (data) => [csvInputs(data)],
  longest: () => 1,
  classes: ({ task, classes = 2 }) => (task === 'regression' ? 0 : classes),
  classChoices: [],
  tokens: ({ standardise, oneHot }) => (standardise || oneHot !== undefined ? null : Infinity),
  count: ({ file }) => file?.rows ?? 0,
  mostTrained: 1,
  check: checkCsvData,
  call: (data, { tokens }) => plainCall(optionsOf(data, tokens), { isAwaited: true }),
})
