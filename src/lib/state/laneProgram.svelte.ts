/** The text in a lane's program pane: generated or edited, and whether the lane's run is of that text. */
import { withExecution, type ExecutionOfText } from '$lib/core/codegen'
import type { LaneSettings } from '$lib/core/spec/schema'
import type { ExperimentState } from './experiment.svelte'
import { readText } from './followText'
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

  /** What the edited text says of its execution; null for a generated one, and for one that says nothing. */
  get said(): ExecutionOfText | null {
    return this.#edit === undefined ? null : readText(this.#edit)
  }

  /** What a change of execution makes of the lane's settings: an edited text is changed where it says it. */
  switchedTo(change: Partial<LaneSettings>): Partial<LaneSettings> {
    const { execution, stepsPerExecution } = { ...this.experiment.lanes[this.index], ...change }
    const switched = (text: string | undefined) =>
      text === undefined ? undefined : (withExecution(text, { execution, stepsPerExecution }) ?? text)
    if (change.execution === undefined && change.stepsPerExecution === undefined) return change
    this.#editOfRun = switched(this.#editOfRun)
    return this.#edit === undefined ? change : { ...change, program: switched(this.#edit) }
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
