/** Both lanes together: run, pause, step, reset, and what becomes of runs in progress when something is changed. */
import { frameworkDifferences, type DemonstrationId } from '$lib/core/codegen'
import type { Spec } from '$lib/core/spec/schema'
import { untrack } from 'svelte'
import type {
  BackendName,
  LaneId,
  ModelWeights,
  PassName,
  RetraceCause,
  RunLimit,
  RunStatus,
} from '$lib/workers/protocol'
import { backendLabels } from './backendLabels'
import { Demonstrating } from './demonstrating.svelte'
import { ExperimentState } from './experiment.svelte'
import { laneAssets } from './laneAssets'
import { Lane, type LaneEvents } from './lane.svelte'
import { isEnd, statusOf, type LaneStatus } from './lanePhase'
import { fittingBackend, LaneSwitching } from './laneSwitching'
import { LaneProgram } from './laneProgram.svelte'
import { LaneView } from './laneView.svelte'
import { LearningRate } from './learningRate.svelte'
import { Meter } from './meter.svelte'
import { RunSettings } from './runSettings'
import { RunStart, type FirstLimit } from './runStart.svelte'
import type { LaneSwitch } from './runView.svelte'
import { Turns } from './turns'
import { WeightExchange } from './weightExchange'

/** The state of the playground page. */
export class Playground implements LaneEvents {
  readonly experiment = new ExperimentState()
  readonly #demonstrating = new Demonstrating(this.experiment)
  readonly meter = new Meter(
    () => this.experiment.spec.alignment === 'aligned',
    () => differingTerms(this.experiment),
  )
  readonly lanes = this.#openLanes()
  readonly programs: readonly [LaneProgram, LaneProgram] = [
    new LaneProgram(this.experiment, 0, this.lanes[0]),
    new LaneProgram(this.experiment, 1, this.lanes[1]),
  ]
  readonly views = [new LaneView(), new LaneView()] as const
  readonly learningRate = new LearningRate(this.experiment, this.lanes, this.meter)
  readonly status: LaneStatus = $derived(statusOf(this.lanes))
  /** By themselves: not every edit of the experiment changes them. */
  readonly #schedule = $derived(this.experiment.schedule)
  readonly #specText = $derived(JSON.stringify(this.experiment.spec))
  readonly #turns = new Turns(this.lanes, () => this.experiment.schedule)
  readonly #settings = new RunSettings(this.experiment, this.programs, () => this.#hasRuns)
  readonly #start = new RunStart({
    experiment: this.experiment,
    lanes: this.lanes,
    programs: this.programs,
    meter: this.meter,
    settings: this.#settings,
  })
  readonly #weights = new WeightExchange(this.lanes)
  readonly #switching = new LaneSwitching({
    experiment: this.experiment,
    lanes: this.lanes,
    start: this.#start,
    settings: this.#settings,
    onModelRestored: (lane) => {
      this.#changeWeights(`Lane ${lane.id} could not run the changed model`)
    },
  })

  constructor() {
    $effect.root(() => {
      $effect(() => {
        if (this.#settings.hasChanged()) this.reset()
      })
      $effect(() => {
        void this.#specText
        untrack(() => {
          if (!this.#isActive) this.#demonstrating.followSpec()
        })
      })
      $effect(() => {
        const schedule = this.#schedule
        untrack(() => this.#turns.follow(schedule))
      })
    })
  }

  /** Passes of the graph optimiser that are switched off. */
  get disabledPasses(): readonly PassName[] {
    return this.#start.disabledPasses
  }

  /** Counts from the next run on. */
  setDisabledPasses(passes: readonly PassName[]): void {
    this.#start.disabledPasses = passes
  }

  get digitSamples() {
    return this.lanes[0].digitSamples ?? this.lanes[1].digitSamples
  }

  /** Starts both lanes, or goes on after a pause. */
  run(): void {
    this.#turns.isRunning = true
    if (this.#isActive) this.#turns.resume()
    else void this.#begin((lane) => this.#turns.firstLimit(lane))
  }

  pause(): void {
    this.#turns.isRunning = false
    for (const lane of this.lanes) lane.pause()
  }

  /** One batch in each lane. */
  stepOnce(): void {
    this.#turns.isRunning = false
    const limit: RunLimit = { kind: 'steps', count: 1 }
    if (this.#isActive) for (const lane of this.lanes) lane.resume(limit)
    else void this.#begin(() => limit)
  }

  /** Settles with lanes that can be given weights: those of a run in progress, or of a new one that rests before its first batch. */
  async prepareRun(): Promise<void> {
    if (!this.#isActive) {
      this.#turns.isRunning = false
      void this.#begin(() => ({ kind: 'steps', count: 0 }))
    }
    await this.#start.begun
  }

  /** Ends both runs and keeps what they showed. */
  stop(): void {
    this.#turns.isRunning = false
    this.#giveUpChanges()
    for (const lane of this.lanes) lane.stop()
  }

  /** Back to before the run; the next one starts from bit-identical initial weights. */
  reset(): void {
    this.#turns.isRunning = false
    this.#giveUpChanges()
    this.#weights.clear()
    this.learningRate.clear()
    for (const lane of this.lanes) lane.clear()
    this.meter.clear()
  }

  onStatus(lane: Lane, status: RunStatus): void {
    if (status === 'failed' && this.#switching.goBack(lane)) return
    if (isEnd(status)) this.#weights.end(lane)
    this.#turns.onStatus(lane, status)
  }

  onInitialWeights(lane: Lane, weights: ModelWeights): void {
    this.#weights.give(lane, weights)
  }

  onNeedInitialWeights(lane: Lane, of: LaneId): void {
    this.#weights.ask(lane, of)
  }

  onBackendLost(lane: Lane, lost: BackendName | null, step: number): void {
    const name = (backend: BackendName | null) => (backend === null ? 'its backend' : backendLabels[backend])
    this.experiment.inform(
      'A backend was lost',
      `Lane ${lane.id} lost ${name(lost)} and went on with ${name(lane.run.backend)} from step ${step.toLocaleString('en')}.`,
    )
  }

  onLosses(lane: Lane, steps: Float64Array, values: Float64Array): void {
    this.meter.addLosses(lane.id, steps, values)
  }

  /**
   * Changes execution, backend or steps per execution of a lane. A run in progress goes on with the new settings from
   * the same weights, optimizer state and batch; a lane that has ended takes them for its next run.
   */
  async switchLane(index: 0 | 1, change: LaneSwitch): Promise<void> {
    const settings = this.#settings.of(index)
    const { model } = this.experiment.spec
    const fitting = {
      ...fittingBackend(settings, change, this.demonstration === null ? 'auto' : 'wasm'),
      ...this.programs[index].switchedTo(change),
    }
    this.#settings.keepRuns(() => {
      this.experiment.setLane(index, fitting)
    })
    if (this.demonstration !== null) this.programs[index].begin()
    if (this.#start.firstLimit) await this.#begin(this.#start.firstLimit)
    else await this.#switching.restart(index, { settings, model })
  }

  /** Changes the model: in runs in progress the weights that still fit are kept, and both lanes go on. */
  async changeModel(change: (spec: Spec) => Spec): Promise<void> {
    const isUnderWay = !this.#start.firstLimit && this.lanes.every((lane) => lane.isActive)
    const edit = () => {
      this.endDemonstration()
      for (const index of [0, 1] as const) this.experiment.setLane(index, { program: undefined })
      this.experiment.update(change)
    }
    if (!isUnderWay) {
      edit()
      return
    }
    const { spec } = this.experiment
    const settings = [this.#settings.of(0), this.#settings.of(1)] as const
    this.#settings.keepRuns(edit)
    for (const program of this.programs) program.begin()
    if (this.experiment.spec === spec) return
    this.#changeWeights('The model was changed')
    await Promise.all(
      ([0, 1] as const).map((index) =>
        this.#switching.restart(index, { settings: settings[index], model: spec.model }),
      ),
    )
  }

  /** The weights that a lane's run started from; undefined before it did. */
  firstWeights(index: 0 | 1): ModelWeights | undefined {
    return this.#weights.known(this.lanes[index].id)
  }

  /** Gives a lane's next training step what makes a static one trace again. */
  provoke(index: 0 | 1, cause: RetraceCause): void {
    const lane = this.lanes[index]
    lane.provoke(cause)
    if (cause === 'batchRows' && lane.isActive && this.meter.isAligned) {
      this.meter.interrupt(
        `Lane ${lane.id} was given a smaller batch, so the lanes no longer see the same batches.`,
      )
    }
  }

  /** The demonstration whose programs the lanes have; null for none. */
  get demonstration(): DemonstrationId | null {
    return this.#demonstrating.id
  }

  /** Loads a demonstration's programs, and opens the lanes where there is something to see. Starts nothing. */
  demonstrate(id: DemonstrationId): void {
    this.#demonstrating.begin(id)
    for (const view of this.views) view.tab = id === 'print' ? 'console' : 'code'
  }

  /** Gives the lanes back what they had before the demonstration. */
  endDemonstration(): void {
    this.#demonstrating.end()
  }

  /** Gives a lane an edited program. A run in progress goes on with its own; what ended keeps what it showed. */
  editProgram(index: 0 | 1, text: string): void {
    this.#settings.setProgram(index, text === this.experiment.generated(index) ? undefined : text)
  }

  /** Gives a lane the generated program in place of an edited one. */
  useGenerated(index: 0 | 1): void {
    this.#settings.setProgram(index, undefined)
  }

  get #isActive(): boolean {
    return this.lanes.some((lane) => lane.isActive)
  }

  /** True also while the backends of a start are being chosen. */
  get #hasRuns(): boolean {
    return this.#start.firstLimit !== null || this.#isActive
  }

  #openLanes(): readonly [Lane, Lane] {
    const assets = laneAssets()
    const open = (id: LaneId, index: 0 | 1) =>
      new Lane(
        id,
        assets,
        () => this.meter.openPort(id),
        () => this.experiment.program(index),
        this,
      )
    return [open('A', 0), open('B', 1)]
  }

  async #begin(firstLimit: FirstLimit): Promise<void> {
    this.#giveUpChanges()
    this.#weights.clear()
    this.learningRate.clear()
    this.meter.clear()
    this.#turns.begin()
    await this.#start.begin(firstLimit)
  }

  /** Nothing comes of a start or a switch that is under way. */
  #giveUpChanges(): void {
    this.#start.giveUp()
    this.#switching.forget()
  }

  /** Both lanes go on from weights of other shapes: lane B starts from lane A's as they are then. */
  #changeWeights(reason: string): void {
    this.#weights.forgetWeights()
    if (this.meter.isAligned && this.lanes[0].run.step !== this.lanes[1].run.step)
      this.meter.interrupt(`${reason} while the lanes were at different steps.`)
  }
}

/** What the two frameworks do differently by default for this spec. */
function differingTerms({ spec, lanes }: ExperimentState): readonly string[] {
  if (lanes[0].style === lanes[1].style) return []
  return frameworkDifferences(spec)
}
