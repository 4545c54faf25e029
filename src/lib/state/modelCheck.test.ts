import { defaultSpec } from '$lib/core/spec/defaults'
import type { OnnxAnswer } from '$lib/workers/onnxClient'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { LaneEvents } from './lane.svelte'
import { ModelCheck } from './modelCheck.svelte'

/** Files that were asked for, in order, and how to answer them. */
const asked: { readonly model: Uint8Array | string; readonly answer: (values: number[]) => void }[] = []
const lanes: { finish: (values: number[]) => void }[] = []

vi.mock('./laneAssets', () => ({ laneAssets: () => ({}) }))
vi.mock('$lib/workers/onnxClient', () => ({
  OnnxClient: class {
    run(model: Uint8Array | string): Promise<OnnxAnswer> {
      return new Promise((resolve) => {
        const answer = (values: number[]) => {
          resolve({
            prediction: { step: 0, values: Float32Array.from(values), outputs: 1 },
            examples: values.length,
            runMs: 1,
          })
        }
        asked.push({ model, answer })
      })
    }
  },
}))
vi.mock('./lane.svelte', () => ({
  Lane: class {
    status = 'idle'
    run: { prediction: unknown; modelFile: Uint8Array | null } = { prediction: null, modelFile: null }
    readonly error = null
    readonly digitSamples = null
    readonly isActive = false
    readonly prepare = () => {}
    readonly start = () => {}

    constructor(_id: string, _assets: unknown, _port: unknown, _program: unknown, events: LaneEvents) {
      lanes.push({
        finish: (values) => {
          this.status = 'finished'
          const prediction = { step: 1, values: Float32Array.from(values), outputs: 1 }
          this.run = { prediction, modelFile: Uint8Array.from(values) }
          events.onStatus(this as never, 'finished')
        },
      })
    }

    clear(): void {
      this.status = 'idle'
      this.run = { prediction: null, modelFile: null }
    }
  },
}))

const preset = (name: string) => ({ name, spec: defaultSpec(), modelUrl: `/${name}.onnx` })
const settle = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  asked.length = 0
  lanes.length = 0
})

describe('ModelCheck', () => {
  it('starts its lane with the first training', () => {
    const check = new ModelCheck()
    void check.runShipped(preset('circle'))
    expect([lanes.length, check.lane]).toEqual([0, null])
    void check.trainAndCompare(preset('circle'), 'keras', 'eager')
    void check.trainAndCompare(preset('circle'), 'torch', 'eager')
    expect(lanes).toHaveLength(1)
  })

  it('compares the lane with the shipped and with the exported file', async () => {
    const check = new ModelCheck()
    const done = check.trainAndCompare(preset('circle'), 'keras', 'eager')
    lanes[0]?.finish([4])
    await settle()
    asked[0]?.answer([7])
    await settle()
    asked[1]?.answer([5])
    await done
    expect([check.status, check.shippedDifference, check.exportedDifference]).toEqual(['done', 3, 1])
    expect(asked.map(({ model }) => model)).toEqual(['/circle.onnx', Uint8Array.of(4)])
  })

  it('shows nothing of a model that is no longer the chosen one', async () => {
    const check = new ModelCheck()
    void check.trainAndCompare(preset('circle'), 'keras', 'eager')
    lanes[0]?.finish([4])
    await settle()
    const [old] = asked
    check.clear()
    void check.runShipped(preset('spiral'))
    old?.answer([7])
    await settle()
    expect(asked.map(({ model }) => model)).toEqual(['/circle.onnx', '/spiral.onnx'])
    asked[1]?.answer([5])
    await settle()
    expect(check.shown?.source).toBe('shipped')
    expect([...(check.shown?.answer.prediction.values ?? [])]).toEqual([5])
  })
})
