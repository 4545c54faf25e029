/** Eager loops that hold on to tensors leave memory as it was: nothing of theirs stays on the backend, and garbage is collected. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { memoryInUse } from '../../src/lib/core/eager/counters'
import { MemoryScope } from '../../src/lib/core/eager/memoryScope'
import { tf } from '../../src/lib/core/eager/tfjs'
import { GradientTape, layers, optimizers, Sequential } from '../../src/lib/core/keras'
import { cat, DataLoader, nn, noGrad, optim, randn, zeros, type Tensor } from '../../src/lib/core/torch'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let run: MemoryScope

beforeEach(() => (run = new MemoryScope('run', { isLong: true, isPrivate: true })))
afterEach(() => {
  run.close()
  tf.disposeVariables()
})

/** What is in use after each step, except the first ones, whose optimizers make slots. */
class Marks {
  readonly #distinct = new Set<string>()
  #count = 0

  add(): void {
    const { tensors, bytes } = memoryInUse()
    if (++this.#count > settled) this.#distinct.add(`${tensors} tensors, ${bytes} bytes`)
  }

  expectFlat(): void {
    expect(this.#count).toBeGreaterThan(settled + 20)
    expect([...this.#distinct]).toHaveLength(1)
  }
}

const settled = 12

async function heapAfterGarbage(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve))
    collectGarbage()
  }
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
}

/** What kept closures and inline caches of the engine may come to. */
const allowedBytes = 2_000_000

const x = () =>
  ({
    values: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    shape: [8, 3, 1],
    dtype: 'float32',
  }) as const
const y = () =>
  ({
    values: Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)),
    shape: [8, 1],
    dtype: 'float32',
  }) as const

/** Batches that carry a hidden state and a running sum, and collect what `keep` is given. */
async function carry(
  batches: number,
  marks: Marks,
  keep: (out: Tensor) => void = () => undefined,
): Promise<Tensor> {
  const model = new nn.GRU(1, 2, { batchFirst: true })
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
  const loader = new DataLoader({ x: x(), y: y() }, { batchSize: 4 })
  let hidden = zeros(1, 4, 2)
  let total = zeros(1)
  for (let batch = 0; batch < batches;) {
    for await (const [xb, yb] of loader) {
      if (batch++ >= batches) break
      const [out, last] = model.forward(xb, hidden)
      const loss = nn.functional.mseLoss(out.select(1, -1).sum(1).view(4, 1), yb)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      hidden = last.detach()
      total = total.add(loss.detach())
      keep(out.detach())
      marks.add()
    }
  }
  return total
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  it('batches that carry state leave nothing behind', async () => {
    await carry(50, new Marks())
    const before = await heapAfterGarbage()
    const marks = new Marks()
    await carry(400, marks)
    marks.expectFlat()
    expect((await heapAfterGarbage()) - before).toBeLessThan(allowedBytes)
  })

  it('collected predictions wait outside the backend', async () => {
    const marks = new Marks()
    const all: Tensor[] = []
    await carry(60, marks, (out) => all.push(out))
    marks.expectFlat()
    expect(cat(all).shape).toEqual([240, 3, 2])
  })

  it('a training loop without a loader is flat, also where it never awaits', () => {
    const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 3))
    const optimizer = new optim.Adam(model.parameters())
    const [inputs, labels] = [randn(16, 2), randn(16, 3).argmax(1)]
    const marks = new Marks()
    const losses: Tensor[] = []
    for (let step = 0; step < 100; step++) {
      const out = model.forward(inputs)
      const loss = nn.functional.crossEntropy(out, labels)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      out.argmax(1).eq(labels).float().mean()
      losses.push(loss)
      marks.add()
    }
    marks.expectFlat()
    expect(new Set(losses)).toHaveLength(100)
  })

  it('a forward pass in each step that nothing goes back through is let go', async () => {
    const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1))
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
    const inputs = randn(16, 2)
    const marks = new Marks()
    const loop = (steps: number) => {
      for (let step = 0; step < steps; step++) {
        model.forward(inputs)
        optimizer.zeroGrad()
        model.forward(inputs).mean().backward()
        optimizer.step()
        marks.add()
      }
    }
    loop(50)
    const before = await heapAfterGarbage()
    loop(400)
    marks.expectFlat()
    expect((await heapAfterGarbage()) - before).toBeLessThan(allowedBytes)
  })

  it.each([true, false])('a loop without updates is bounded (graphs: %s)', async (isRecorded) => {
    const model = new nn.Linear(2, 8)
    const inputs = randn(16, 2)
    const forward = () => model.forward(inputs).tanh().mean()
    const loop = (passes: number) => {
      let most = 0
      for (let pass = 0; pass < passes; pass++) {
        if (isRecorded) forward()
        else noGrad(forward)
        most = Math.max(most, memoryInUse().tensors)
      }
      return most
    }
    loop(6_000)
    const before = await heapAfterGarbage()
    expect(loop(6_000)).toBeLessThan(12_000)
    expect((await heapAfterGarbage()) - before).toBeLessThan(allowedBytes)
  })

  it('gradients that the program keeps wait outside the backend', () => {
    const model = new nn.Linear(2, 1)
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
    const inputs = randn(4, 2)
    const marks = new Marks()
    const kept: (Tensor | null)[] = []
    for (let step = 0; step < 60; step++) {
      optimizer.zeroGrad()
      model.forward(inputs).square().mean().backward()
      kept.push(model.weight.grad)
      optimizer.step()
      marks.add()
    }
    marks.expectFlat()
    expect(kept).toHaveLength(60)
  })

  it('a Keras loop with a gradient tape is flat, and so is one whose tape nobody asks', () => {
    const model = new Sequential([new layers.Dense(4, { activation: 'tanh' }), new layers.Dense(1)])
    const optimizer = new optimizers.Adam()
    const inputs = tf.randomNormal([8, 2])
    const marks = new Marks()
    const losses: tf.Tensor[] = []
    for (let step = 0; step < 60; step++) {
      new GradientTape().record(() => tf.mean(model.apply(inputs)))
      const tape = new GradientTape()
      const loss = tape.record(() => tf.mean(tf.square(model.apply(inputs))))
      const weights = model.trainableWeights
      optimizer.apply(tape.gradient(loss, weights), weights)
      losses.push(loss)
      marks.add()
    }
    marks.expectFlat()
    expect(losses.every((loss) => Number.isFinite(loss.dataSync()[0]))).toBe(true)
  })
})
