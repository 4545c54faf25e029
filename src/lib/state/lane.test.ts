import type {
  BackendName,
  InspectedGraph,
  LaneCommand,
  LaneMessage,
  StartOptions,
} from '$lib/workers/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Lane, type LaneEvents } from './lane.svelte'
import type { LaneQuestions } from './laneQuestions'

/** A worker that only records what it is told. */
class FakeWorker extends EventTarget {
  readonly commands: LaneCommand[] = []
  isTerminated = false

  constructor() {
    super()
    workers.push(this)
  }

  postMessage(command: LaneCommand): void {
    this.commands.push(command)
  }

  terminate(): void {
    this.isTerminated = true
  }

  say(message: LaneMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }))
  }

  break(): void {
    this.dispatchEvent(new Event('error', { cancelable: true }))
  }

  sent(type: LaneCommand['type']): LaneCommand[] {
    return this.commands.filter((command) => command.type === type)
  }
}

let workers: FakeWorker[] = []

beforeEach(() => {
  workers = []
  vi.stubGlobal('Worker', FakeWorker)
  vi.stubGlobal('location', new URL('http://localhost/'))
  vi.stubGlobal('crossOriginIsolated', false)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const options: Omit<StartOptions, 'run'> = {
  program: '',
  execution: 'static',
  disabledPasses: [],
  backend: 'wasm',
  fallbacks: [],
  limit: { kind: 'none' },
  probe: { kind: 'none' },
  comparison: null,
}

const assets = {
  wasmFiles: {},
  ortBuilds: { wasm: { wasm: '', mjs: '' }, jspi: { wasm: '', mjs: '' } },
  digits: '',
}

const inspected = { function: 'trainStep', signature: 'x', graph: { nodes: [] } } as unknown as InspectedGraph

const ignore = () => undefined
const ignored: LaneEvents = {
  onStatus: ignore,
  onInitialWeights: ignore,
  onNeedInitialWeights: ignore,
  onBackendLost: ignore,
  onLosses: ignore,
}

function laneWithRun(events = ignored): Lane {
  const lane = new Lane(
    'A',
    assets,
    () => new MessageChannel().port1,
    () => '',
    events,
  )
  lane.start(options)
  return lane
}

const worker = (index: number) => workers[index] ?? new FakeWorker()

describe('a worker that fails', () => {
  it('fails its lane where it sends what is no message, at the line that it was in', () => {
    const lane = laneWithRun()
    const execution = 'eager' as const
    const report = { step: 1, epoch: 0, execution, line: 7, lines: [7], scalars: [], events: [], console: [] }
    worker(0).say({ type: 'report', runId: 1, report: { ...report, droppedConsole: 0 } })
    expect([lane.status, lane.run.line]).toEqual(['preparing', 7])
    worker(0).say({ type: 'report', runId: 1, report } as unknown as LaneMessage)
    expect(worker(0).isTerminated).toBe(true)
    expect(lane.status).toBe('failed')
    expect(lane.error).toEqual({
      name: 'WorkerError',
      message:
        'lane: expected a whole number of 0 or more at report.droppedConsole, got undefined. Reset the lanes.',
      line: 7,
    })
  })

  it('fails where what it sends is too much for the page', () => {
    const lane = laneWithRun({
      ...ignored,
      onStatus: (_, status) => {
        if (status === 'running') throw new RangeError('Invalid array length')
      },
    })
    worker(0).say({ type: 'status', runId: 1, status: 'running', step: 1, epoch: 0 })
    expect(lane.status).toBe('failed')
    expect(lane.error?.message).toBe('page: RangeError: Invalid array length. Reset the lanes.')
  })

  it('fails its lane also while that loads, and nothing loads any more', () => {
    const lane = laneWithRun()
    const progress = { label: 'Loading the digits', loaded: 1, total: 2 }
    worker(0).say({ type: 'progress', ...progress })
    expect(lane.progress).toMatchObject(progress)
    worker(0).break()
    expect([lane.status, lane.progress]).toEqual(['failed', null])
  })

  it('is ended, and what runs next gets a fresh one', () => {
    const lane = laneWithRun()
    worker(0).break()
    expect(lane.status).toBe('failed')
    expect(lane.error?.message).toBe('worker: The worker could not be loaded. Reset the lanes.')
    lane.clear()
    lane.start(options)
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false])
    expect(worker(1).commands.map(({ type }) => type)).toEqual(['load', 'start'])
    worker(1).say({ type: 'status', runId: 3, status: 'running', step: 1, epoch: 0 })
    expect(lane.status).toBe('running')
  })

  it('is replaced also for a measurement, and while a stop was waiting for it', async () => {
    const lane = laneWithRun()
    lane.stop()
    worker(0).break()
    const measurements = lane.measure('', 'eager', ['cpu'])
    expect(worker(0).sent('measure')).toEqual([])
    expect(worker(1).sent('measure')).toHaveLength(1)
    worker(1).say({ type: 'measured', runId: 2, measurements: [{ backend: 'cpu' }] })
    expect(await measurements).toEqual([{ backend: 'cpu' }])
  })
})

describe('a worker serves one program', () => {
  const types = (index: number) => worker(index).commands.map(({ type }) => type)

  it('each run and each measurement gets one of its own, and the one before is ended', () => {
    const lane = laneWithRun()
    void lane.measure('', 'eager', ['cpu'])
    lane.start(options)
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, true, false])
    expect([0, 1, 2].map(types)).toEqual([
      ['load', 'start'],
      ['load', 'measure'],
      ['load', 'start'],
    ])
  })

  it('a spare one stands ready once a run is at rest, and not while it trains', () => {
    const lane = laneWithRun()
    worker(0).say({ type: 'status', runId: 1, status: 'running', step: 1, epoch: 0 })
    expect(workers).toHaveLength(1)
    for (const status of ['paused', 'finished'] as const) {
      worker(0).say({ type: 'status', runId: 1, status, step: 1, epoch: 0 })
      expect(workers).toHaveLength(2)
    }
    expect([worker(0).isTerminated, types(1)]).toEqual([false, []])
    lane.start(options)
    expect([worker(0).isTerminated, types(1)]).toEqual([true, ['load', 'start']])
  })

  it('is ended when it sends more messages than a page can take', () => {
    const lane = laneWithRun()
    for (let step = 0; step < 2001; step++) {
      worker(0).say({ type: 'status', runId: 1, status: 'running', step, epoch: 0 })
    }
    expect(worker(0).isTerminated).toBe(true)
    expect([lane.status, lane.error?.message]).toEqual([
      'failed',
      'lane: expected at most 2000 messages a second, got more. Print or compile less often. Reset the lanes.',
    ])
  })

  it('ends with its program at Reset, whatever that left running', () => {
    const lane = laneWithRun()
    worker(0).say({ type: 'status', runId: 1, status: 'finished', step: 1, epoch: 0 })
    lane.clear()
    expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false])
  })

  it('gives up a measurement that says nothing, so that the other lane can start', async () => {
    vi.useFakeTimers()
    try {
      const lane = laneWithRun()
      const measurements = lane.measure('', 'eager', ['cpu'])
      vi.advanceTimersByTime(119_000)
      worker(1).say({ type: 'progress', label: 'Measuring cpu', loaded: 1, total: 2 })
      vi.advanceTimersByTime(119_000)
      expect(lane.status).toBe('preparing')
      vi.advanceTimersByTime(1000)
      expect([await measurements, lane.status, worker(1).isTerminated]).toEqual([[], 'failed', true])
      expect(lane.error?.message).toMatch(/^measure: expected a batch within 2 minutes, got none\./)
    } finally {
      vi.useRealTimers()
    }
  })

  it('tells of a measurement that fails by giving none', async () => {
    const lane = laneWithRun()
    const measurements = lane.measure('', 'eager', ['cpu'])
    const error = { name: 'Error', message: 'internal: it cannot be sealed' }
    worker(1).say({ type: 'status', runId: 2, status: 'failed', step: 0, epoch: 0, error })
    expect([await measurements, lane.status]).toEqual([[], 'failed'])
  })

  it('a spare one that fails is replaced, and nobody needs to know', () => {
    const lane = laneWithRun()
    worker(0).say({ type: 'status', runId: 1, status: 'finished', step: 1, epoch: 0 })
    worker(1).break()
    expect(lane.status).toBe('finished')
    lane.start(options)
    expect(types(2)).toEqual(['load', 'start'])
  })

  it('what an ended worker still says is not heard', () => {
    const lane = laneWithRun()
    lane.start(options)
    worker(0).say({ type: 'status', runId: 2, status: 'finished', step: 9, epoch: 0 })
    worker(0).break()
    expect([lane.status, lane.run.step]).toEqual(['preparing', 0])
  })
})

describe('a run that loses its backend', () => {
  const checkpoint: StartOptions['checkpoint'] = {
    step: 12,
    epoch: 1,
    batches: 12,
    trainedMs: 5,
    weights: { layout: 'keras', weights: [] },
    trainable: [],
    optimizer: null,
    random: { seed: 1, initialisers: 0, dropouts: 0, dropoutCalls: [] },
  }
  const lost = (lane: Lane, index: number, fallbacks: readonly BackendName[]) => {
    const runId = worker(index).sent('start').at(0)
    if (runId?.type !== 'start') throw new Error('expected a run')
    worker(index).say({ type: 'lost', runId: runId.runId, reason: 'webgl: gone', checkpoint, fallbacks })
    return lane
  }

  it('goes on in a fresh worker from its checkpoint, also when the next backend goes too', () => {
    const lane = laneWithRun()
    lane.setLearningRate(0.5, 3)
    lost(lane, 0, ['webgl', 'cpu'])
    const resumed = { checkpoint, lost: 'webgl: gone', limit: { kind: 'none' } }
    expect(worker(1).sent('start')).toMatchObject([{ backend: 'webgl', fallbacks: ['cpu'], ...resumed }])
    expect(worker(1).sent('setLearningRate')).toMatchObject([{ runId: 2, learningRate: 0.5, fromStep: 3 }])
    lost(lane, 1, ['cpu'])
    expect(worker(2).sent('start')).toMatchObject([{ backend: 'cpu', fallbacks: [], ...resumed }])
    expect(worker(2).sent('setLearningRate')).toHaveLength(1)
    lost(lane, 2, [])
    expect([lane.status, lane.error]).toEqual(['failed', { name: 'BackendError', message: 'webgl: gone' }])
  })

  it('is interrupted where it went, if it was to be', async () => {
    const lane = laneWithRun()
    worker(0).say({ type: 'status', runId: 1, status: 'running', step: 12, epoch: 0 })
    const interruption = lane.interrupt()
    lost(lane, 0, ['cpu'])
    expect(worker(1).sent('interrupt')).toEqual([{ type: 'interrupt', runId: 2 }])
    worker(1).say({ type: 'interrupted', runId: 2, checkpoint, limit: { kind: 'none' } })
    expect(await interruption).toMatchObject({ checkpoint: { step: 12 } })
  })

  it('stays paused', () => {
    const lane = laneWithRun()
    worker(0).say({ type: 'status', runId: 1, status: 'paused', step: 12, epoch: 0 })
    lost(lane, 0, ['cpu'])
    expect(worker(1).sent('start')).toMatchObject([{ limit: { kind: 'steps', count: 0 } }])
  })
})

it('a lane that is reset shows nothing of its run but the digits, which belong to the data', () => {
  const lane = laneWithRun()
  const run = { type: 'backend', runId: 1, backend: 'wasm', reason: 'webgl: gone' } as const
  const samples = { pixels: new Uint8Array(784), labels: new Uint8Array(1), count: 1 }
  const prediction = { step: 3, values: Float32Array.of(1), outputs: 1 }
  worker(0).say(run)
  worker(0).say({ type: 'status', runId: 1, status: 'running', step: 3, epoch: 1 })
  worker(0).say({ type: 'prediction', runId: 1, prediction })
  worker(0).say({ type: 'digitSamples', runId: 1, samples })
  const shown = () => {
    const { step, epoch, backend, backendReason, execution } = lane.run
    return [step, epoch, backend, backendReason, execution, lane.run.prediction]
  }
  expect(shown()).toEqual([3, 1, 'wasm', 'webgl: gone', 'static', prediction])
  lane.clear()
  expect(shown()).toEqual([0, 0, null, null, null, null])
  expect(lane.digitSamples).toEqual(samples)
})

describe('what a lane was asked for', () => {
  const ends: Record<string, (lane: Lane) => void> = {
    'is reset': (lane) => {
      lane.clear()
    },
    'goes on with other settings': (lane) => {
      lane.goOn(options)
    },
    'measures backends': (lane) => void lane.measure('', 'eager', ['cpu']),
    'loses its worker': () => {
      worker(0).break()
    },
    'is given up': (lane) => {
      lane.dispose()
    },
  }

  it.each(Object.entries(ends))('is given up when the lane %s', async (_, end) => {
    const lane = laneWithRun()
    const asked = [lane.questions.inspect(inspected), lane.questions.encode(inspected.graph)]
    end(lane)
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes).toEqual([
      { status: 'rejected', reason: new Error('The run has ended.') },
      { status: 'rejected', reason: new Error('The run has ended.') },
    ])
  })

  it('is given up at once where the worker has failed', async () => {
    const lane = laneWithRun()
    worker(0).break()
    await expect(lane.questions.inspect(inspected)).rejects.toThrow('The run has ended.')
  })

  it('is answered by its number, with what was found or why nothing was', async () => {
    const lane = laneWithRun()
    const asked = [lane.questions.inspect(inspected), lane.questions.inspect(inspected)]
    const found = { step: 1, nodes: [] } as unknown as Awaited<ReturnType<LaneQuestions['inspect']>>
    worker(0).say({ type: 'inspection', runId: 1, inspectionId: 1, outcome: found })
    worker(0).say({ type: 'inspection', runId: 1, inspectionId: 0, outcome: { unavailable: 'None yet.' } })
    expect(await Promise.allSettled(asked)).toEqual([
      { status: 'rejected', reason: new Error('None yet.') },
      { status: 'fulfilled', value: found },
    ])
  })
})
