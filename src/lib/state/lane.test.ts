import type { InspectedGraph, LaneCommand, LaneMessage, StartOptions } from '$lib/workers/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Lane, type LaneEvents } from './lane.svelte'

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
    const report = { step: 1, epoch: 0, line: 7, lines: [7], scalars: [], events: [], console: [] }
    worker(0).say({ type: 'report', runId: 1, report: { ...report, droppedConsole: 0 } })
    expect([lane.status, lane.line]).toEqual(['preparing', 7])
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
    const asked = [lane.inspect(inspected), lane.encode(inspected.graph)]
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
    await expect(lane.inspect(inspected)).rejects.toThrow('The run has ended.')
  })

  it('is answered by its number, with what was found or why nothing was', async () => {
    const lane = laneWithRun()
    const asked = [lane.inspect(inspected), lane.inspect(inspected)]
    const found = { step: 1, nodes: [] } as unknown as Awaited<ReturnType<Lane['inspect']>>
    worker(0).say({ type: 'inspection', runId: 1, inspectionId: 1, outcome: found })
    worker(0).say({ type: 'inspection', runId: 1, inspectionId: 0, outcome: { unavailable: 'None yet.' } })
    expect(await Promise.allSettled(asked)).toEqual([
      { status: 'rejected', reason: new Error('None yet.') },
      { status: 'fulfilled', value: found },
    ])
  })
})
