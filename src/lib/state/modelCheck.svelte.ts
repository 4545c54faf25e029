/** A preset trained in a lane of its own, and its model as an ONNX file in onnxruntime-web: do they answer alike? */
import { generateProgram } from '$lib/core/codegen'
import { longestShapeOf } from '$lib/core/spec/datasets'
import { isSequences, isViewedAs } from '$lib/core/catalogue/data'
import type { Execution, Spec, Style } from '$lib/core/spec/schema'
import { OnnxClient, type OnnxAnswer } from '$lib/workers/onnxClient'
import type { BackendName, Probe } from '$lib/workers/protocol'
import { largestDifference } from './difference'
import { Lane, type LaneEvents } from './lane.svelte'
import { laneAssets } from './laneAssets'
import { probeFor } from './probe'

/** A preset with the address of its trained file. */
export interface CheckedPreset {
  readonly name: string
  readonly spec: Spec
  readonly modelUrl: string
}

/** Where a file comes from. */
export type FileSource = 'shipped' | 'exported'

/** A file's bytes or its address. */
interface ModelFile {
  readonly source: FileSource
  readonly model: Uint8Array | string
}

/** What a file answered. */
export interface CheckedFile {
  readonly source: FileSource
  readonly answer: OnnxAnswer
}

/** What a check of a model is doing. */
export type CheckStatus = 'idle' | 'training' | 'running' | 'done' | 'failed'

const backends: { readonly [E in Execution]: readonly BackendName[] } = {
  // Wasm lacks the gradients of convolutions; whatever lacks something is passed over.
  eager: ['wasm', 'cpu'],
  static: ['wasm'],
}
const imageBackends: { readonly [E in Execution]: readonly BackendName[] } = {
  eager: ['webgl', 'cpu'],
  static: ['wasm'],
}

/** Trains a shipped model again, or runs its file, and compares. */
export class ModelCheck implements LaneEvents {
  #lane = $state.raw<Lane | null>(null)
  #status = $state<CheckStatus>('idle')
  #error = $state<string | null>(null)
  #files = $state.raw<readonly CheckedFile[]>([])
  /** Counts comparisons: what belongs to an earlier one is dropped. */
  #check = 0
  #ended: ((isTrained: boolean) => void) | null = null
  readonly #assets = laneAssets()
  readonly #onnx = new OnnxClient(this.#assets)

  /** The lane that trains; null before the first training, which starts its worker. */
  get lane(): Lane | null {
    return this.#lane
  }

  get status() {
    return this.#status
  }
  get error() {
    return this.#error
  }

  /** The file that ran last; null before any. */
  get shown(): CheckedFile | null {
    return this.#files.at(-1) ?? null
  }

  /** Digits that lane and file were asked about; null where it was points, or nothing yet. */
  get samples() {
    return this.#lane?.digitSamples ?? this.shown?.answer.samples ?? null
  }

  /** Largest difference between the lane and the file with the lane's weights; null until both are there. */
  readonly exportedDifference = $derived(this.#differenceOf('exported'))

  /** The same for the shipped file, whose weights were trained on another machine. */
  readonly shippedDifference = $derived(this.#differenceOf('shipped'))

  /** Runs the preset's shipped file. */
  async runShipped(preset: CheckedPreset): Promise<void> {
    await this.#attempt(async (check) => {
      this.#status = 'running'
      await this.#run(check, { source: 'shipped', model: preset.modelUrl }, preset)
    })
  }

  /** Trains the preset, exports the trained model, runs the file and the shipped one, and compares. */
  async trainAndCompare(preset: CheckedPreset, style: Style, execution: Execution): Promise<void> {
    this.clear()
    await this.#attempt(async (check) => {
      this.#status = 'training'
      const lane = (this.#lane ??= this.#openLane())
      const isTrained = await this.#train(lane, preset, style, execution)
      const { modelFile } = lane.run
      if (!isTrained || !modelFile) throw new Error(lane.error?.message ?? 'The training was stopped.')
      this.#status = 'running'
      await this.#run(check, { source: 'shipped', model: preset.modelUrl }, preset)
      await this.#run(check, { source: 'exported', model: modelFile }, preset, style)
    })
  }

  /** Forgets what was compared, and what is under way. */
  clear(): void {
    this.#check++
    this.#ended?.(false)
    this.#lane?.clear()
    this.#files = []
    this.#status = 'idle'
    this.#error = null
  }

  dispose(): void {
    this.#lane?.dispose()
    this.#onnx.dispose()
  }

  onStatus(lane: Lane): void {
    if (!lane.isActive) this.#ended?.(lane.status === 'finished')
  }

  // One lane alone has nobody to tell.
  onInitialWeights(): void {}
  onNeedInitialWeights(): void {}
  onBackendLost(): void {}
  onLosses(): void {}

  /** Notes how it ends, unless it was given up meanwhile. */
  async #attempt(work: (check: number) => Promise<void>): Promise<void> {
    const check = ++this.#check
    const end = (status: CheckStatus, error: string | null) => {
      if (check !== this.#check) return
      this.#status = status
      this.#error = error
    }
    try {
      this.#error = null
      await work(check)
      end('done', null)
    } catch (error) {
      end('failed', error instanceof Error ? error.message : String(error))
    }
  }

  #openLane(): Lane {
    const openMeterPort = () => new MessageChannel().port1
    return new Lane('A', this.#assets, openMeterPort, () => '', this)
  }

  #train(lane: Lane, { spec }: CheckedPreset, style: Style, execution: Execution): Promise<boolean> {
    const inputShape = longestShapeOf(spec.data)
    const [height, width, channels] = inputShape
    const isChannelsFirst = style === 'torch' && inputShape.length === 3
    const exportExample = {
      shape: isChannelsFirst ? [channels ?? 1, height ?? 1, width ?? 1] : inputShape,
      dtype: isSequences(spec.data) ? 'int32' : 'float32',
    } as const
    const [backend = 'cpu', ...fallbacks] = (isViewedAs(spec.data, 'images') ? imageBackends : backends)[
      execution
    ]
    const trained = new Promise<boolean>((resolve) => (this.#ended = resolve))
    lane.prepare()
    lane.start({
      program: generateProgram(spec, style, { lane: 'A', execution }),
      execution,
      disabledPasses: [],
      backend,
      fallbacks,
      limit: { kind: 'none' },
      probe: probeOfFile(spec, style),
      comparison: null,
      exportExample,
    })
    return trained
  }

  /** Runs a file for comparison `check`; does nothing once another one has begun. */
  async #run(check: number, { source, model }: ModelFile, { spec }: CheckedPreset, style: Style = 'keras') {
    if (check !== this.#check) return
    const answer = await this.#onnx.run(model, probeOfFile(spec, style))
    if (check === this.#check)
      this.#files = [...this.#files.filter((one) => one.source !== source), { source, answer }]
  }

  #differenceOf(source: FileSource): number | null {
    const file = this.#files.find((one) => one.source === source)
    const lane = this.#lane
    if (!file || !lane?.run.prediction || lane.status !== 'finished') return null
    return largestDifference(lane.run.prediction.values, file.answer.prediction.values)
  }
}

/** What lane and file are both asked about: of sequences those of the one length that the file reads. */
function probeOfFile(spec: Spec, style: Style): Probe {
  return probeFor(spec, style, longestShapeOf(spec.data)[0])
}
