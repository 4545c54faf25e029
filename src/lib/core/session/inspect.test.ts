import { afterEach, beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { memoryInUse } from '../eager/counters'
import { withTape } from '../eager/tape'
import { hostScalar } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import { inspectGraph, summarise } from './inspect'
import { Session } from './session'
import type { CompiledReport, HostTensor } from './types'

beforeAll(() => initialiseBackend('cpu'))

let session: Session | null = null

afterEach(() => {
  session?.dispose()
  session = null
})

/** w ← w − rate · ∂/∂w mean(x·w + b), after two steps; b is trained the same way. */
async function trained(): Promise<{ report: CompiledReport; w: tf.Variable }> {
  const reports: CompiledReport[] = []
  const w = tf.variable(tf.tensor2d([1, 2], [2, 1]), true, `w${Math.random()}`)
  const b = tf.variable(tf.tensor1d([0.5]), true, `b${Math.random()}`)
  session = new Session({
    backend: 'wasm',
    observer: {
      compiled: (report) => reports.push(report),
      ran: () => undefined,
      stepLimit: () => Infinity,
      wantsObservation: () => false,
      warn: () => undefined,
    },
  })
  const step = session.compile('step')
  const batch: HostTensor[] = [{ dtype: 'float32', shape: [2, 2], values: Float32Array.of(1, 0, 0, 3) }]
  let rate = 1
  for (let count = 0; count < 2; count++) {
    step.call(batch, ([x]) => {
      const { value, gradients } = withTape(
        () => tf.mean(tf.add(tf.matMul(x as tf.Tensor2D, w as unknown as tf.Tensor2D), b)),
        [w, b],
      )
      const learningRate = hostScalar('learningRate', () => rate)
      for (const [index, variable] of [w, b].entries()) {
        const gradient = gradients[index]
        if (gradient) variable.assign(tf.sub(variable, tf.mul(gradient, learningRate)))
      }
      return [value]
    })
    rate = 0.1
  }
  await session.settle(true)
  const [report] = reports
  if (!report) throw new Error('nothing was compiled')
  return { report, w }
}

it('gives what each node of any stage computes from the last batch and the weights as they are now', async () => {
  const { report, w } = await trained()
  const [snapshot] = (await session?.snapshots(2)) ?? []
  if (!snapshot) throw new Error('no snapshot')
  const values = await w.data()
  const [w0 = NaN, w1 = NaN] = values
  const before = memoryInUse().tensors
  for (const { graph, name } of [report.stages[0], report.stages.at(-1)].flatMap((stage) => stage ?? [])) {
    const { step, nodes } = await inspectGraph(graph, snapshot)
    expect(step).toBe(2)
    expect(nodes, name).toHaveLength(graph.nodes.length)
    const product = nodes.flat().find(({ shape }) => String(shape) === '2,1')
    expect(product?.first.length).toBe(2)
    const [first = NaN, second = NaN] = product?.first ?? []
    expect(second - first).toBeCloseTo(3 * w1 - w0, 5)
    // The rate of the last call, not of the trace: 1 − 0.1 = 0.9 would be no multiple of 1.
    const state = graph.states.find(({ variables }) => variables.some(({ name: one }) => one === w.name))
    const next = nodes.flat().find(({ name: one }) => one === state?.output)
    expect(next?.first.some((value) => Math.abs(value - (w0 - 0.05)) < 1e-5)).toBe(true)
  }
  expect(memoryInUse().tensors).toBe(before)
  expect(await w.data()).toEqual(values)
})

it('says where a snapshot is of another function', async () => {
  const { report } = await trained()
  const graph = report.stages[0]?.graph
  if (!graph) throw new Error('no graph')
  const empty = { function: 'step', signature: '', step: 0, feeds: new Map(), variables: new Map() }
  await expect(inspectGraph(graph, empty)).rejects.toThrow(ArgumentError)
  await expect(inspectGraph(graph, empty)).rejects.toThrow(
    /^inspectGraph: expected a snapshot of step with .+, got one without\. Take it from a call of the same function\.$/,
  )
})

it('summarises values, the finite ones apart', () => {
  const value = { name: 'y', dtype: 'float32', shape: [4] } as const
  expect(summarise(value, Float32Array.of(0, 2, NaN, 4))).toEqual({
    ...value,
    min: 0,
    max: 4,
    mean: 2,
    zeroShare: 0.25,
    nonFiniteShare: 0.25,
    first: [0, 2, NaN, 4],
  })
  expect(summarise(value, Float32Array.of(Infinity)).mean).toBeNaN()
})
