/** A lane's experiment as a program for the real frameworks: which one, what it starts from, and its files. */
import { pythonNotebook, pythonScript, requirements, type PythonFiles } from '$lib/core/codegen/python'
import { exampleCount } from '$lib/core/spec/datasets'
import type { Spec, Style } from '$lib/core/spec/schema'
import { ExportClient, exportedFiles, type ExportedPart } from '$lib/workers/exportClient'
import type { ModelWeights } from '$lib/workers/protocol'
import { laneAssets } from './laneAssets'
import type { Playground } from './playground.svelte'
import { fileStem, saveFile } from './saveFile'

/** What the program starts from: the framework's own weights, the lane's first ones, or its trained ones. */
export type StartingPoint = 'own' | 'first' | 'trained'

/** So many row numbers make a data file of 40 MB. */
const mostRecordedRows = 10_000_000

const contentTypes: Readonly<Record<ExportedPart, string>> = {
  archive: 'application/zip',
  data: 'application/octet-stream',
  weights: 'application/octet-stream',
}
const endings = { archive: '.zip', data: '-data.npz', weights: '-weights.safetensors' } as const

/** The choices of the Python dialog and its program. */
export class PythonExport {
  style = $state<Style>('keras')
  /** Null while nobody chose. */
  #wanted = $state<StartingPoint | null>(null)
  #isBusy = $state(false)
  #problem = $state<string | null>(null)
  readonly #client: ExportClient

  constructor(
    private readonly playground: Playground,
    private readonly index: 0 | 1,
  ) {
    this.style = this.#laneStyle
    this.#client = new ExportClient(laneAssets().digits)
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Why the last file could not be written. */
  get problem(): string | null {
    return this.#problem
  }

  /** An edited program has no translation; its experiment has. */
  get isEdited(): boolean {
    return this.playground.programs[this.index].isEdited
  }

  /** What there is to start from: weights of a run of the generated program, in its own style's framework. */
  readonly startingPoints = $derived.by((): readonly StartingPoint[] => {
    const lane = this.playground.lanes[this.index]
    const { editOfRun } = this.playground.programs[this.index]
    const hasRun = lane.status !== 'idle' && lane.status !== 'preparing' && editOfRun === undefined
    if (!hasRun || this.isEdited || this.style !== this.#laneStyle) return ['own']
    // A run that failed before its first batch started from nothing.
    if (this.playground.firstWeights(this.index) === undefined) return ['own']
    return lane.run.step > 0 ? ['own', 'first', 'trained'] : ['own', 'first']
  })

  /** The lane's first weights, where there are any and nobody chose: they give the losses of the page. */
  get start(): StartingPoint {
    const wanted = this.#wanted ?? 'first'
    return this.startingPoints.includes(wanted) ? wanted : 'own'
  }

  set start(wanted: StartingPoint) {
    this.#wanted = wanted
  }

  /** Whether the program takes the batches of the lane, in their order. */
  get hasOrder(): boolean {
    const { data, training } = this.playground.experiment.spec
    const rows = exampleCount(data) * data.trainFraction * training.epochs
    return this.start === 'first' && training.shuffle && rows <= mostRecordedRows
  }

  /** Translated, an aligned experiment follows Keras; one that follows a PyTorch-style lane A is native to PyTorch. */
  readonly #spec = $derived.by((): Spec => {
    const { spec, lanes } = this.playground.experiment
    return lanes[0].style === 'torch' ? { ...spec, alignment: 'native' } : spec
  })
  /** As the lane's run is, or the next one is to be. */
  readonly #execution = $derived.by(() => {
    const { execution, stepsPerExecution } = this.playground.experiment.lanes[this.index]
    return { execution: this.playground.lanes[this.index].run.execution ?? execution, stepsPerExecution }
  })
  readonly #files = $derived<PythonFiles>({
    hasOrder: this.hasOrder,
    weightsFile: this.start === 'own' ? null : exportedFiles.weights,
    execution: this.#execution,
  })
  readonly script = $derived.by(() => pythonScript(this.#spec, this.style, this.#files))

  /** Whether it trains by the formulas of the lane: real Keras has no others than its own. */
  get followsLane(): boolean {
    const { spec, lanes } = this.playground.experiment
    return this.style === 'torch' || spec.alignment === 'native' || lanes[0].style === 'keras'
  }

  /** Versions that the program is for. */
  get versions(): string {
    return requirements[this.style].text
  }

  saveScript(): void {
    saveFile(`${this.#stem}.py`, 'text/x-python', this.script)
  }

  saveNotebook(): void {
    saveFile(`${this.#stem}.ipynb`, 'application/x-ipynb+json', this.#notebook)
  }

  /** Writes a file with what the program needs, or with all of it, and offers it as a download. */
  async save(part: ExportedPart): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    this.#problem = null
    try {
      const { style, hasOrder } = this
      const { csvSource: csv } = this.playground.experiment
      const spec = this.#spec
      const weights = await this.#weights()
      const texts = {
        'program.py': this.script,
        'program.ipynb': this.#notebook,
        'requirements.txt': `${requirements[style].packages.join('\n')}\n`,
      }
      const folder = this.#stem
      const bytes = await this.#client.write({ part, spec, style, csv, hasOrder, weights, folder, texts })
      saveFile(`${folder}${endings[part]}`, contentTypes[part], bytes)
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
    } finally {
      this.#isBusy = false
    }
  }

  dispose(): void {
    this.#client.dispose()
  }

  get #laneStyle(): Style {
    return this.playground.experiment.lanes[this.index].style
  }

  get #notebook(): string {
    return pythonNotebook(this.#spec, this.style, this.#files)
  }

  get #stem(): string {
    const { name, data } = this.playground.experiment.spec
    return `${fileStem(name || data.kind)}-${this.style === 'keras' ? 'keras' : 'pytorch'}`
  }

  async #weights(): Promise<ModelWeights | null> {
    if (this.start === 'own') return null
    if (this.start === 'first') return this.playground.firstWeights(this.index) ?? null
    return (await this.playground.lanes[this.index].questions.takeWeights()).weights
  }
}
