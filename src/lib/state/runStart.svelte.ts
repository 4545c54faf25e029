/** How both lanes begin a run: on which backends, and with what. */
import type { BackendName, PassName, RunLimit, StartOptions } from '$lib/workers/protocol'
import { BackendChoice } from './backendChoice'
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'
import type { LaneProgram } from './laneProgram.svelte'
import type { Meter } from './meter.svelte'
import { probeFor } from './probe'
import type { RunSettings } from './runSettings'

/** What starting needs of the playground. */
export interface StartedRuns {
  readonly experiment: ExperimentState
  readonly lanes: readonly [Lane, Lane]
  readonly programs: readonly [LaneProgram, LaneProgram]
  readonly meter: Meter
  readonly settings: RunSettings
}

/** How far a lane may go that starts. */
export type FirstLimit = (lane: Lane) => RunLimit

/** The start of both lanes. */
export class RunStart {
  /** Passes of the graph optimiser that are left out of the next run. */
  disabledPasses = $state.raw<readonly PassName[]>([])
  /** Set while the backends are being chosen. */
  #firstLimit: FirstLimit | null = null
  #begun: Promise<void> = Promise.resolve()
  /** Counts what was begun and given up: what belongs to an earlier start is dropped. */
  #generation = 0
  readonly #choice = new BackendChoice()

  constructor(private readonly runs: StartedRuns) {}

  /** How far the lanes may go that are about to start; null where none are. */
  get firstLimit(): FirstLimit | null {
    return this.#firstLimit
  }

  /** Settles once the lanes of the last start have begun, or it was given up. */
  get begun(): Promise<void> {
    return this.#begun
  }

  /** Starts both lanes from their first step. */
  begin(firstLimit: FirstLimit): Promise<void> {
    this.giveUp()
    this.#begun = this.#begin(firstLimit, this.#generation)
    return this.#begun
  }

  /** Lanes whose backends are being chosen do not start. */
  giveUp(): void {
    this.#generation++
    this.#firstLimit = null
  }

  /** The backend that a lane starts on; null when the choice was given up. */
  backendFor(index: 0 | 1): Promise<BackendName | null> {
    const { experiment, settings, lanes } = this.runs
    const { spec, csvSource } = experiment
    return this.#choice.choose(
      { spec, csvSource, lanes: [settings.of(0), settings.of(1)] },
      index,
      lanes[index],
    )
  }

  /** What a lane, or the next part of its run, starts with. */
  options(index: 0 | 1, backend: BackendName): Omit<StartOptions, 'run' | 'limit'> {
    const { experiment, lanes, programs, meter } = this.runs
    const { execution, style } = experiment.lanes[index]
    return {
      program: programs[index].ofRun,
      execution,
      disabledPasses: this.disabledPasses,
      backend,
      fallbacks: this.#choice.fallbacks(execution, backend, lanes[index].run.measurements),
      probe: probeFor(experiment.spec, style),
      csv: experiment.csvSource,
      comparison: meter.isAligned ? meter.comparison : null,
    }
  }

  async #begin(firstLimit: FirstLimit, generation: number): Promise<void> {
    const { lanes, programs } = this.runs
    this.#firstLimit = firstLimit
    for (const lane of lanes) lane.prepare()
    for (const program of programs) program.begin()
    // Both are chosen before either starts: a lane in training would slow the other's measurement.
    const backends: (BackendName | null)[] = []
    for (const index of [0, 1] as const) {
      backends.push(await this.backendFor(index))
      if (generation !== this.#generation) return
    }
    this.#firstLimit = null
    for (const index of [0, 1] as const) {
      const lane = lanes[index]
      const backend = backends[index]
      if (backend) lane.start({ ...this.options(index, backend), limit: firstLimit(lane) })
    }
  }
}
