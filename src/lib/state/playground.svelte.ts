/** Both lanes together: run, pause, step, reset, whose turn it is, and which backend `auto` means. */
import { asset } from '$app/paths'
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { outputActivation } from '$lib/core/codegen'
import { extent } from '$lib/core/spec/datasets'
import type { Schedule } from '$lib/core/spec/schema'
import { untrack } from 'svelte'
import type {
  BackendMeasurement,
  BackendName,
  LaneAssets,
  LaneId,
  ModelWeights,
  Probe,
  RunLimit,
  RunStatus,
} from '$lib/workers/protocol'
import { BackendChoice } from './backendChoice'
import { ExperimentState } from './experiment.svelte'
import { Lane, type LaneEvents, type LaneStatus } from './lane.svelte'
import { Meter } from './meter.svelte'

const turnMs = 250
/** A report may be this old, together with the way of a command to a lane. */
const commandSeconds = 0.5
const gridResolution = 40
const probedDigits = 48

export type PlaygroundStatus = Exclude<LaneStatus, 'stopped'>

export class Playground implements LaneEvents {
  readonly experiment = new ExperimentState()
  readonly lanes: readonly [Lane, Lane]
  readonly meter = new Meter(
    () => this.experiment.spec.alignment === 'aligned',
    () => differingTerms(this.experiment),
  )
  /** What the user asked for; lanes follow. */
  #isRunning = $state(false)
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
      let before: string | null = null
      $effect(() => {
        const now = structure(this.experiment)
        if (before !== null && before !== now) this.reset()
        before = now
      })
      $effect(() => {
        const { schedule } = this.experiment
        untrack(() => this.#follow(schedule))
      })
    })
  }

  readonly status: PlaygroundStatus = $derived.by(() => {
    const statuses = this.lanes.map((lane) => lane.status)
    for (const status of ['preparing', 'running', 'paused', 'failed', 'finished'] as const) {
      if (statuses.includes(status)) return status
    }
    return 'idle'
  })

  get learningRate(): number {
    return this.experiment.spec.optimizer.learningRate
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
    this.#generation++
    for (const lane of this.lanes) lane.stop()
  }

  /** Back to before the run; the next one starts from bit-identical initial weights. */
  reset(): void {
    this.#isRunning = false
    this.#generation++
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

  onBackendLost(lane: Lane, step: number): void {
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
    const generation = ++this.#generation
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
    for (const index of [0, 1] as const) {
      const lane = this.lanes[index]
      const backend = backends[index]
      if (backend) this.#startLane(lane, index, backend, limit(lane))
    }
  }

  #startLane(lane: Lane, index: 0 | 1, backend: BackendName, limit: RunLimit): void {
    lane.start({
      program: this.experiment.program(index),
      backend,
      fallbacks: this.#choice.fallbacks(backend, lane.measurements),
      limit,
      probe: probeFor(this.experiment, index),
      comparison: this.meter.isAligned ? this.meter.comparison : null,
    })
  }

  /** The backend a lane starts on; null when the lane had to be failed. */
  async #backendFor(index: 0 | 1): Promise<BackendName | null> {
    const lane = this.lanes[index]
    const { backend } = this.experiment.lanes[index]
    if (backend !== 'auto') {
      lane.setMeasurements([])
      return backend
    }
    const measurements = await this.#choice.measure(this.experiment, index, lane)
    lane.setMeasurements(measurements)
    const fastest = this.#choice.fastest(measurements)
    if (!fastest && measurements.length > 0) lane.fail(noBackend(measurements))
    return fastest
  }
}

function noBackend(measurements: readonly BackendMeasurement[]) {
  const reasons = measurements.map(({ backend, unavailable }) => `${backend}: ${unavailable ?? ''}`)
  return {
    name: 'BackendError',
    message: `auto: expected a backend that runs this program, got none. ${reasons.join(' ')}`,
  }
}

/** Everything a run depends on but the learning rate, which may change during it. */
function structure({ spec, lanes }: ExperimentState): string {
  return JSON.stringify([{ ...spec, name: '', optimizer: { ...spec.optimizer, learningRate: 0 } }, lanes])
}

function probeFor({ spec, lanes }: ExperimentState, index: 0 | 1): Probe {
  const { style } = lanes[index]
  const activation = outputActivation(spec, style)
  if (spec.data.kind !== 'digits') return { kind: 'grid', extent, resolution: gridResolution, activation }
  const { samples, trainFraction } = spec.data
  const channelsFirst = style === 'torch'
  return {
    kind: 'digits',
    count: probedDigits,
    seed: spec.seed,
    samples,
    trainFraction,
    channelsFirst,
    activation,
  }
}

/** What the two frameworks do differently by default for this spec. */
function differingTerms({ spec, lanes }: ExperimentState): readonly string[] {
  if (lanes[0].style === lanes[1].style) return []
  const terms = ['initial weights: Glorot uniform with zero biases in Keras, Kaiming uniform in PyTorch']
  if (spec.optimizer.type === 'adam') {
    terms.push('Adam: epsilon 1e-7 outside the bias correction in Keras, 1e-8 inside it in PyTorch')
  }
  if (spec.optimizer.weightDecay > 0) {
    terms.push('weight decay: applied to the weights in Keras, added to the gradients in PyTorch')
  }
  if (spec.model.layers.some((layer) => 'activation' in layer && layer.activation === 'leakyRelu')) {
    terms.push('leaky ReLU: negative slope 0.2 in Keras, 0.01 in PyTorch')
  }
  return terms
}

function laneAssets(): LaneAssets {
  const absolute = (url: string) => new URL(url, location.href).href
  return {
    wasmFiles: {
      'tfjs-backend-wasm.wasm': absolute(wasmUrl),
      'tfjs-backend-wasm-simd.wasm': absolute(wasmSimdUrl),
      'tfjs-backend-wasm-threaded-simd.wasm': absolute(wasmThreadedUrl),
    },
    digits: absolute(asset('/data/digits.bin')),
  }
}
