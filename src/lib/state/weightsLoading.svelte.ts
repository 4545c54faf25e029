/** A safetensors file on its way into a lane: read, given to its run, and what became of it told. */
import type { LoadedWeights } from '$lib/workers/protocol'
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'
import type { LaneQuestions } from './laneQuestions'
import type { Meter } from './meter.svelte'
import type { RunView } from './runView.svelte'

/** What of a lane takes part. */
interface LoadingLane extends Pick<Lane, 'id' | 'isActive' | 'limit' | 'error'> {
  readonly run: Pick<RunView, 'step'>
  readonly questions: Pick<LaneQuestions, 'loadWeights'>
}

/** What of the playground takes part. */
export interface LoadingRuns {
  readonly lanes: readonly [LoadingLane, LoadingLane]
  readonly experiment: Pick<ExperimentState, 'inform' | 'warn'>
  readonly meter: Pick<Meter, 'isAligned' | 'interrupt'>
  /** Settles with lanes that can be given weights. */
  prepareRun(): Promise<void>
}

/** Far more than a model that trains here takes. */
const mostBytes = 256 * 1024 * 1024

/** The weights that a lane is loading. */
export class WeightsLoading {
  #progress = $state<string | null>(null)
  /** A file is held over the lane. */
  isOver = $state(false)

  constructor(
    private readonly playground: LoadingRuns,
    private readonly index: 0 | 1,
  ) {}

  /** What is done with a file now; null while there is none. */
  get progress(): string | null {
    return this.#progress
  }

  /** Loads one file at a time; the lane keeps its weights where a file does not fit. */
  async load(file: File): Promise<void> {
    if (this.#progress !== null) return
    const { lanes, experiment } = this.playground
    const { id } = lanes[this.index]
    try {
      const loaded = await this.#give(file)
      experiment.inform(`Lane ${id} has other weights`, this.#describe(file.name, loaded))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      experiment.warn('These weights cannot be loaded', `${reason} Lane ${id} keeps its own.`)
    } finally {
      this.#progress = null
    }
  }

  async #give(file: File): Promise<LoadedWeights> {
    const lane = this.playground.lanes[this.index]
    this.#progress = `Reading ${file.name}`
    if (file.size > mostBytes) {
      throw new Error(
        `${file.name}: expected a file of at most 256 MB, got ${(file.size / 1024 / 1024).toFixed(0)} MB. Choose the weights of a smaller model.`,
      )
    }
    const given = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
    // What a run that has ended shows is given up only for a file that fits.
    if (lane.run.step > 0 && !lane.isActive) await lane.questions.loadWeights(given)
    this.#progress = `Starting lane ${lane.id}`
    await this.playground.prepareRun()
    if (lane.error !== null) throw new Error(lane.error.message)
    this.#progress = `Loading ${file.name}`
    const loaded = await lane.questions.loadWeights(given)
    this.#tellMeter(loaded)
    return loaded
  }

  /** Lane B takes the first weights of lane A, whatever those are; all others set the lanes apart. */
  #tellMeter({ when, step }: LoadedWeights): void {
    const { meter, lanes } = this.playground
    if (!meter.isAligned || (when === 'initially' && this.index === 0)) return
    meter.interrupt(
      `Lane ${lanes[this.index].id} has the weights of a file since step ${step.toLocaleString('en')}, so the lanes no longer have the same.`,
    )
  }

  #describe(name: string, { step, tensors, note }: LoadedWeights): string {
    const lane = this.playground.lanes[this.index]
    return [
      `${name}: ${tensors.toLocaleString('en')} tensors since step ${step.toLocaleString('en')}.`,
      ...(note === null ? [] : [note]),
      ...(step > 0 ? ['The optimizer keeps its state.'] : []),
      // So far and no further: somebody steps or paused, or the run began for this file.
      ...(lane.limit.kind === 'steps' ? ['Press Resume to train from here.'] : []),
    ].join(' ')
  }
}
