/** A demonstration that has the lanes for a while: which one, with which programs, and how it ends. */
import { demonstrationProgram, type DemonstrationId } from '$lib/core/codegen'
import { adaptToData } from '$lib/core/spec/adaptToData'
import { isSequences } from '$lib/core/catalogue/data'
import type { Execution, LaneSettings } from '$lib/core/spec/schema'
import type { ExperimentState } from './experiment.svelte'

/** Which demonstration is shown. */
export class Demonstrating {
  #id = $state<DemonstrationId | null>(null)

  constructor(private readonly experiment: ExperimentState) {}

  /** The demonstration whose programs the lanes have; null for none. */
  get id(): DemonstrationId | null {
    return this.experiment.areLanesLent ? this.#id : null
  }

  /** Loads a demonstration's programs: lane A static, lane B eager. Starts nothing. */
  begin(id: DemonstrationId): void {
    if (id === 'time' && !isSequences(this.experiment.spec.data)) {
      this.experiment.update((spec) => adaptToData(spec, 'recall'))
    }
    this.#id = id
    this.experiment.lendLanes([this.#settings(id, 'static'), this.#settings(id, 'eager')])
  }

  /** Gives the lanes back what they had before the demonstration. */
  end(): void {
    this.experiment.returnLanes()
  }

  /** The programs belong to the spec; the learning rate may change without them. */
  followSpec(): void {
    if (this.id === null) return
    if (this.id === 'time' && !isSequences(this.experiment.spec.data)) {
      this.end()
      return
    }
    for (const index of [0, 1] as const) {
      const { execution } = this.experiment.lanes[index]
      this.experiment.setLane(index, {
        program: demonstrationProgram(this.id, this.experiment.spec, execution),
      })
    }
  }

  #settings(id: DemonstrationId, execution: Execution): LaneSettings {
    return {
      style: 'torch',
      execution,
      // Always there, and not to be measured: some of these programs fail on purpose.
      backend: execution === 'static' ? 'wasm' : 'cpu',
      stepsPerExecution: 1,
      program: demonstrationProgram(id, this.experiment.spec, execution),
    }
  }
}
