import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { engineCounts } from '../eager/counters'
import { readBack } from '../eager/readBack'
import { withTape } from '../eager/tape'
import { activeTrace, eachStep, hostScalar } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { Session } from './session'
import type { HostTensor } from './types'

beforeAll(() => initialiseBackend('cpu'))

/** Least squares on one weight matrix with a learning rate that falls with every step. */
class Descent {
  readonly weight = tf.variable(tf.tensor2d([0.5, -0.25], [2, 1]))
  iterations = 0

  step = ([x, y]: readonly tf.Tensor[]): tf.Tensor[] => {
    const predict = () => tf.tanh(tf.matMul(x as tf.Tensor2D, this.weight as unknown as tf.Tensor2D))
    const { value, gradients } = withTape(
      () => tf.mean(tf.squaredDifference(predict(), y as tf.Tensor)),
      [this.weight],
    )
    eachStep(() => this.iterations++)
    const rate = hostScalar('learningRate', () => 0.5 / this.iterations)
    this.weight.assign(tf.sub(this.weight, tf.mul(gradients[0] as tf.Tensor, rate)))
    return [value]
  }

  /** Losses of eager steps on the same batches. */
  eagerLosses(batches: readonly (readonly HostTensor[])[]): number[] {
    return batches.map((batch) =>
      tf.tidy(
        () =>
          (
            this.step(batch.map(({ values, shape }) => tf.tensor(values, [...shape])))[0] as tf.Tensor
          ).dataSync()[0] ?? NaN,
      ),
    )
  }
}

function batches(count: number, size: number): HostTensor[][] {
  return Array.from({ length: count }, (_, index) => [
    {
      dtype: 'float32',
      shape: [size, 2],
      values: Float32Array.from({ length: 2 * size }, (_, i) => Math.sin(i + index)),
    },
    {
      dtype: 'float32',
      shape: [size, 1],
      values: Float32Array.from({ length: size }, (_, i) => Math.cos(i * index)),
    },
  ])
}

let session: Session | null = null

afterEach(() => {
  session?.dispose()
  session = null
})

function open(): Session {
  session = new Session({ backend: 'wasm' })
  return session
}

async function compiledLosses(
  opened: Session,
  descent: Descent,
  stepsPerExecution: number,
  all: HostTensor[][],
) {
  const compiled = opened.compile('step', { stepsPerExecution })
  const pending = all.map((batch) => compiled.call(batch, descent.step))
  await opened.settle(true)
  return pending.map(({ results }) => results?.[0]?.values[0])
}

describe('session on onnxruntime-web', () => {
  it.each([1, 4, 100])('takes the steps that eager takes, %i at a time', async (stepsPerExecution) => {
    const all = batches(10, 4)
    const eager = new Descent()
    const compiled = new Descent()
    const expected = eager.eagerLosses(all)
    const losses = await compiledLosses(open(), compiled, stepsPerExecution, all)
    for (const [index, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[index] ?? NaN, 6)
    expect(compiled.iterations).toBe(10)
    const weights = await readBack(compiled.weight)
    for (const [index, value] of (await readBack(eager.weight)).entries())
      expect(weights[index]).toBeCloseTo(value, 6)
  })

  it('runs no tfjs kernel in replay', async () => {
    const opened = open()
    const descent = new Descent()
    await compiledLosses(opened, descent, 1, batches(1, 4))
    const compiled = opened.compile('step')
    const before = engineCounts()
    compiled.call(batches(1, 4)[0] ?? [], descent.step)
    await opened.settle(true)
    const all = batches(5, 4).map((batch) => compiled.call(batch, descent.step))
    await opened.settle(true)
    expect(all.every(({ results }) => results !== null)).toBe(true)
    expect(engineCounts()).toEqual(before)
  })

  it('retraces for a partial batch and keeps the state', async () => {
    const opened = open()
    const eager = new Descent()
    const compiled = new Descent()
    const all = [...batches(3, 4), ...batches(1, 3), ...batches(2, 4)]
    const expected = eager.eagerLosses(all)
    const losses = await compiledLosses(opened, compiled, 2, all)
    for (const [index, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[index] ?? NaN, 6)
    expect(opened.signatures().map(({ signature, hits }) => [signature, hits])).toEqual([
      ['float32[4, 2], float32[4, 1]', 4],
      ['float32[3, 2], float32[3, 1]', 0],
    ])
  })

  it('lets eager and compiled steps follow one another', async () => {
    const opened = open()
    const eager = new Descent()
    const mixed = new Descent()
    const all = batches(6, 4)
    const expected = eager.eagerLosses(all)
    const first = await compiledLosses(opened, mixed, 1, all.slice(0, 2))
    const second = mixed.eagerLosses(all.slice(2, 4))
    const third = await compiledLosses(opened, mixed, 2, all.slice(4))
    for (const [index, loss] of [...first, ...second, ...third].entries()) {
      expect(loss).toBeCloseTo(expected[index] ?? NaN, 6)
    }
  })

  it('runs a queued step when its result is asked for', async () => {
    const opened = open()
    const descent = new Descent()
    const compiled = opened.compile('step', { stepsPerExecution: 100 })
    const [batch = []] = batches(1, 4)
    const pending = compiled.call(batch, descent.step)
    await opened.settle()
    expect(pending.results).toBeNull()
    expect(opened.queuedSteps).toBe(1)
    const [loss] = await pending.force()
    expect(loss?.shape).toEqual([])
    expect(opened.queuedSteps).toBe(0)
  })

  it('observes the first step of a block alone, then runs the rest of the block', async () => {
    const blocks: [steps: number, isObserved: boolean][] = []
    session = new Session({
      backend: 'wasm',
      observer: {
        compiled: () => undefined,
        ran: ({ steps, observed }) => blocks.push([steps, observed !== null]),
        stepLimit: () => Infinity,
        wantsObservation: () => true,
        warn: () => undefined,
      },
    })
    const compiled = session.compile('step', { stepsPerExecution: 4 })
    const total = tf.variable(tf.scalar(0))
    const step = ([x]: readonly tf.Tensor[]) => {
      activeTrace()?.observe('norm', [x as tf.Tensor])
      total.assign(tf.add(total, tf.sum(x as tf.Tensor)))
      return [tf.clone(total)]
    }
    const x: HostTensor = { dtype: 'float32', shape: [1], values: Float32Array.of(1) }
    const pending = Array.from({ length: 5 }, () => compiled.call([x], step))
    await session.settle()
    expect(blocks).toEqual([
      [1, true],
      [3, false],
    ])
    expect(session.queuedSteps).toBe(1)
    await session.settle(true)
    expect(blocks.at(-1)).toEqual([1, true])
    expect(pending.map(({ results }) => results?.[0]?.values[0])).toEqual([1, 2, 3, 4, 5])
    total.dispose()
  })

  it.each([1, 3])('runs what was called before a pause, %i at a time', async (stepsPerExecution) => {
    const blocks: number[] = []
    session = new Session({
      backend: 'wasm',
      observer: {
        compiled: () => undefined,
        ran: ({ steps }) => blocks.push(steps),
        stepLimit: () => 0,
        wantsObservation: () => false,
        warn: () => undefined,
      },
    })
    const compiled = session.compile('step', { stepsPerExecution })
    const total = tf.variable(tf.scalar(0))
    const step = ([x]: readonly tf.Tensor[]) => {
      activeTrace()?.countUpdate()
      total.assign(tf.add(total, tf.sum(x as tf.Tensor)))
      return [tf.clone(total)]
    }
    const pending = [1, 10, 100, 1000].map((value) =>
      compiled.call([{ dtype: 'float32', shape: [1], values: Float32Array.of(value) }], step),
    )
    await session.settle()
    expect(pending.map(({ results }) => results?.[0]?.values[0])).toEqual([1, 11, 111, 1111])
    expect(blocks).toEqual(stepsPerExecution === 1 ? [1, 1, 1, 1] : [3, 1])
    total.dispose()
  })

  it('that is disposed of while a block runs frees what the block leaves', async () => {
    const opened = open()
    const released = vi.spyOn(opened.runtime, 'release')
    const total = tf.variable(tf.scalar(0))
    const add = () =>
      opened.compile('add').call([], () => {
        total.assign(tf.add(total, 1))
        return [tf.clone(total)]
      })
    await add().force()
    const running = opened.settle()
    const failed = vi.fn()
    add().force().catch(failed)
    await running
    released.mockClear()
    opened.dispose()
    total.dispose()
    // What went into the block, and what came out of it.
    await expect.poll(() => released.mock.calls.length).toBe(2)
    expect(failed).not.toHaveBeenCalled()
  })
})
