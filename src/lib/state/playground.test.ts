import { defaultExperiment } from '$lib/core/spec/defaults'
import { decodeHash, encodeHash } from '$lib/core/spec/hash'
import type { Experiment, LaneSettings, Spec } from '$lib/core/spec/schema'
import type { MeterCommand } from '$lib/workers/meter.worker'
import type {
  LaneCommand,
  LaneError,
  LaneId,
  LaneMessage,
  RunStatus,
  StartOptions,
} from '$lib/workers/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { presets } from '../../../models'
import { Playground } from './playground.svelte'

/** A worker that only records what it is told. */
class FakeWorker extends EventTarget {
  readonly commands: LaneCommand[] = []
  /** The lane that it has a program of. */
  lane: LaneId | null = null

  constructor() {
    super()
    workers.push(this)
  }

  postMessage(command: LaneCommand | Extract<MeterCommand, { type: 'lane' }>): void {
    // The meter is told of a lane's port right before its worker is.
    if (command.type === 'lane') lastPortOf = command.lane
    else {
      if (command.type === 'load') this.lane = lastPortOf
      this.commands.push(command)
    }
  }

  terminate(): void {}
}

/** What a run's message holds beside the run's id. */
type OfRun<T extends LaneMessage['type']> = Omit<Extract<LaneMessage, { type: T }>, 'type' | 'runId'>

const workers: FakeWorker[] = []
let lastPortOf: LaneId | null = null
const stored = new Map<string, string>()

beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('location', new URL('http://localhost/'))
  vi.stubGlobal('crossOriginIsolated', false)
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  workers.length = 0
  stored.clear()
})

/** The playground with its lanes' workers, on backends that need no measuring. */
class Stage {
  readonly #firstWorker = workers.length
  readonly playground = new Playground()

  constructor(experiment: Experiment = onCpu()) {
    this.playground.experiment.openLink(`#${encodeHash(experiment)}`)
  }

  /** Commands of one kind that a lane was sent, in order. */
  sent<T extends LaneCommand['type']>(index: 0 | 1, type: T) {
    const commands = this.#workersOf(index).flatMap((worker) => worker.commands)
    return commands.filter((command) => command.type === type) as Extract<LaneCommand, { type: T }>[]
  }

  started(index: 0 | 1) {
    return this.sent(index, 'start').at(-1)
  }

  say<T extends 'status' | 'interrupted' | 'backend'>(index: 0 | 1, type: T, message: OfRun<T>): void {
    const runId = this.started(index)?.runId ?? 0
    const data = { type, runId, ...message }
    this.#workersOf(index).at(-1)?.dispatchEvent(new MessageEvent('message', { data }))
  }

  /** Those that had a program of the lane; the last one has its run. */
  #workersOf(index: 0 | 1): readonly FakeWorker[] {
    return workers.slice(this.#firstWorker).filter(({ lane }) => lane === (index === 0 ? 'A' : 'B'))
  }

  reaches(index: 0 | 1, step: number, status: RunStatus = 'running', error?: LaneError): void {
    this.say(index, 'status', { status, step, epoch: 0, ...(error ? { error } : {}) })
  }

  /** Starts both lanes; each then stands at its step. */
  async run(steps: readonly [number, number]): Promise<void> {
    this.playground.run()
    await settled()
    for (const index of [0, 1] as const) this.reaches(index, steps[index])
  }

  /** Answers that a lane was interrupted after `step`. */
  async interrupted(index: 0 | 1, step: number, limit: StartOptions['limit'] = { kind: 'none' }) {
    const random = { seed: 0, initialisers: 0, dropouts: 0, dropoutCalls: [] }
    const weights = { layout: 'keras', weights: [] } as const
    const progress = { step, epoch: 0, batches: step, trainedMs: 0 }
    const checkpoint = { ...progress, weights, trainable: [], optimizer: null, random }
    this.say(index, 'interrupted', { checkpoint, limit })
    await settled()
  }
}

function onCpu(lanes: Partial<LaneSettings> = {}): Experiment {
  const base = defaultExperiment()
  const [a, b] = base.lanes
  const settings = { execution: 'eager', backend: 'cpu', ...lanes } as const
  return {
    ...base,
    lanes: [
      { ...a, ...settings },
      { ...b, ...settings },
    ],
  }
}

function withFiveUnits(spec: Spec): Spec {
  const [, ...others] = spec.model.layers
  return {
    ...spec,
    model: { layers: [{ type: 'dense', units: 5, activation: 'tanh', useBias: true }, ...others] },
  }
}

/** Lets what was awaited go on. */
const settled = () => new Promise((resolve) => setTimeout(resolve))
const error: LaneError = { name: 'TracedValueError', message: 'item: expected a value, got a traced tensor.' }

describe('a change that a running lane cannot take', () => {
  it('keeps what was pressed meanwhile', async () => {
    for (const [press, limit] of [
      ['pause', { kind: 'steps', count: 0 }],
      ['stepOnce', { kind: 'steps', count: 1 }],
      ['run', { kind: 'none' }],
    ] as const) {
      const stage = new Stage()
      await stage.run([5, 5])
      stage.playground.pause()
      const switching = stage.playground.switchLane(1, { backend: 'wasm' })
      await stage.interrupted(1, 5, { kind: 'steps', count: 0 })
      await switching
      stage.playground[press]()
      stage.reaches(1, 5, 'failed', error)
      await settled()
      expect(stage.started(1)).toMatchObject({ backend: 'cpu', checkpoint: { step: 5 }, limit })
    }
  })

  it('is named in the refusal', async () => {
    const stage = new Stage()
    await stage.run([5, 5])
    const switching = stage.playground.switchLane(0, { backend: 'wasm' })
    await stage.interrupted(0, 5)
    await switching
    stage.reaches(0, 5, 'failed', error)
    expect(stage.playground.lanes[0].run.refusal).toEqual({ asked: { backend: 'wasm' }, error })
  })

  it('takes a changed model from both lanes', async () => {
    const stage = new Stage()
    const { experiment } = stage.playground
    const { model } = experiment.spec
    await stage.run([5, 6])
    const changing = stage.playground.changeModel(withFiveUnits)
    await stage.interrupted(0, 5)
    await stage.interrupted(1, 6)
    await changing
    expect(experiment.spec.model).not.toEqual(model)
    stage.reaches(1, 8)
    stage.reaches(0, 5, 'failed', error)
    await settled()
    await stage.interrupted(1, 8)
    expect(stage.playground.lanes[0].run.refusal?.asked).toEqual({})
    expect(experiment.spec.model).toEqual(model)
    for (const [index, step] of [5, 8].entries()) {
      expect(stage.started(index as 0 | 1)).toMatchObject({
        program: experiment.program(index as 0 | 1),
        checkpoint: { step },
      })
    }
    expect(stage.playground.meter.incomparable).toContain('Lane A could not run the changed model')
  })
})

describe('a learning rate', () => {
  it('waits for a step that both aligned lanes have before them', async () => {
    const stage = new Stage()
    await stage.run([40, 10])
    stage.playground.pause()
    for (const index of [0, 1] as const) stage.reaches(index, [40, 10][index] ?? 0, 'paused')
    stage.playground.learningRate.set(0.5)
    expect(stage.sent(1, 'setLearningRate')).toMatchObject([{ learningRate: 0.5, fromStep: 40 }])
    expect(stage.playground.learningRate.fromStep).toBe(41)
    stage.reaches(1, 40)
    expect(stage.playground.learningRate.fromStep).toBeNull()
  })

  it('does not wait for a lane that has ended', async () => {
    const stage = new Stage()
    await stage.run([4000, 10])
    stage.reaches(0, 4000, 'finished')
    stage.playground.learningRate.set(0.5)
    expect(stage.sent(1, 'setLearningRate')).toMatchObject([{ learningRate: 0.5, fromStep: 0 }])
    expect(stage.playground.learningRate.fromStep).toBeNull()
  })
})

describe('a lost backend', () => {
  it('is told, and the comparison goes on', async () => {
    const stage = new Stage(onCpu({ backend: 'webgpu' }))
    await stage.run([20, 20])
    for (const index of [0, 1] as const) {
      stage.say(index, 'backend', { backend: 'webgpu' })
      stage.say(index, 'backend', { backend: 'wasm', reason: 'webgpu: lost', fromStep: 1000 * (index + 1) })
    }
    expect(stage.playground.experiment.notice).toEqual({
      kind: 'info',
      title: 'A backend was lost',
      detail:
        'Lane A lost WebGPU and went on with Wasm from step 1,000. Lane B lost WebGPU and went on with Wasm from step 2,000.',
    })
    expect(stage.playground.meter.isInterrupted).toBe(false)
  })
})

describe('a demonstration', () => {
  const own = onCpu()
  const keptLanes = () => decodeHash(stored.get('tandem.experiment') ?? '').lanes

  it('is kept neither in the address nor for the next visit', () => {
    const { playground } = new Stage(own)
    playground.demonstrate('branch')
    const [a, b] = playground.experiment.lanes
    expect([a.execution, b.execution]).toEqual(['static', 'eager'])
    expect(playground.experiment.program(0)).toBe(a.program)
    expect(keptLanes()).toEqual(own.lanes)
    expect(decodeHash(playground.experiment.fragment).lanes).toEqual(own.lanes)
    playground.endDemonstration()
    expect(playground.demonstration).toBeNull()
    expect(playground.experiment.lanes).toEqual(own.lanes)
  })

  it('ends when a preset or a file is opened', () => {
    const { playground } = new Stage(own)
    playground.demonstrate('print')
    playground.experiment.loadPreset('spiral')
    expect(playground.demonstration).toBeNull()
    expect(playground.experiment.lanes).toEqual(own.lanes)
    playground.demonstrate('print')
    const file = new Stage(onCpu({ execution: 'static', backend: 'wasm' })).playground.experiment
    playground.experiment.importText(file.exportText())
    expect(playground.demonstration).toBeNull()
    expect(playground.experiment.lanes).toEqual(file.lanes)
  })
})

describe('an edited program', () => {
  const text = 'export const model = 1'

  it('changes neither the run in progress nor what the run goes on with', async () => {
    const stage = new Stage()
    const { playground } = stage
    const own = playground.programs[0].text
    await stage.run([5, 5])
    playground.editProgram(0, text)
    await settled()
    expect(playground.lanes[0].status).toBe('running')
    expect(playground.programs[0]).toMatchObject({ text, isOfRun: false, isEdited: true })
    const switching = playground.switchLane(0, { backend: 'wasm' })
    await stage.interrupted(0, 5)
    await switching
    expect(stage.started(0)).toMatchObject({ program: own, checkpoint: { step: 5 } })
    stage.reaches(0, 5, 'failed', error)
    await settled()
    expect(stage.started(0)).toMatchObject({ program: own, backend: 'cpu' })
    expect(playground.experiment.lanes[0]).toMatchObject({ program: text, backend: 'cpu' })
    playground.stop()
    for (const index of [0, 1] as const) stage.reaches(index, 6, 'stopped')
    playground.run()
    await settled()
    expect(stage.started(0)?.program).toBe(text)
    expect(playground.programs[0].isOfRun).toBe(true)
  })

  it('is edited no longer once it is the generated text, and its run keeps what it showed', async () => {
    const stage = new Stage(onCpu({ program: text }))
    const { playground } = stage
    await stage.run([5, 5])
    for (const index of [0, 1] as const) stage.reaches(index, 6, 'finished')
    playground.useGenerated(0)
    await settled()
    expect(playground.lanes[0].status).toBe('finished')
    expect(playground.programs[0]).toMatchObject({ isEdited: false, isOfRun: false })
    expect(playground.programs[0].text).toContain("from 'tandem/keras'")
    playground.editProgram(1, playground.programs[1].generated)
    expect(playground.experiment.lanes[1].program).toBeUndefined()
  })

  it('that a link brought is marked until somebody edits or runs it, also on the next visit', async () => {
    const link = `#${encodeHash(onCpu({ program: text }))}`
    const { experiment } = new Stage(onCpu({ program: text })).playground
    expect([0, 1].map((index) => experiment.programSource(index as 0 | 1))).toEqual(['link', 'link'])
    const next = new Playground()
    next.experiment.restore(link)
    expect(next.experiment.programSource(0)).toBe('link')
    next.editProgram(0, `${text}\n`)
    expect(next.experiment.programSource(0)).toBeUndefined()
    next.run()
    await settled()
    expect(next.experiment.programSource(1)).toBeUndefined()
    const again = new Playground()
    again.experiment.restore(`#${next.experiment.fragment}`)
    expect(again.experiment.programSource(0)).toBeUndefined()
  })
})

describe('a preset', () => {
  it('trains its own spec, whatever programs the lanes had', () => {
    const keptProgram = () => decodeHash(stored.get('tandem.experiment') ?? '').lanes[0].program
    const { playground } = new Stage(onCpu({ program: 'export const model = 1' }))
    const { experiment } = playground
    experiment.loadPreset(presets[0]?.name ?? '')
    expect(experiment.lanes.map(({ program }) => program)).toEqual([undefined, undefined])
    expect(experiment.program(0)).toContain("from 'tandem/")
    expect(keptProgram()).toBeUndefined()
  })
})

describe('a lesson', () => {
  it('stays with its guess while its preset is edited, and goes with another', () => {
    const { experiment } = new Stage().playground
    experiment.loadPreset('circle')
    const { lesson } = experiment
    if (lesson) lesson.guess = 1
    experiment.update((spec) => ({ ...spec, seed: 5 }))
    experiment.loadPreset('circle')
    expect(experiment.lesson).toBe(lesson)
    experiment.loadPreset('xor')
    expect(experiment.lesson).toMatchObject({ preset: 'xor', guess: null })
  })
})

describe('a CSV file', () => {
  const file = {
    name: 'a.csv',
    hash: '0123',
    blob: new Blob(['a,y\n1,u\n2,v']),
    rows: 2,
    columns: [],
    leftOut: { blank: 0, comments: 0 },
    head: [],
  }
  const columns = { features: ['a'], label: 'y', task: 'classification', classes: 2 } as const

  it('goes along with every run and measurement of an experiment that trains on it', async () => {
    const stage = new Stage()
    const { experiment } = stage.playground
    experiment.useCsv(file, { ...columns, standardise: false, trainFraction: 1 })
    await settled()
    await stage.run([1, 1])
    const source = { hash: '0123', blob: file.blob }
    expect([0, 1].map((index) => stage.started(index as 0 | 1)?.csv)).toEqual([source, source])
    expect(stage.started(0)?.probe).toMatchObject({
      kind: 'csv',
      plane: null,
      selection: { features: ['a'] },
    })
    stage.playground.reset()
    experiment.setLane(0, { backend: 'auto' })
    stage.playground.run()
    await settled()
    expect(stage.sent(0, 'measure').at(-1)?.csv).toEqual(source)
  })

  it('does not go along with other data', async () => {
    const stage = new Stage()
    await stage.run([1, 1])
    expect(stage.started(0)?.csv).toBeUndefined()
  })
})
