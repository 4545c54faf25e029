/** A CSV file and the choice of its columns, before the experiment takes them. */
import {
  likelyFeatures,
  likelyLabel,
  likelyTask,
  needsScale,
  rowsWithGaps,
  useOf,
} from '$lib/core/data/csvChoices'
import type { ColumnUse, CsvColumn } from '$lib/core/data/csvColumns'
import { csvInputs, maxCsvClasses } from '$lib/core/catalogue/data/csv'
import { quoteText } from '$lib/core/util/quoteText'
import type { Task } from '$lib/core/spec/datasets'
import type { CsvClient, CsvFile, ReadProgress } from '$lib/workers/csvClient'
import type { CsvColumns } from './csvSpec'
import { csvSelection } from './probe'

const usualTrainFraction = 0.8
/** With more classes, or fewer rows of each, a number is more likely to be predicted. */
const usualClasses = 20
const usualRowsPerClass = 5

/** The choices of the CSV dialog before they are applied. */
export class CsvDraft {
  #file = $state.raw<CsvFile | null>(null)
  #progress = $state.raw<ReadProgress | null>(null)
  #error = $state<string | null>(null)
  #label = $state('')
  #features = $state.raw<readonly string[]>([])
  #task = $state<Task>('classification')
  #standardise = $state<boolean | null>(null)
  #standardiseLabel = $state<boolean | null>(null)
  #skipGaps = $state(false)
  trainFraction = $state(usualTrainFraction)
  /** Ends the reading of the file that was given last. */
  #reading = new AbortController()

  constructor(
    private readonly reader: Pick<CsvClient, 'read' | 'sample'>,
    file: CsvFile | null,
    chosen: CsvColumns | null,
  ) {
    if (file === null) return
    this.#begin(file)
    if (chosen === null || !hasColumns(file, chosen)) return
    this.#label = chosen.label.normalize('NFC')
    this.#features = chosen.features.map((name) => name.normalize('NFC'))
    this.#task = chosen.task
    this.#standardise = chosen.standardise
    this.#standardiseLabel = chosen.standardiseLabel ?? false
    this.#skipGaps = chosen.skipGaps ?? false
    this.trainFraction = chosen.trainFraction
  }

  get file(): CsvFile | null {
    return this.#file
  }

  /** How far the reading of a file is; null while none is read. */
  get progress(): ReadProgress | null {
    return this.#progress
  }

  /** Why the file that was given last cannot be used; the one before it stays. */
  get error(): string | null {
    return this.#error
  }

  get label(): string {
    return this.#label
  }

  /** In the order of the file. */
  get features(): readonly string[] {
    return this.#features
  }

  isFeature(name: string): boolean {
    return this.#chosenNames.has(name)
  }

  get task(): Task {
    return this.#task
  }

  readonly standardise = $derived.by(() => this.#standardise ?? needsScale(this.#chosen))

  readonly #chosenNames = $derived(new Set(this.#features))
  readonly #chosen = $derived.by(() =>
    (this.#file?.columns ?? []).filter(({ name }) => this.#chosenNames.has(name)),
  )
  readonly #labelColumn = $derived(this.#file?.columns.find(({ name }) => name === this.#label) ?? null)

  /** Of a regression: where targets are large, a model needs long to reach them. */
  readonly standardiseLabel = $derived.by(
    () => this.#standardiseLabel ?? (this.#labelColumn !== null && needsScale([this.#labelColumn])),
  )

  /** Rows with a gap in a chosen column. */
  readonly gaps = $derived.by(() => rowsWithGaps(this.#file?.columns ?? [], [...this.#features, this.#label]))

  /** Whether those rows are left out. */
  readonly skipGaps = $derived.by(() => this.#skipGaps && this.gaps > 0)

  /** Rows that train or test. */
  readonly rows = $derived.by(() => (this.#file?.rows ?? 0) - (this.skipGaps ? this.gaps : 0))

  /** Number of classes; 0 for a regression. */
  readonly classes = $derived.by(() =>
    this.#task === 'regression' || !this.#labelColumn ? 0 : this.use(this.#labelColumn).distinct,
  )

  /** Features of texts, with their values. */
  readonly #oneHot = $derived.by(() =>
    this.#chosen
      .filter(({ kind }) => kind === 'text')
      .map((column) => ({ column: column.name, values: this.use(column).values ?? [] })),
  )

  /** How many numbers the model reads: of a text one for each of its values. */
  readonly inputs = $derived(csvInputs({ features: this.#features, oneHot: this.#oneHot }))

  /** What keeps the choice from being used; null for nothing. */
  readonly problem = $derived.by(() => {
    if (this.#file === null) return 'csv: expected a file, got none. Choose one.'
    return this.#labelProblem() ?? this.#featureProblem()
  })

  /** What somebody may want to think over. */
  readonly warnings = $derived.by((): readonly string[] => {
    const { rows } = this
    const constant = this.#chosen
      .filter((column) => this.use(column).distinct < 2)
      .map(
        ({ name }) =>
          `Column ${quoteText(name)} has the same value in every row: a model learns nothing from it.`,
      )
    const isSpread =
      this.classes > usualClasses || (this.classes > 2 && rows < this.classes * usualRowsPerClass)
    if (!isSpread) return constant
    const perClass = Math.round(rows / this.classes)
    return [
      ...constant,
      `${quoteText(this.#label)} tells ${String(this.classes)} classes apart, with about ${String(perClass)} rows each: ` +
        'is it a number to predict, or the wrong label?',
    ]
  })

  /** Reads a file in its place; one that cannot be read changes nothing else. An earlier one is read no further. */
  async read(blob: Blob, name: string): Promise<void> {
    this.cancel()
    this.#error = null
    this.#progress = { label: 'Reading the file', loaded: 0, total: 1 }
    const { signal } = this.#reading
    const onProgress = (progress: ReadProgress) => {
      if (!signal.aborted) this.#progress = progress
    }
    try {
      const file = await this.reader.read(blob, name, onProgress, signal)
      if (!signal.aborted) this.#begin(file)
    } catch (error) {
      if (!signal.aborted) this.#error = messageOf(error)
    } finally {
      if (!signal.aborted) this.#progress = null
    }
  }

  /** Ends the reading of a file at once; nothing of it is taken. */
  cancel(): void {
    this.#reading.abort()
    this.#reading = new AbortController()
    this.#progress = null
  }

  /** The old label becomes a feature if it can be one; the task is the likely one for the new label. */
  chooseLabel(name: string): void {
    const columns = this.#file?.columns ?? []
    const earlier = likelyFeatures(columns, name).filter((feature) => feature === this.#label)
    this.#setFeatures([...this.#features, ...earlier].filter((feature) => feature !== name))
    this.#label = name
    if (this.#labelColumn) this.#task = likelyTask(this.#labelColumn)
  }

  chooseFeature(name: string, isChosen: boolean): void {
    const others = this.#features.filter((feature) => feature !== name)
    this.#setFeatures(isChosen ? [...others, name] : others)
  }

  /** All columns that can be features, or none. */
  chooseFeatures(areAll: boolean): void {
    this.#features = areAll ? likelyFeatures(this.#file?.columns ?? [], this.#label) : []
  }

  chooseTask(task: Task): void {
    this.#task = task
  }

  chooseStandardise(isOn: boolean): void {
    this.#standardise = isOn
  }

  chooseSkipGaps(isOn: boolean): void {
    this.#skipGaps = isOn
  }

  /** What a column is good for, by the rows that are taken. */
  use(column: CsvColumn): ColumnUse {
    return useOf(column, this.skipGaps)
  }

  /** Why a column cannot be a feature, or not yet; null where it can. */
  featureProblem(column: CsvColumn): string | null {
    const { numberProblem, textProblem } = this.use(column)
    return column.kind === 'text' ? textProblem : numberProblem
  }

  chooseStandardiseLabel(isOn: boolean): void {
    this.#standardiseLabel = isOn
  }

  /** The choice as the spec has it. */
  get columns(): CsvColumns {
    const classes = this.classes
    return {
      features: this.#features,
      ...(this.#oneHot.length > 0 ? { oneHot: this.#oneHot } : {}),
      ...(this.skipGaps ? { skipGaps: true } : {}),
      label: this.#label,
      task: this.#task,
      standardise: this.standardise,
      trainFraction: this.trainFraction,
      ...(classes === 0 ? { standardiseLabel: this.standardiseLabel } : { classes }),
    }
  }

  /** Looks at all chosen rows; gives what is wrong with them, or null. */
  async check(seed: number): Promise<string | null> {
    if (this.problem !== null || this.#file === null) return this.problem
    return problemOf(this.reader, this.#file, this.columns, seed)
  }

  #begin(file: CsvFile): void {
    this.#file = file
    this.#label = likelyLabel(file.columns, file.rows)
    this.#features = likelyFeatures(file.columns, this.#label)
    this.#standardise = null
    this.#standardiseLabel = null
    this.#skipGaps = false
    if (this.#labelColumn) this.#task = likelyTask(this.#labelColumn)
  }

  #setFeatures(names: readonly string[]): void {
    const all = this.#file?.columns ?? []
    const chosen = new Set(names)
    this.#features = all.map(({ name }) => name).filter((name) => chosen.has(name))
  }

  #labelProblem(): string | null {
    const column = this.#labelColumn
    if (!column) return 'csv: expected a label, got none. Choose a column.'
    const { numberProblem, labelProblem, distinct } = this.use(column)
    if (this.#task === 'regression') return numberProblem
    if (labelProblem !== null) return labelProblem
    if (distinct >= 2 && distinct <= maxCsvClasses) return null
    const expected = distinct < 2 ? '2 or more' : `at most ${String(maxCsvClasses)}`
    return (
      `csv: column ${quoteText(column.name)}: expected ${expected} classes, got ${String(distinct)}. ` +
      'Choose another label, or make it a regression.'
    )
  }

  #featureProblem(): string | null {
    const faulty = this.#chosen
      .map((column) => this.featureProblem(column))
      .find((problem) => problem !== null)
    if (faulty !== undefined) return faulty
    if (this.#features.length > 0) return null
    const others = (this.#file?.columns ?? []).filter(({ name }) => name !== this.#label)
    return others.some(canBeFeature)
      ? 'csv: expected features, got none. Choose one column or more.'
      : `csv: expected a column of numbers, or of few texts, beside ${quoteText(this.#label)}, got none. ` +
          'Write features as numbers.'
  }
}

/** What keeps a file from giving the rows that a choice asks for; null for nothing. */
export async function problemOf(
  reader: Pick<CsvClient, 'sample'>,
  file: CsvFile,
  columns: CsvColumns,
  seed: number,
): Promise<string | null> {
  try {
    await reader.sample(file, csvSelection({ kind: 'csv', ...columns }, seed))
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** If not at once, then without the rows that have gaps. */
function canBeFeature({ kind, filled }: CsvColumn): boolean {
  return (kind === 'text' ? filled.textProblem : filled.numberProblem) === null
}

function hasColumns({ columns }: CsvFile, { features, label }: CsvColumns): boolean {
  const names = new Set(columns.map(({ name }) => name))
  return [...features, label].every((name) => names.has(name.normalize('NFC')))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
