/** The experiment on screen: spec, lane settings and schedule; validated, undoable by link, kept across visits. */
import { generateProgram } from '$lib/core/codegen'
import type { CsvData } from '$lib/core/catalogue/data/csv'
import { decodeHash, encodeHash } from '$lib/core/spec/hash'
import { defaultExperiment } from '$lib/core/spec/defaults'
import { exportSpec, importSpec, textOfFile, type ExperimentFile } from '$lib/core/spec/file'
import { layerShapes, type LayerShape } from '$lib/core/spec/layerShapes'
import { parseExperiment, parseSpec } from '$lib/core/spec/parse'
import type { Experiment, LaneSettings, Schedule, Spec } from '$lib/core/spec/schema'
import { cutText } from '$lib/core/util/cutText'
import { SpecError } from '$lib/core/util/errors'
import type { CsvFile, CsvSource } from '$lib/workers/csvProtocol'
import { findPreset } from '../../../models'
import { CsvFiles } from './csvFiles.svelte'
import { specOnFile, specOnOtherFile, type CsvColumns } from './csvSpec'
import type { CsvShelf } from './csvStore'
import { followText } from './followText'
import { keepExperiment, keepSources, readVisit, type ProgramSource } from './lastVisit'
import { OpenLesson } from './lesson.svelte'

/** A message for the person at the page. */
export interface Notice {
  readonly kind: 'error' | 'info'
  readonly title: string
  readonly detail: string
}

/** An experiment that was opened and trains on a file that is not at hand: the current one stays until it is. */
export interface WaitingExperiment {
  readonly experiment: Experiment
  readonly data: CsvData
  readonly sources: readonly (ProgramSource | undefined)[]
  /** The file may be among those that this browser keeps. */
  readonly isLooking: boolean
}

const fileRefused = 'This file cannot be opened'

/** The experiment of the page: spec and lane settings. */
export class ExperimentState {
  #experiment = $state.raw<Experiment>(defaultExperiment())
  #notice = $state.raw<Notice | null>(null)
  #issue = $state.raw<SpecError | null>(null)
  #lesson = $state.raw<OpenLesson | null>(null)
  #sources = $state.raw<readonly (ProgramSource | undefined)[]>([])
  readonly #files: CsvFiles
  #waiting = $state.raw<WaitingExperiment | null>(null)
  #isRestoring = $state(false)
  /** Index of the layer to edit; the last one counts where the model has fewer. */
  chosenLayer = $state(0)
  /** The lanes' own settings while they are lent to a demonstration; null while they have them. */
  #ownLanes = $state.raw<Experiment['lanes'] | null>(null)
  readonly #fragment = $derived(
    encodeHash(this.#ownLanes === null ? this.#experiment : { ...this.#experiment, lanes: this.#ownLanes }),
  )
  readonly #shapes = $derived(layerShapes(this.#experiment.spec))

  /** `shelf` keeps CSV files between visits; this browser's where not given. */
  constructor(shelf?: CsvShelf) {
    this.#files = new CsvFiles(shelf)
  }

  get spec(): Spec {
    return this.#experiment.spec
  }

  get lanes(): readonly [LaneSettings, LaneSettings] {
    return this.#experiment.lanes
  }

  get schedule(): Schedule {
    return this.#experiment.schedule
  }

  /** Folder of the preset, while the spec is still the preset's. */
  get preset(): string | undefined {
    return this.#experiment.preset
  }

  /** The lesson of the preset that was opened last; null for none, and once it is closed. */
  get lesson(): OpenLesson | null {
    return this.#lesson
  }

  closeLesson(): void {
    this.#lesson = null
  }

  get notice(): Notice | null {
    return this.#notice
  }

  /** The last edit that was refused, until an edit is accepted. */
  get issue(): SpecError | null {
    return this.#issue
  }

  get shapes(): readonly LayerShape[] {
    return this.#shapes
  }

  /** Brings back the last visit, then opens the link if there is one. Starts nothing. */
  restore(hash: string): void {
    const { experiment, sources, problem } = readVisit()
    if (experiment) this.#accept(experiment)
    this.#setSources(sources)
    if (this.#waiting) this.#waiting = { ...this.#waiting, sources }
    this.openLink(hash)
    if (problem !== undefined) {
      const others = this.#notice ? `${this.#notice.title}: ${this.#notice.detail} ` : ''
      this.#notice = { kind: 'error', title: 'The last visit cannot be restored', detail: others + problem }
    }
    this.#isRestoring = this.#waiting?.isLooking === true
  }

  /** Opens what the address holds; a wrong link becomes a notice and changes nothing. */
  openLink(hash: string): void {
    const name = /^#preset=([\w-]+)$/.exec(hash)?.[1]
    if (name !== undefined) this.loadPreset(name)
    else if (hash.length > 1)
      this.#attempt('This link cannot be opened', () => {
        this.#accept(decodeHash(hash), 'link')
      })
  }

  /** The CSV file that was used last: the one of the experiment where its data are of a file. */
  get csvFile(): CsvFile | null {
    return this.#files.current
  }

  /** Whether a reload finds the file again; null until that is known. */
  get isCsvKept(): boolean | null {
    return this.#files.isKept
  }

  /** What programs of this experiment read; undefined where its data are of no file. */
  get csvSource(): CsvSource | undefined {
    if (this.spec.data.kind !== 'csv' || !this.csvFile) return undefined
    const { hash, blob } = this.csvFile
    return { hash, blob }
  }

  /** What was opened and waits for its file; null for nothing. */
  get waiting(): WaitingExperiment | null {
    return this.#waiting
  }

  /** True while the file of the last visit, or of the link that the page was opened with, is looked for. */
  get isRestoring(): boolean {
    return this.#isRestoring
  }

  /** Trains on columns of `file`, with loss and output layer to match; sets `issue` where that gives no valid spec. */
  useCsv(file: CsvFile, columns: CsvColumns): void {
    this.update((spec) => specOnFile(spec, file, columns))
    if (this.#issue === null) this.#files.use(file)
  }

  /** Opens the experiment that waits, with its file or another one that has the same columns. */
  openWaiting(file: CsvFile): void {
    if (!this.#waiting) return
    const { experiment, data, sources } = this.#waiting
    this.#open({ ...experiment, spec: specOnOtherFile(experiment.spec, data, file) }, sources)
    this.#files.use(file)
  }

  /** Keeps the current experiment in place of the one that waits. */
  forgetWaiting(): void {
    this.#waiting = null
  }

  /** Applies a change if it gives a valid spec; otherwise sets `issue` and keeps the current one. */
  update(change: (spec: Spec) => Spec): void {
    this.#change(() => ({ ...this.#experiment, spec: parseSpec(change(this.spec)), preset: undefined }))
  }

  /** Keeps the spec's learning rate in step with the live one, without leaving the preset. */
  setLearningRate(learningRate: number): void {
    const spec = { ...this.spec, optimizer: { ...this.spec.optimizer, learningRate } }
    this.#change(() => ({ ...this.#experiment, spec: parseSpec(spec) }))
  }

  /** Sets `issue`, and changes nothing, where the lane cannot have these settings. */
  setLane(index: 0 | 1, change: Partial<LaneSettings>): void {
    const [a, b] = this.lanes
    const lanes = index === 0 ? [{ ...a, ...change }, b] : [a, { ...b, ...change }]
    this.#change(() => parseExperiment({ ...this.#experiment, lanes }))
  }

  #change(change: () => Experiment): void {
    try {
      this.#replace(change())
    } catch (error) {
      if (!(error instanceof SpecError)) throw error
      this.#issue = error
    }
  }

  /** True while the lanes have settings that `returnLanes` takes from them. */
  get areLanesLent(): boolean {
    return this.#ownLanes !== null
  }

  /** Gives the lanes settings for a while: neither the address nor the next visit has them. */
  lendLanes(lanes: Experiment['lanes']): void {
    this.#ownLanes ??= this.lanes
    this.#replace({ ...this.#experiment, lanes })
  }

  /** Gives the lanes back their own settings. */
  returnLanes(): void {
    const lanes = this.#ownLanes ?? this.lanes
    this.#ownLanes = null
    this.#replace({ ...this.#experiment, lanes })
  }

  /** Leaves the lanes the settings that they were lent. */
  keepLentLanes(): void {
    this.#ownLanes = null
  }

  setSchedule(schedule: Schedule): void {
    this.#replace({ ...this.#experiment, schedule })
  }

  /** Opens a preset with generated programs: a text that was written for another spec would not train it. */
  loadPreset(name: string): void {
    const preset = findPreset(name)
    if (!preset) {
      this.#warn('This preset does not exist', `models: expected a known preset, got '${cutText(name, 40)}'.`)
      return
    }
    const [a, b] = this.#ownLanes ?? this.lanes
    const { executions } = preset.lesson
    this.#ownLanes = null
    this.#waiting = null
    this.#replace({
      ...this.#experiment,
      spec: preset.spec,
      preset: name,
      schedule: preset.lesson.schedule ?? 'race',
      lanes: [
        { ...a, execution: executions?.[0] ?? a.execution, program: undefined },
        { ...b, execution: executions?.[1] ?? b.execution, program: undefined },
      ],
    })
    this.#openLesson()
  }

  /** Opens a file that somebody chose; one that is too large is not even read. */
  async openFile(file: ExperimentFile): Promise<void> {
    try {
      this.importText(await textOfFile(file), file.name)
    } catch (error) {
      this.#refuse(fileRefused, error)
    }
  }

  /** Opens the text of a file; `fileName` lets a refusal say what the file rather is. */
  importText(text: string, fileName?: string): void {
    this.#attempt(fileRefused, () => {
      this.#accept(importSpec(text, fileName), 'file')
    })
  }

  exportText(): string {
    return exportSpec(this.#experiment)
  }

  /** The experiment as the fragment of the page's address, without settings that were lent to its lanes. */
  get fragment(): string {
    return this.#fragment
  }

  /** An absolute link that holds everything. */
  link(): string {
    const url = new URL(location.href)
    url.hash = encodeHash(this.#experiment)
    return url.href
  }

  /** The program a lane would run now: generated from the spec, or the edited text. */
  program(index: 0 | 1): string {
    return this.lanes[index].program ?? this.generated(index)
  }

  /** The program that the spec gives a lane, whether it is edited or not. */
  generated(index: 0 | 1): string {
    const settings = this.lanes[index]
    const isAligned = index === 1 && this.spec.alignment === 'aligned'
    return generateProgram(this.spec, settings.style, {
      lane: index === 0 ? 'A' : 'B',
      execution: settings.execution,
      stepsPerExecution: settings.stepsPerExecution,
      ...(isAligned ? { alignedTo: this.lanes[0].style } : {}),
    })
  }

  /** What brought a lane's edited program, until somebody edits or runs it here. */
  programSource(index: 0 | 1): ProgramSource | undefined {
    return this.lanes[index].program === undefined ? undefined : this.#sources[index]
  }

  /** Notes that the program was read here. */
  markRead(index: 0 | 1): void {
    if (this.#sources[index]) this.#setSources(this.#sources.with(index, undefined))
  }

  /** Tells something that happened to the runs; what is said under the same title stays beside it. */
  inform(title: string, detail: string): void {
    const earlier = this.#notice?.title === title ? `${this.#notice.detail} ` : ''
    this.#notice = { kind: 'info', title, detail: `${earlier}${detail}` }
  }

  /** Tells what was not possible, and what stays as it was. */
  warn(title: string, detail: string): void {
    this.#notice = { kind: 'error', title, detail }
  }

  dismissNotice(): void {
    this.#notice = null
    this.#issue = null
  }

  #attempt(title: string, open: () => void): void {
    try {
      open()
    } catch (error) {
      this.#refuse(title, error)
    }
  }

  #refuse(title: string, error: unknown): void {
    if (!(error instanceof SpecError)) throw error
    this.#warn(title, error.message)
  }

  #accept(experiment: Experiment, source?: ProgramSource): void {
    const before = this.#waiting ?? { experiment: this.#experiment, sources: this.#sources }
    const sources = experiment.lanes.map(({ program }, index) =>
      program === before.experiment.lanes[index]?.program ? before.sources[index] : source,
    )
    const { data } = experiment.spec
    if (data.kind === 'csv' && (!data.file || data.file.hash !== this.csvFile?.hash))
      this.#wait({ experiment, data, sources, isLooking: true })
    else this.#open(experiment, sources)
  }

  #open(experiment: Experiment, sources: WaitingExperiment['sources']): void {
    this.#waiting = null
    this.#ownLanes = null
    this.#setSources(sources)
    this.#replace(experiment)
    this.#openLesson()
    this.#notice = null
  }

  #wait(waiting: WaitingExperiment): void {
    this.#waiting = waiting
    this.#notice = null
    void this.#lookUp(waiting)
  }

  async #lookUp({ experiment, data }: WaitingExperiment): Promise<void> {
    const file = await this.#files.find(data.file?.hash)
    // Another link may have been opened meanwhile.
    if (this.#waiting?.experiment !== experiment) return
    if (file) this.openWaiting(file)
    else this.#waiting = { ...this.#waiting, isLooking: false }
    this.#isRestoring = false
  }

  #openLesson(): void {
    const { preset } = this.#experiment
    if (preset !== undefined && preset !== this.#lesson?.preset) this.#lesson = new OpenLesson(preset)
  }

  #warn(title: string, detail: string): void {
    this.#notice = { kind: 'error', title, detail: `${detail} The current experiment is kept.` }
  }

  #replace(experiment: Experiment): void {
    const [a, b] = experiment.lanes
    this.#experiment = { ...experiment, lanes: [followText(a), followText(b)] }
    this.#issue = null
    // What failed before says nothing of what is on screen now.
    if (this.#notice?.kind === 'error') this.#notice = null
    keepExperiment(this.#fragment)
  }

  #setSources(sources: readonly (ProgramSource | undefined)[]): void {
    this.#sources = sources
    keepSources(sources)
  }
}
