/** Both lanes together: run, pause, step, reset, whose turn it is, and which backend `auto` means. */
import { demonstrationProgram, frameworkDifferences, type DemonstrationId } from '$lib/core/codegen'
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
import { BackendChoice, backendsOf } from './backendChoice'
import { ExperimentState } from './experiment.svelte'
import { laneAssets } from './laneAssets'
import { probeFor } from './probe'
import { Lane, type Interruption, type LaneEvents, type LaneStatus, type LaneSwitch } from './lane.svelte'
import { Meter } from './meter.svelte'

const turnMs = 250
/** A report may be this old, together with the way of a command to a lane. */
const commandSeconds = 0.5

/** A lane on its way from one part of its run to the next. */
interface Switch {
  readonly interruption: Promise<Interruption | null>
  /** The settings under which the lane was known to work. */
  readonly before: LaneSettings
}

/** A part of a run that has yet to show that it works; until then the lane can go back. */
interface Trial extends Omit<Switch, 'interruption'> {
  readonly from: Interruption
}

/** A demonstration, and what the lanes were before it. */
interface LoadedDemonstration {
  readonly id: DemonstrationId
  readonly before: readonly [LaneSettings, LaneSettings]
}

export class Playground implements LaneEvents {
  readonly experiment = new ExperimentState()
  readonly lanes: readonly [Lane, Lane]
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
  #switches: [Switch | null, Switch | null] = [null, null]
  #trials: [Trial | null, Trial | null] = [null, null]
  #demonstration = $state.raw<LoadedDemonstration | null>(null)
  /** Passes of the graph optimiser that are switched off. */
  #disabledPasses = $state.raw<readonly PassName[]>([])
  #initialWeights: Partial<Record<LaneId, ModelWeights>> = {}
  #weightsWanted: Lane | null = null
  #generation = 0
  /** Whose turn it is; the other lane coming to rest, as it does at its start, changes nothing. */
  #turnOf: Lane | null = null
  readonly #choice = new BackendChoice()
  readonly #stopWatching: () => void

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
    this.#stopWatching = $effect.root(() => {
      $effect(() => {
        const now = structure(this.experiment)
        if (this.#structure !== null && this.#structure !== now) this.reset()
        this.#structure = now
      })
      $effect(() => {
        void this.#specText
        untrack(() => this.#followSpec())
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
      void this.#start((lane) => this.#runLimit(lane))
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
    else void this.#start(() => limit)
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
    this.#initialWeights = {}
    this.#weightsWanted = null
    for (const lane of this.lanes) lane.clear()
    this.meter.clear()
  }

  /** Changes the learning rate of the runs in progress and of the spec. */
  setLearningRate(value: number): void {
    this.experiment.setLearningRate(value)
    if (this.experiment.issue) return
    const fromStep = this.meter.isAligned ? this.#commonStep() : 0
    for (const lane of this.lanes) lane.setLearningRate(value, fromStep)
  }

  dispose(): void {
    this.#stopWatching()
    for (const lane of this.lanes) lane.dispose()
    this.meter.dispose()
  }

  onStatus(lane: Lane, status: RunStatus): void {
    if (status === 'failed' && this.#goBack(lane)) return
    const ended = status === 'finished' || status === 'failed' || status === 'stopped'
    if (ended && this.#weightsWanted && this.#weightsWanted !== lane) this.#giveWeights(lane.id)
    const isTurnOver = lane === this.#turnOf && (status === 'paused' || ended)
    if (this.#isRunning && this.experiment.schedule === 'turns' && isTurnOver) this.#nextTurn(lane)
    if (this.lanes.every((each) => !each.isActive)) this.#isRunning = false
  }

  onInitialWeights(lane: Lane, weights: ModelWeights): void {
    this.#initialWeights[lane.id] ??= weights
    this.#giveWeights(lane.id)
  }

  onNeedInitialWeights(lane: Lane, of: LaneId): void {
    this.#weightsWanted = lane
    this.#giveWeights(of)
  }

  onBackendLost(lane: Lane, _lost: BackendName | null, step: number): void {
    this.meter.interrupt(
      `Lane ${lane.id} lost its backend and its program began again from the weights of step ${step}, so the lanes no longer see the same batches.`,
    )
  }

  onLosses(lane: Lane, steps: Float64Array, values: Float64Array): void {
    this.meter.addLosses(lane.id, steps, values)
  }

  /** Answers a lane that waits for the other lane's initial weights, once it is known what to say. */
  #giveWeights(of: LaneId): void {
    const wanting = this.#weightsWanted
    if (!wanting) return
    const owner = this.lanes[of === 'A' ? 0 : 1]
    const weights = this.#initialWeights[of]
    const hasEnded = owner.status === 'failed' || owner.status === 'stopped' || owner.status === 'finished'
    if (weights) wanting.giveInitialWeights(weights)
    else if (hasEnded) {
      wanting.giveInitialWeights({
        unavailable: `initialWeights: expected weights of lane ${of}, but it ended before its first batch. Repair lane ${of} first.`,
      })
    } else return
    this.#weightsWanted = null
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

  /** A step that neither lane has passed: where aligned lanes can change together. */
  #commonStep(): number {
    const ahead = Math.max(...this.lanes.map((lane) => lane.step))
    if (this.status !== 'running') return ahead
    const rate = Math.max(...this.lanes.map((lane) => lane.stepsPerSecond ?? 0))
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
    this.#initialWeights = {}
    this.#weightsWanted = null
    this.meter.clear()
    this.#turnOf = this.lanes[0]
    for (const lane of this.lanes) lane.prepare()
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
      if (backend) this.#startLane(lane, index, backend, limit(lane))
    }
  }

  #startLane(lane: Lane, index: 0 | 1, backend: BackendName, limit: RunLimit): void {
    lane.start({ ...this.#startOptions(lane, index, backend), limit })
  }

  #startOptions(lane: Lane, index: 0 | 1, backend: BackendName): Omit<StartOptions, 'run' | 'limit'> {
    const { execution } = this.experiment.lanes[index]
    return {
      program: this.experiment.program(index),
      execution,
      disabledPasses: this.disabledPasses,
      backend,
      fallbacks: this.#choice.fallbacks(execution, backend, lane.measurements),
      probe: probeFor(this.experiment.spec, this.experiment.lanes[index].style),
      comparison: this.meter.isAligned ? this.meter.comparison : null,
    }
  }

  /**
   * Changes execution, backend or steps per execution of a lane. A run in progress goes on with the new settings from
   * the same weights, optimizer state and batch; a lane that has ended takes them for its next run.
   */
  async switchLane(index: 0 | 1, change: LaneSwitch): Promise<void> {
    const before = this.experiment.lanes[index]
    const fitting = { ...this.#backendFitting(before, change), ...change, ...this.#programFor(change) }
    this.#keepRuns(() => this.experiment.setLane(index, fitting))
    if (this.#starting) await this.#start(this.#starting)
    else await this.#restart(index, before)
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
    const { spec, lanes } = this.experiment
    this.#keepRuns(edit)
    if (this.experiment.spec === spec) return
    // Lane B starts from lane A's weights, as they are with the new layer.
    this.#initialWeights = {}
    if (this.meter.isAligned && this.lanes[0].step !== this.lanes[1].step)
      this.meter.interrupt('The model was changed while the lanes were at different steps.')
    await Promise.all(([0, 1] as const).map((index) => this.#restart(index, lanes[index])))
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
    return this.#demonstration?.id ?? null
  }

  /** Loads a demonstration's programs: lane A static, lane B eager. Starts nothing. */
  demonstrate(id: DemonstrationId): void {
    const before = this.#demonstration?.before ?? this.experiment.lanes
    this.#demonstration = { id, before }
    for (const [index, execution] of [
      [0, 'static'],
      [1, 'eager'],
    ] as const) {
      this.experiment.setLane(index, {
        style: 'torch',
        execution,
        // Always there, and not to be measured: some of these programs fail on purpose.
        backend: execution === 'static' ? 'wasm' : 'cpu',
        stepsPerExecution: 1,
        program: demonstrationProgram(id, this.experiment.spec, execution),
      })
    }
  }

  /** Gives a lane the generated program in place of an edited one. */
  useGenerated(index: 0 | 1): void {
    this.#demonstration = null
    this.experiment.setLane(index, { program: undefined })
  }

  /** Gives the lanes back what they had before the demonstration. */
  endDemonstration(): void {
    const { before } = this.#demonstration ?? {}
    this.#demonstration = null
    if (before) for (const index of [0, 1] as const) this.experiment.setLane(index, restored(before[index]))
  }

  /** Another backend where the new execution cannot have the one that was chosen. */
  #backendFitting({ backend }: LaneSettings, { execution }: LaneSwitch): LaneSwitch {
    if (!execution || backend === 'auto' || backendsOf[execution].includes(backend)) return {}
    return { backend: this.#demonstration ? 'wasm' : 'auto' }
  }

  /** The demonstration in the form that an execution needs. */
  #programFor({ execution }: LaneSwitch): Partial<LaneSettings> {
    if (!this.#demonstration || !execution) return {}
    return { program: demonstrationProgram(this.#demonstration.id, this.experiment.spec, execution) }
  }

  /** A demonstration's programs belong to the spec; the learning rate may change without them. */
  #followSpec(): void {
    const { id } = this.#demonstration ?? {}
    const { spec } = this.experiment
    if (id === undefined || this.lanes.some((lane) => lane.isActive)) return
    for (const index of [0, 1] as const) {
      const { execution } = this.experiment.lanes[index]
      this.experiment.setLane(index, { program: demonstrationProgram(id, spec, execution) })
    }
  }

  /** Makes an edit that does not reset the runs in progress. */
  #keepRuns(edit: () => void): void {
    edit()
    if (this.#starting || this.lanes.some((lane) => lane.isActive))
      this.#structure = structure(this.experiment)
  }

  #forgetSwitches(): void {
    this.#generation++
    this.#starting = null
    this.#switches = [null, null]
    this.#trials = [null, null]
  }

  /** Interrupts a lane and lets it go on under the experiment as it is now. */
  async #restart(index: 0 | 1, settings: LaneSettings): Promise<void> {
    const lane = this.lanes[index]
    if (!lane.isActive) return
    const earlier = this.#switches[index]
    const trial = this.#openTrial(index)
    const before = earlier?.before ?? trial?.before ?? settings
    const own = { interruption: earlier?.interruption ?? lane.interrupt(), before }
    this.#switches[index] = own
    const from = await own.interruption
    if (this.#switches[index] !== own) return
    if (from) this.#trials[index] = { from, before }
    const backend = from && (await this.#backendFor(index))
    if (this.#switches[index] !== own) return
    this.#switches[index] = null
    if (from && backend) lane.goOn({ ...this.#startOptions(lane, index, backend), ...from })
  }

  /** The trial of a lane that has made no step in it yet. */
  #openTrial(index: 0 | 1): Trial | null {
    const trial = this.#trials[index]
    return trial && this.lanes[index].step <= (trial.from.checkpoint?.step ?? 0) ? trial : null
  }

  /** A lane whose new settings do not work goes on with those it had; false where it has none to go back to. */
  #goBack(lane: Lane): boolean {
    const index = lane === this.lanes[0] ? 0 : 1
    const trial = this.#openTrial(index)
    const { execution } = this.experiment.lanes[index]
    this.#trials[index] = null
    if (!trial || !lane.error) return false
    lane.refuse({ asked: { execution }, error: lane.error })
    lane.prepareToGoOn()
    this.#keepRuns(() => this.experiment.setLane(index, restored(trial.before)))
    const generation = this.#generation
    void this.#backendFor(index).then((backend) => {
      if (backend && generation === this.#generation)
        lane.goOn({ ...this.#startOptions(lane, index, backend), ...trial.from })
    })
    return true
  }

  /** The backend a lane starts on; null when the choice was given up. */
  async #backendFor(index: 0 | 1): Promise<BackendName | null> {
    const lane = this.lanes[index]
    const { backend, execution } = this.experiment.lanes[index]
    if (backend !== 'auto') {
      lane.setMeasurements([])
      return backend
    }
    const measurements = await this.#choice.measure(this.experiment, index, lane)
    lane.setMeasurements(measurements)
    const fastest = this.#choice.fastest(measurements)
    if (fastest || measurements.length === 0) return fastest
    // The program works nowhere: the run itself says best why, with the line.
    return execution === 'eager' ? 'cpu' : 'wasm'
  }
}

/** Settings to set in place of others: a program that was not edited takes the place of one that was. */
function restored(settings: LaneSettings): LaneSettings {
  return { ...settings, program: settings.program }
}

/** Everything a run depends on but the learning rate, which may change during it. */
function structure({ spec, lanes }: ExperimentState): string {
  return JSON.stringify([{ ...spec, name: '', optimizer: { ...spec.optimizer, learningRate: 0 } }, lanes])
}

/** What the two frameworks do differently by default for this spec. */
function differingTerms({ spec, lanes }: ExperimentState): readonly string[] {
  if (lanes[0].style === lanes[1].style) return []
  return frameworkDifferences(spec)
}
