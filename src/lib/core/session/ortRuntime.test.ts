/** What the WebGPU engine asks for, which runs in browsers only: here a stand-in notes how it is called. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { onBackendLost } from '../eager/backends'
import { GraphBuilder } from '../graph/builder'
import type { Graph } from '../graph/types'
import type { Ort } from './loadOrt'
import { OrtRuntime } from './ortRuntime'

function negation(): Graph {
  const builder = new GraphBuilder('negation')
  builder.result(builder.add('Neg', [builder.input('argument', { dtype: 'float32', shape: [1] }, 'x')]))
  return builder.build()
}

interface LossInfo {
  readonly reason: string
  readonly message: string
}

interface Engine {
  readonly ort: typeof Ort
  /** The most calls that were under way at once. */
  mostAtOnce: number
  /** Loses the device that is in use. */
  readonly lose: (info: LossInfo) => Promise<void>
}

function engine(): Engine {
  let resolveLost: (info: LossInfo) => void
  const lost = new Promise<LossInfo>((resolve) => (resolveLost = resolve))
  let underWay = 0
  const call = async () => {
    made.mostAtOnce = Math.max(made.mostAtOnce, ++underWay)
    await new Promise((resolve) => setTimeout(resolve, 1))
    underWay--
    return { run: call, release: call }
  }
  const ort = {
    InferenceSession: { create: call },
    env: { webgpu: { device: Promise.resolve({ lost }) } },
  }
  const made: Engine = {
    ort: ort as unknown as typeof Ort,
    mostAtOnce: 0,
    lose: async (info) => {
      resolveLost(info)
      await lost
    },
  }
  return made
}

describe('onnxruntime-web on WebGPU', () => {
  afterEach(() => onBackendLost(null))

  it('gets one call at a time, also from the runtimes of two sessions', async () => {
    const used = engine()
    const load = () => new OrtRuntime('webgpu', used.ort).load(negation(), 'step')
    const graphs = await Promise.all([load(), load()])
    for (const graph of graphs) graph.dispose()
    await load()
    expect(used.mostAtOnce).toBe(1)
  })

  it('reports a device that is lost', async () => {
    const lost = vi.fn()
    onBackendLost(lost)
    const used = engine()
    const runtime = new OrtRuntime('webgpu', used.ort)
    await runtime.load(negation(), 'step')
    await runtime.load(negation(), 'step')
    await used.lose({ reason: 'unknown', message: 'The GPU process ended.' })
    expect(lost.mock.calls).toEqual([['webgpu', 'The GPU process ended.']])
  })

  it('reports no device that it destroyed itself', async () => {
    const lost = vi.fn()
    onBackendLost(lost)
    const used = engine()
    await new OrtRuntime('webgpu', used.ort).load(negation(), 'step')
    await used.lose({ reason: 'destroyed', message: 'Device was destroyed.' })
    expect(lost).not.toHaveBeenCalled()
  })
})
