/** A CSV file and the choice of its columns, before the experiment takes them. */
import { likelyFeatures, likelyLabel, likelyTask, needsScale } from '$lib/core/data/csvChoices'
import type { CsvColumn } from '$lib/core/data/csvColumns'
import { maxCsvClasses } from '$lib/core/catalogue/data/csv'
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
    this.#label = chosen.label
    this.#features = chosen.features
    this.#task = chosen.task
    this.#standardise = chosen.standardise
    this.#standardiseLabel = chosen.standardiseLabel ?? false
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

  /** Number of classes; 0 for a regression. */
  readonly classes = $derived.by(() => (this.#task === 'regression' ? 0 : (this.#labelColumn?.distinct ?? 0)))

  /** What keeps the choice from being used; null for nothing. */
  readonly problem = $derived.by(() => {
    if (this.#file === null) return 'csv: expected a file, got none. Choose one.'
    return this.#labelProblem() ?? this.#featureProblem()
  })

  /** What somebody may want to think over. */
  readonly warnings = $derived.by((): readonly string[] => {
    const rows = this.#file?.rows ?? 0
    const constant = this.#chosen
      .filter(({ distinct }) => distinct < 2)
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

  chooseStandardiseLabel(isOn: boolean): void {
    this.#standardiseLabel = isOn
  }

  /** The choice as the spec has it. */
  get columns(): CsvColumns {
    const classes = this.classes
    return {
      features: this.#features,
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
    if (this.#task === 'regression') return column.numberProblem
    if (column.labelProblem !== null) return column.labelProblem
    if (column.distinct >= 2 && column.distinct <= maxCsvClasses) return null
    const expected = column.distinct < 2 ? '2 or more' : `at most ${String(maxCsvClasses)}`
    return (
      `csv: column ${quoteText(column.name)}: expected ${expected} classes, got ${String(column.distinct)}. ` +
      'Choose another label, or make it a regression.'
    )
  }

  #featureProblem(): string | null {
    const faulty = this.#chosen.find(({ numberProblem }) => numberProblem !== null)
    if (faulty) return faulty.numberProblem
    if (this.#features.length > 0) return null
    const isHopeless = !(this.#file?.columns ?? []).some(canBeFeature(this.#label))
    return isHopeless
      ? `csv: expected a column of numbers beside ${quoteText(this.#label)}, got none. Write features as numbers.`
      : 'csv: expected features, got none. Choose one column of numbers or more.'
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

function canBeFeature(label: string): (column: CsvColumn) => boolean {
  return ({ name, numberProblem }) => name !== label && numberProblem === null
}

function hasColumns({ columns }: CsvFile, { features, label }: CsvColumns): boolean {
  const names = new Set(columns.map(({ name }) => name))
  return [...features, label].every((name) => names.has(name))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
