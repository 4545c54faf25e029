/** The text in a lane's program pane: generated or edited, and whether the lane's run is of that text. */
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'

/** A lane's program text, generated or edited. */
export class LaneProgram {
  /** The edited text of the run; undefined where the run's was generated. */
  #editOfRun = $state<string>()

  constructor(
    private readonly experiment: ExperimentState,
    private readonly index: 0 | 1,
    private readonly lane: Lane,
  ) {}

  /** True while settings do not change the text. */
  get isEdited(): boolean {
    return this.#edit !== undefined
  }

  /** The text that the settings give. */
  get generated(): string {
    return this.experiment.generated(this.index)
  }

  /** The text to show: the edited one, else the generated one, as a run that there is has it. */
  get text(): string {
    if (this.#edit !== undefined) return this.#edit
    return this.lane.run.execution !== null && this.#editOfRun === undefined
      ? this.lane.program
      : this.generated
  }

  /** True where the lines of the lane's run are lines of the shown text. */
  get isOfRun(): boolean {
    return this.text === this.lane.program
  }

  /** Edited text of the run; undefined where it was generated. */
  get editOfRun(): string | undefined {
    return this.#editOfRun
  }

  /** The text that a run, or its next part, has. */
  get ofRun(): string {
    return this.#editOfRun ?? this.generated
  }

  /** From here on the lane runs what is shown; pressing Run is also the word that it was read. */
  begin(): void {
    this.#editOfRun = this.#edit
    this.experiment.markRead(this.index)
  }

  /** The run is again of the text that it had before a change. */
  goBackTo(edit: string | undefined): void {
    this.#editOfRun = edit
  }

  get #edit(): string | undefined {
    return this.experiment.lanes[this.index].program
  }
}
