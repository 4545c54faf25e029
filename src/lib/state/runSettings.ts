/** The settings that the runs have, beside those that the experiment has by now: an edit resets runs, is kept from them, or is taken back. */
import type { LaneSettings } from '$lib/core/spec/schema'
import type { ExperimentState } from './experiment.svelte'
import type { LaneProgram } from './laneProgram.svelte'

/** The settings of two runs. */
export class RunSettings {
  /** What runs depend on, as it was last seen. */
  #structure: string | null = null

  constructor(
    private readonly experiment: ExperimentState,
    private readonly programs: readonly [LaneProgram, LaneProgram],
    private readonly hasRuns: () => boolean,
  ) {}

  /** True where what runs depend on was edited since it was last asked for, so that they have to be reset. */
  hasChanged(): boolean {
    const before = this.#structure
    this.#structure = structure(this.experiment)
    return before !== null && before !== this.#structure
  }

  /** A lane's settings with the program that its run has. */
  of(index: 0 | 1): LaneSettings {
    return { ...this.experiment.lanes[index], program: this.programs[index].editOfRun }
  }

  /** Makes an edit that does not reset the runs in progress. */
  keepRuns(edit: () => void): void {
    edit()
    if (this.hasRuns()) this.#structure = structure(this.experiment)
  }

  /** Gives a lane an edited program, or the generated one for undefined. Its run goes on with its own and keeps what it showed. */
  setProgram(index: 0 | 1, program: string | undefined): void {
    this.experiment.keepLentLanes()
    this.experiment.markRead(index)
    this.experiment.setLane(index, { program })
    this.#structure = structure(this.experiment)
  }

  /** A text that was edited since the run began stays; else the run's own comes back with its settings. */
  restore(index: 0 | 1, settings: LaneSettings): void {
    const { program } = this.experiment.lanes[index]
    const isRunsOwn = program === this.programs[index].editOfRun
    this.keepRuns(() => {
      this.experiment.setLane(index, { ...settings, program: isRunsOwn ? settings.program : program })
    })
    this.programs[index].goBackTo(settings.program)
  }
}

/** Everything a run depends on but the learning rate, which may change during it unless a schedule begins with it. */
function structure({ spec, lanes }: ExperimentState): string {
  const optimizer = spec.optimizer.schedule ? spec.optimizer : { ...spec.optimizer, learningRate: 0 }
  return JSON.stringify([{ ...spec, name: '', optimizer }, lanes])
}
