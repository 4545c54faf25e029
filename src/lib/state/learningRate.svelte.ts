/** The learning rate, which can change while lanes train: aligned lanes take a new one at the same step. */
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'
import { statusOf } from './lanePhase'
import type { Meter } from './meter.svelte'

/** A report may be this old, together with the way of a command to a lane. */
const commandSeconds = 0.5

/** The learning rate of both lanes. */
export class LearningRate {
  /** Step after which the rate that was chosen last counts. */
  #afterStep = $state(0)

  constructor(
    private readonly experiment: ExperimentState,
    private readonly lanes: readonly [Lane, Lane],
    private readonly meter: Meter,
  ) {}

  get value(): number {
    return this.experiment.spec.optimizer.learningRate
  }

  /** First step that a lane takes with the new rate, while it has others to take before; else null. */
  get fromStep(): number | null {
    const isAhead = this.lanes.some((lane) => lane.isActive && lane.run.step < this.#afterStep)
    return isAhead ? this.#afterStep + 1 : null
  }

  /** Changes the rate of the runs in progress and of the spec; where a schedule begins with it, runs are reset. */
  set(value: number): void {
    this.experiment.setLearningRate(value)
    if (this.experiment.issue || this.experiment.spec.optimizer.schedule) return
    this.#afterStep = this.#commonStep()
    for (const lane of this.lanes) lane.setLearningRate(value, this.#afterStep)
  }

  /** Another run has the rate from its first step on. */
  clear(): void {
    this.#afterStep = 0
  }

  /** A step that no lane has passed: where aligned lanes can change together. 0 where none waits for another. */
  #commonStep(): number {
    const active = this.lanes.filter((lane) => lane.isActive)
    if (!this.meter.isAligned || active.length < 2) return 0
    const ahead = Math.max(...active.map((lane) => lane.run.step))
    if (statusOf(this.lanes) !== 'running') return ahead
    const rate = Math.max(...active.map((lane) => lane.run.stepsPerSecond ?? 0))
    return ahead + Math.ceil(rate * commandSeconds) + 1
  }
}
