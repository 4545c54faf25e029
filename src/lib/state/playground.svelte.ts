/** Both lanes together: run, pause, step, reset, whose turn it is, and which backend `auto` means. */
import { frameworkDifferences, type DemonstrationId } from '$lib/core/codegen'
import type { LaneSettings, Schedule, Spec } from '$lib/core/spec/schema'
import { untrack } from 'svelte'
import type {
  BackendName,
  LaneId,
  ModelWeights,
  PassName,
  RetraceCause,
  RunLimit,
  RunStatus,
  StartOptions,
} from '$lib/workers/protocol'
import { BackendChoice } from './backendChoice'
import { backendLabels } from './backendLabels'
import { Demonstrating } from './demonstrating.svelte'
import { ExperimentState } from './experiment.svelte'
import { laneAssets } from './laneAssets'
import { Lane, type LaneEvents } from './lane.svelte'
import type { LaneStatus } from './lanePhase'
import type { LaneSwitch } from './runView.svelte'
import { fittingBackend, LaneSwitching } from './laneSwitching'
import { LaneProgram } from './laneProgram.svelte'
import { LaneView } from './laneView.svelte'
import { Meter } from './meter.svelte'
import { probeFor } from './probe'
import { WeightExchange } from './weightExchange'

const turnMs = 250
/** A report may be this old, together with the way of a command to a lane. */
const commandSeconds = 0.5

/** The state of the playground page. */
export class Playground implements LaneEvents {
  readonly experiment = new ExperimentState()
  readonly #demonstrating = new Demonstrating(this.experiment)
  readonly lanes: readonly [Lane, Lane]
  readonly programs: readonly [LaneProgram, LaneProgram]
  readonly views = [new LaneView(), new LaneView()] as const
  readonly meter = new Meter(
    () => this.experiment.spec.alignment === 'aligned',
    () => differingTerms(this.experiment),
  )
  /** By themselves: not every edit of the experiment changes them. */
  readonly #schedule = $derived(this.experiment.schedule)
  readonly #specText = $derived(JSON.stringify(this.experiment.spec))
  /** What the user asked for; lanes follow. */
  #isRunning = $state(false)
  /** What the runs depend on, as it was last seen: another structure resets them. */
  #structure: string | null = null
  /** Set while the backends of a start are being chosen: how far its lanes may go. */
  #starting: ((lane: Lane) => RunLimit) | null = null
  /** Passes of the graph optimiser that are switched off. */
  #disabledPasses = $state.raw<readonly PassName[]>([])
  /** Whose turn it is; the other lane coming to rest, as it does at its start, changes nothing. */
  #turnOf: Lane | null = null
  /** Step after which the learning rate that was chosen last counts. */
  #rateFromStep = $state(0)
  /** Settles once the lanes of the last start have begun, or it was given up. */
  #started: Promise<void> = Promise.resolve()
  /** Counts starts and resets: what belongs to an earlier one is dropped. */
  #generation = 0
  readonly #choice = new BackendChoice()
  readonly #weights: WeightExchange
  readonly #switching: LaneSwitching

  constructor() {
    const assets = laneAssets()
    this.lanes = [
      new Lane(
        'A',
        assets,
        () => this.meter.openPort('A'),
        () => this.experiment.program(0),
        this,
      ),
      new Lane(
        'B',
        assets,
        () => this.meter.openPort('B'),
        () => this.experiment.program(1),
        this,
      ),
    ]
    const [a, b] = this.lanes
    this.programs = [new LaneProgram(this.experiment, 0, a), new LaneProgram(this.experiment, 1, b)]
    this.#weights = new WeightExchange(this.lanes)
    this.#switching = new LaneSwitching({
      experiment: this.experiment,
      lanes: this.lanes,
      backendFor: (index) => this.#backendFor(index),
      startOptions: (index, backend) => this.#startOptions(index, backend),
      keepRuns: (edit) => {
        this.#keepRuns(edit)
      },
      settingsOfRun: (index) => this.#settingsOfRun(index),
      restoreSettings: (index, settings) => {
        this.#restoreSettings(index, settings)
      },
      onModelRestored: (lane) => {
        this.#changeWeights(`Lane ${lane.id} could not run the changed model`)
      },
    })
    $effect.root(() => {
      $effect(() => {
        const now = structure(this.experiment)
        if (this.#structure !== null && this.#structure !== now) this.reset()
        this.#structure = now
      })
      $effect(() => {
        void this.#specText
        untrack(() => {
          if (!this.lanes.some((lane) => lane.isActive)) this.#demonstrating.followSpec()
        })
      })
      $effect(() => {
        const schedule = this.#schedule
        untrack(() => this.#follow(schedule))
      })
    })
  }

  readonly status: LaneStatus = $derived.by(() => {
    const statuses = this.lanes.map((lane) => lane.status)
    for (const status of ['preparing', 'running', 'paused', 'failed', 'stopped', 'finished'] as const) {
      if (statuses.includes(status)) return status
    }
    return 'idle'
  })

  get learningRate(): number {
    return this.experiment.spec.optimizer.learningRate
  }

  get disabledPasses(): readonly PassName[] {
    return this.#disabledPasses
  }

  /** Counts from the next run on. */
  setDisabledPasses(passes: readonly PassName[]): void {
    this.#disabledPasses = passes
  }

  get digitSamples() {
    return this.lanes[0].digitSamples ?? this.lanes[1].digitSamples
  }

  /** Starts both lanes, or goes on after a pause. */
  run(): void {
    this.#isRunning = true
    if (!this.lanes.some((lane) => lane.isActive)) {
      this.#started = this.#start((lane) => this.#runLimit(lane))
      return
    }
    if (this.experiment.schedule === 'turns') this.#nextTurn(this.lanes[1])
    else for (const lane of this.lanes) lane.resume({ kind: 'none' })
  }

  pause(): void {
    this.#isRunning = false
    for (const lane of this.lanes) lane.pause()
  }

  /** One batch in each lane. */
  stepOnce(): void {
    this.#isRunning = false
    const limit: RunLimit = { kind: 'steps', count: 1 }
    if (this.lanes.some((lane) => lane.isActive)) for (const lane of this.lanes) lane.resume(limit)
    else this.#started = this.#start(() => limit)
  }

  /** Settles with lanes that can be given weights: those of a run in progress, or of a new one that rests before its first batch. */
  async prepareRun(): Promise<void> {
    if (!this.lanes.some((lane) => lane.isActive)) {
      this.#isRunning = false
      this.#started = this.#start(() => ({ kind: 'steps', count: 0 }))
    }
    await this.#started
  }

  /** Ends both runs and keeps what they showed. */
  stop(): void {
    this.#isRunning = false
    this.#forgetSwitches()
    for (const lane of this.lanes) lane.stop()
  }

  /** Back to before the run; the next one starts from bit-identical initial weights. */
  reset(): void {
    this.#isRunning = false
    this.#forgetSwitches()
    this.#weights.clear()
    this.#rateFromStep = 0
    for (const lane of this.lanes) lane.clear()
    this.meter.clear()
  }

  /** Changes the learning rate of the runs in progress and of the spec; where a schedule begins with it, runs are reset. */
  setLearningRate(value: number): void {
    this.experiment.setLearningRate(value)
    if (this.experiment.issue || this.experiment.spec.optimizer.schedule) return
    this.#rateFromStep = this.#commonStep()
    for (const lane of this.lanes) lane.setLearningRate(value, this.#rateFromStep)
  }

  /** First step that a lane takes with the new learning rate, while it has others to take before; else null. */
  get learningRateFrom(): number | null {
    const isAhead = this.lanes.some((lane) => lane.isActive && lane.run.step < this.#rateFromStep)
    return isAhead ? this.#rateFromStep + 1 : null
  }

  onStatus(lane: Lane, status: RunStatus): void {
    if (status === 'failed' && this.#switching.goBack(lane)) return
    const ended = status === 'finished' || status === 'failed' || status === 'stopped'
    if (ended) this.#weights.end(lane)
    const isTurnOver = lane === this.#turnOf && (status === 'paused' || ended)
    if (this.#isRunning && this.experiment.schedule === 'turns' && isTurnOver) this.#nextTurn(lane)
    if (this.lanes.every((each) => !each.isActive)) this.#isRunning = false
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

  /** In take-turns the lane that is not `previous` goes on, unless it is done. */
  #nextTurn(previous: Lane): void {
    const other = previous === this.lanes[0] ? this.lanes[1] : this.lanes[0]
    const next = other.isActive ? other : previous
    if (!next.isActive) return
    this.#turnOf = next
    if (next !== previous) previous.waitForTurn()
    next.resume({ kind: 'duration', durationMs: turnMs })
  }

  /** A step that no lane has passed: where aligned lanes can change together. 0 where none waits for another. */
  #commonStep(): number {
    const active = this.lanes.filter((lane) => lane.isActive)
    if (!this.meter.isAligned || active.length < 2) return 0
    const ahead = Math.max(...active.map((lane) => lane.run.step))
    if (this.status !== 'running') return ahead
    const rate = Math.max(...active.map((lane) => lane.run.stepsPerSecond ?? 0))
    return ahead + Math.ceil(rate * commandSeconds) + 1
  }

  /** Race or take turns, also when it changes during a run. */
  #follow(schedule: Schedule): void {
    const [, second] = this.lanes
    if (!this.#isRunning || !this.lanes.some((lane) => lane.isActive)) return
    if (schedule === 'race') {
      for (const lane of this.lanes) lane.resume({ kind: 'none' })
      return
    }
    second.pause()
    this.#nextTurn(second)
  }

  #runLimit(lane: Lane): RunLimit {
    // A pause may have come while the backends were measured.
    if (!this.#isRunning) return { kind: 'steps', count: 0 }
    if (this.experiment.schedule === 'race') return { kind: 'none' }
    return lane === this.lanes[0] ? { kind: 'duration', durationMs: turnMs } : { kind: 'steps', count: 0 }
  }

  async #start(limit: (lane: Lane) => RunLimit): Promise<void> {
    this.#forgetSwitches()
    const generation = this.#generation
    this.#starting = limit
    this.#weights.clear()
    this.#rateFromStep = 0
    this.meter.clear()
    this.#turnOf = this.lanes[0]
    for (const lane of this.lanes) lane.prepare()
    for (const program of this.programs) program.begin()
    // Both are chosen before either starts: a lane in training would slow the other's measurement.
    const backends: (BackendName | null)[] = []
    for (const index of [0, 1] as const) {
      backends.push(await this.#backendFor(index))
      if (generation !== this.#generation) return
    }
    this.#starting = null
    for (const index of [0, 1] as const) {
      const lane = this.lanes[index]
      const backend = backends[index]
      if (backend) lane.start({ ...this.#startOptions(index, backend), limit: limit(lane) })
    }
  }

  #startOptions(index: 0 | 1, backend: BackendName): Omit<StartOptions, 'run' | 'limit'> {
    const { execution, style } = this.experiment.lanes[index]
    return {
      program: this.programs[index].ofRun,
      execution,
      disabledPasses: this.disabledPasses,
      backend,
      fallbacks: this.#choice.fallbacks(execution, backend, this.lanes[index].run.measurements),
      probe: probeFor(this.experiment.spec, style),
      csv: this.experiment.csvSource,
      comparison: this.meter.isAligned ? this.meter.comparison : null,
    }
  }

  /**
   * Changes execution, backend or steps per execution of a lane. A run in progress goes on with the new settings from
   * the same weights, optimizer state and batch; a lane that has ended takes them for its next run.
   */
  async switchLane(index: 0 | 1, change: LaneSwitch): Promise<void> {
    const settings = this.#settingsOfRun(index)
    const { model } = this.experiment.spec
    const fitting = {
      ...fittingBackend(settings, change, this.demonstration === null ? 'auto' : 'wasm'),
      ...change,
      ...this.#demonstrating.programFor(change.execution),
    }
    this.#keepRuns(() => {
      this.experiment.setLane(index, fitting)
    })
    if (this.demonstration !== null) this.programs[index].begin()
    if (this.#starting) await this.#start(this.#starting)
    else await this.#switching.restart(index, { settings, model })
  }

  /** Changes the model: in runs in progress the weights that still fit are kept, and both lanes go on. */
  async changeModel(change: (spec: Spec) => Spec): Promise<void> {
    const isUnderWay = !this.#starting && this.lanes.every((lane) => lane.isActive)
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
    const settings = ([0, 1] as const).map((index) => this.#settingsOfRun(index))
    this.#keepRuns(edit)
    for (const program of this.programs) program.begin()
    if (this.experiment.spec === spec) return
    this.#changeWeights('The model was changed')
    await Promise.all(
      ([0, 1] as const).map((index) =>
        this.#switching.restart(index, {
          settings: settings[index] ?? this.experiment.lanes[index],
          model: spec.model,
        }),
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

  /** Gives a lane an edited program. A run in progress goes on with its own; what ended keeps what it showed. */
  editProgram(index: 0 | 1, text: string): void {
    this.#setProgram(index, text === this.experiment.generated(index) ? undefined : text)
  }

  /** Gives a lane the generated program in place of an edited one. */
  useGenerated(index: 0 | 1): void {
    this.#setProgram(index, undefined)
  }

  #setProgram(index: 0 | 1, program: string | undefined): void {
    this.experiment.keepLentLanes()
    this.experiment.markRead(index)
    this.experiment.setLane(index, { program })
    this.#structure = structure(this.experiment)
  }

  /** A lane's settings with the program that its run has. */
  #settingsOfRun(index: 0 | 1): LaneSettings {
    return { ...this.experiment.lanes[index], program: this.programs[index].editOfRun }
  }

  /** A text that was edited since the run began stays; else the run's own comes back with its settings. */
  #restoreSettings(index: 0 | 1, settings: LaneSettings): void {
    const { program } = this.experiment.lanes[index]
    const isRunsOwn = program === this.programs[index].editOfRun
    this.#keepRuns(() => {
      this.experiment.setLane(index, { ...settings, program: isRunsOwn ? settings.program : program })
    })
    this.programs[index].goBackTo(settings.program)
  }

  /** Gives the lanes back what they had before the demonstration. */
  endDemonstration(): void {
    this.#demonstrating.end()
  }

  /** Makes an edit that does not reset the runs in progress. */
  #keepRuns(edit: () => void): void {
    edit()
    if (this.#starting || this.lanes.some((lane) => lane.isActive))
      this.#structure = structure(this.experiment)
  }

  /** Both lanes go on from weights of other shapes: lane B starts from lane A's as they are then. */
  #changeWeights(reason: string): void {
    this.#weights.forgetWeights()
    if (this.meter.isAligned && this.lanes[0].run.step !== this.lanes[1].run.step)
      this.meter.interrupt(`${reason} while the lanes were at different steps.`)
  }

  #forgetSwitches(): void {
    this.#generation++
    this.#starting = null
    this.#switching.forget()
  }

  #backendFor(index: 0 | 1): Promise<BackendName | null> {
    const lanes = [this.#settingsOfRun(0), this.#settingsOfRun(1)] as const
    const { spec, csvSource } = this.experiment
    return this.#choice.choose({ spec, csvSource, lanes }, index, this.lanes[index])
  }
}

/** Everything a run depends on but the learning rate, which may change during it unless a schedule begins with it. */
function structure({ spec, lanes }: ExperimentState): string {
  const optimizer = spec.optimizer.schedule ? spec.optimizer : { ...spec.optimizer, learningRate: 0 }
  return JSON.stringify([{ ...spec, name: '', optimizer }, lanes])
}

/** What the two frameworks do differently by default for this spec. */
function differingTerms({ spec, lanes }: ExperimentState): readonly string[] {
  if (lanes[0].style === lanes[1].style) return []
  return frameworkDifferences(spec)
}
