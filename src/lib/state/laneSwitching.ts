/** Lanes on their way from one part of a run to the next, and back to what they did where the next one does not work. */
import type { LaneSettings, Spec } from '$lib/core/spec/schema'
import { backendsOf } from './backendChoice'
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'
import type { Interruption } from './partChange'
import type { RunSettings } from './runSettings'
import type { RunStart } from './runStart.svelte'
import type { LaneSwitch } from './runView.svelte'

/** What switching needs of the playground. */
export interface SwitchedRuns {
  readonly experiment: ExperimentState
  readonly lanes: readonly [Lane, Lane]
  readonly start: RunStart
  readonly settings: RunSettings
  /** The model is again what it was before a change that `lane` could not take. */
  onModelRestored(lane: Lane): void
}

/** What a lane was known to work with. */
export interface KnownToWork {
  readonly settings: LaneSettings
  readonly model: Spec['model']
}

/** A lane on its way from one part of its run to the next. */
interface Switch {
  readonly interruption: Promise<Interruption | null>
  readonly before: KnownToWork
}

/** A part of a run that has yet to show that it works; until then the lane can go back. */
interface Trial {
  readonly from: Interruption
  readonly before: KnownToWork
}

/** Switches of execution and backend that a run survives. */
export class LaneSwitching {
  #switches: [Switch | null, Switch | null] = [null, null]
  #trials: [Trial | null, Trial | null] = [null, null]
  #generation = 0

  constructor(private readonly runs: SwitchedRuns) {}

  /** Gives up every switch that is under way. */
  forget(): void {
    this.#generation++
    this.#switches = [null, null]
    this.#trials = [null, null]
  }

  /** Interrupts a lane and lets it go on under the experiment as it is now. */
  async restart(index: 0 | 1, known: KnownToWork): Promise<void> {
    const lane = this.runs.lanes[index]
    if (!lane.isActive) return
    const earlier = this.#switches[index]
    const trial = this.#openTrial(index)
    const before = earlier?.before ?? trial?.before ?? known
    const own = { interruption: earlier?.interruption ?? lane.interrupt(), before }
    this.#switches[index] = own
    const from = await own.interruption
    if (this.#switches[index] !== own) return
    if (from) this.#trials[index] = { from, before }
    const backend = from && (await this.runs.start.backendFor(index))
    if (this.#switches[index] !== own) return
    this.#switches[index] = null
    if (from && backend) lane.goOn({ ...this.runs.start.options(index, backend), ...from })
  }

  /** A lane that failed in a new part of its run goes on as before it; false where there is no way back. */
  goBack(lane: Lane): boolean {
    const index = lane === this.runs.lanes[0] ? 0 : 1
    const trial = this.#openTrial(index)
    this.#trials[index] = null
    if (!trial || !lane.error) return false
    const { settings, model } = trial.before
    const asked = changedSettings(settings, this.runs.experiment.lanes[index])
    lane.run.refusal = { asked, error: lane.error }
    lane.prepareToGoOn()
    this.runs.settings.restore(index, settings)
    this.#restoreModel(index, model)
    void this.#goOnFrom(index, trial.from)
    return true
  }

  async #goOnFrom(index: 0 | 1, { checkpoint }: Interruption): Promise<void> {
    const lane = this.runs.lanes[index]
    const generation = this.#generation
    const backend = await this.runs.start.backendFor(index)
    if (!backend || generation !== this.#generation) return
    lane.goOn({ ...this.runs.start.options(index, backend), checkpoint, limit: lane.limit })
  }

  /** A model that one lane cannot run is no model for the other one either. */
  #restoreModel(index: 0 | 1, model: Spec['model']): void {
    const { experiment, lanes } = this.runs
    if (JSON.stringify(model) === JSON.stringify(experiment.spec.model)) return
    this.runs.settings.keepRuns(() => {
      experiment.update((spec) => ({ ...spec, model }))
    })
    this.runs.onModelRestored(lanes[index])
    const other = index === 0 ? 1 : 0
    void this.restart(other, { settings: this.runs.settings.of(other), model })
  }

  /** The trial of a lane that has made no step in it yet. */
  #openTrial(index: 0 | 1): Trial | null {
    const trial = this.#trials[index]
    return trial && this.runs.lanes[index].run.step <= (trial.from.checkpoint?.step ?? 0) ? trial : null
  }
}

/** Another backend where the new execution cannot have the one that was chosen. */
export function fittingBackend(
  { backend }: LaneSettings,
  { execution }: LaneSwitch,
  otherwise: LaneSettings['backend'],
): LaneSwitch {
  if (!execution || backend === 'auto' || backendsOf[execution].includes(backend)) return {}
  return { backend: otherwise }
}

function changedSettings(before: LaneSettings, after: LaneSettings): LaneSwitch {
  const { execution, backend, stepsPerExecution } = after
  return {
    ...(execution === before.execution ? {} : { execution }),
    ...(backend === before.backend ? {} : { backend }),
    ...(stepsPerExecution === before.stepsPerExecution ? {} : { stepsPerExecution }),
  }
}
