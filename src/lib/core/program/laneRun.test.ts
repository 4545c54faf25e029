import { describe, expect, it } from 'vitest'
import { generateProgram } from '../codegen/index'
import { memoryInUse } from '../eager/counters'
import { defaultSpec } from '../spec/defaults'
import type { Spec, Style } from '../spec/schema'
import { InterruptedError } from './laneRun'
import { startTestRun, type TestRun } from '../../../../tests/support/testRun'

const small: Spec = {
  ...defaultSpec(),
  training: { batchSize: 32, epochs: 2, shuffle: true },
}
const batchesPerEpoch = 8 // 250 examples

function program(style: Style, spec = small): string {
  return generateProgram(spec, style, { lane: 'A' })
}

const losses = (run: Awaited<ReturnType<typeof startTestRun>>) => run.series('loss').map(({ value }) => value)

describe.each(['keras', 'torch'] as const)('a %s program', (style) => {
  it('runs to its end and reports every batch and epoch', async () => {
    const run = await startTestRun(program(style))
    await run.done
    expect(run.error).toBeUndefined()
    expect(run.statuses).toEqual(['running', 'finished'])
    expect(run.series('loss').map(({ step }) => step)).toEqual(
      Array.from({ length: 2 * batchesPerEpoch }, (_, index) => index + 1),
    )
    expect(run.series('epoch')).toEqual([
      { step: batchesPerEpoch, value: 1 },
      { step: 2 * batchesPerEpoch, value: 2 },
    ])
    expect(run.series('epoch/valLoss')).toHaveLength(2)
    expect(run.series('epoch/valAccuracy').at(-1)?.value).toBeGreaterThan(0)
    expect(run.series('gradientNorm')[0]?.step).toBe(1)
  })

  it('is evaluated as it is written: another learning rate in the text gives another curve', async () => {
    const text = program(style)
    const before = await startTestRun(text)
    await before.done
    const edited = await startTestRun(text.replace(/(lr|learningRate): 0\.03/, '$1: 0.3'))
    await edited.done
    expect(losses(edited)[0]).toBe(losses(before)[0])
    expect(losses(edited).at(-1)).not.toBe(losses(before).at(-1))
  })

  it('repeats itself bit for bit', async () => {
    const first = await startTestRun(program(style))
    await first.done
    const second = await startTestRun(program(style))
    await second.done
    expect(losses(second)).toEqual(losses(first))
  })

  it('frees everything it made', async () => {
    const warmUp = await startTestRun(program(style))
    await warmUp.done
    const before = memoryInUse()
    const run = await startTestRun(program(style), { compareWeights: true })
    await run.done
    expect(memoryInUse()).toEqual(before)
  })

  it('keeps the number of live tensors flat while it trains', async () => {
    const spec = { ...small, training: { ...small.training, epochs: 40 } }
    const run = await startTestRun(program(style, spec), { limit: { kind: 'steps', count: 20 } })
    await run.reaches('paused')
    const early = memoryInUse()
    run.lane.resume({ kind: 'steps', count: 200 })
    await run.reaches('paused')
    expect(memoryInUse()).toEqual(early)
    run.lane.stop()
    await run.done
  })

  it('steps one batch at a time, goes on, and stops', async () => {
    const run = await startTestRun(program(style), { limit: { kind: 'steps', count: 1 } })
    await run.reaches('paused')
    expect(run.series('loss')).toHaveLength(1)
    run.lane.resume({ kind: 'steps', count: 3 })
    await run.reaches('paused')
    expect(run.series('loss').map(({ step }) => step)).toEqual([1, 2, 3, 4])
    run.lane.stop()
    await run.done
    expect(run.statuses.at(-1)).toBe('stopped')
  })

  it('takes a new learning rate while it runs', async () => {
    const plain = await startTestRun(program(style))
    await plain.done
    const run = await startTestRun(program(style), { limit: { kind: 'steps', count: 4 } })
    await run.reaches('paused')
    run.lane.setLearningRate(0.5)
    run.lane.resume({ kind: 'none' })
    await run.done
    expect(losses(run).slice(0, 5)).toEqual(losses(plain).slice(0, 5))
    expect(losses(run)[5]).not.toBe(losses(plain)[5])
    expect(run.reports.flatMap(({ events }) => events)).toContainEqual(
      expect.objectContaining({ tag: 'learningRate', value: '0.5', step: 4 }),
    )
  })

  it('changes the learning rate after a given step, so that two lanes can change together', async () => {
    const run = await startTestRun(program(style), { limit: { kind: 'steps', count: 2 } })
    await run.reaches('paused')
    run.lane.setLearningRate(0.5, 5)
    run.lane.resume({ kind: 'none' })
    await run.done
    expect(run.reports.flatMap(({ events }) => events)).toContainEqual(
      expect.objectContaining({ tag: 'learningRate', value: '0.5', step: 5 }),
    )
  })

  it('stops at a loss that is not finite and names the first bad tensor', async () => {
    const spec: Spec = {
      ...small,
      loss: 'meanSquaredError',
      data: { kind: 'plane', samples: 500, noise: 0, trainFraction: 0.5 },
      model: { layers: [{ type: 'dense', units: 1, activation: 'linear', useBias: true }] },
      optimizer: { type: 'sgd', learningRate: 10, momentum: 0, nesterov: false, weightDecay: 0 },
    }
    const run = await startTestRun(program(style, spec).replace(/(lr|learningRate): 10/, '$1: 1e30'))
    await run.done
    expect(run.statuses.at(-1)).toBe('failed')
    expect(run.error?.name).toBe('NonFiniteLossError')
    expect(run.error?.message).toMatch(/got (NaN|Infinity) at step \d+\. /)
    expect(run.error?.message).toMatch(/overflowed|First tensor that went bad: /)
  })

  it('says of a static lane that it has no weights from before a loss that is not finite', async () => {
    const spec: Spec = {
      ...small,
      loss: 'meanSquaredError',
      data: { kind: 'plane', samples: 500, noise: 0, trainFraction: 0.5 },
      model: { layers: [{ type: 'dense', units: 1, activation: 'linear', useBias: true }] },
      optimizer: { type: 'sgd', learningRate: 10, momentum: 0, nesterov: false, weightDecay: 0 },
    }
    const text = generateProgram(spec, style, { lane: 'A', execution: 'static' })
    const run = await startTestRun(text.replace(/(lr|learningRate): 10/, '$1: 1e30'), { execution: 'static' })
    await run.done
    expect(run.error?.message).toMatch(
      /^loss: expected a finite number, got (NaN|Infinity) at step \d+\. The weights from before it were not kept: /,
    )
  })

  it('names the line of an error', async () => {
    const text = program(style)
    const run = await startTestRun(`${text}\nmissing()\n`)
    await run.done
    expect(run.error).toMatchObject({ name: 'ReferenceError', line: text.split('\n').length + 1 })
  })

  it('counts kernels and host reads of training steps', async () => {
    const run = await startTestRun(program(style))
    await run.done
    const ledger = run.reports.findLast((report) => report.ledger)?.ledger
    expect(ledger?.kernelsPerStep).toBeGreaterThan(50)
    // Keras reads its metrics once more when an epoch is over.
    expect(ledger?.hostReadsPerStep).toBeGreaterThanOrEqual(1)
    expect(ledger?.hostReadsPerStep).toBeLessThan(2)
  })
})

it.each(['resume', 'stop'] as const)('hears a %s that comes while it is about to pause', async (command) => {
  const run = await startTestRun(program('keras'), {
    limit: { kind: 'steps', count: 3 },
    compareWeights: true,
  })
  const posted = run.weights.push.bind(run.weights)
  // Weights are posted right before the pause.
  run.weights.push = (entry) => {
    if (entry.step === 3 && command === 'stop') run.lane.stop()
    if (entry.step === 3 && command === 'resume') run.lane.resume({ kind: 'none' })
    return posted(entry)
  }
  await run.done
  expect(run.statuses).toEqual(['running', command === 'stop' ? 'stopped' : 'finished'])
})

it('stands where it goes on from until its first batch, also when it is stopped or fails before that', async () => {
  const first = await startTestRun(program('torch'), { limit: { kind: 'steps', count: batchesPerEpoch + 2 } })
  await first.reaches('paused')
  first.lane.stop(new InterruptedError())
  await first.done
  const { checkpoint } = first.lane
  const places: unknown[] = []
  for (const text of [program('torch'), 'missing()']) {
    const run = await startTestRun(text, { checkpoint })
    if (text !== 'missing()') run.lane.stop()
    await run.done
    places.push([run.statuses.at(-1), run.reports.at(-1)?.step, run.reports.at(-1)?.epoch])
  }
  expect(places).toEqual([
    ['stopped', batchesPerEpoch + 2, 1],
    ['failed', batchesPerEpoch + 2, 1],
  ])
})

it('tells an error of the program also when it is interrupted at that moment', async () => {
  const interrupt = new InterruptedError()
  const run = await startTestRun('missing()', {
    yieldToHost: () => {
      run.lane.stop(interrupt)
      return Promise.resolve()
    },
  })
  expect(await run.done).toBeNull()
  expect(run.statuses).toEqual(['failed'])
  expect(run.error?.name).toBe('ReferenceError')
})

it('goes on elsewhere for a lost backend whatever was thrown, also when it is interrupted meanwhile', async () => {
  const lost = new Error('webgpu: the device was lost.')
  const run = await startTestRun('missing()', {
    yieldToHost: () => {
      run.lane.stop(lost)
      run.lane.stop(new InterruptedError())
      return Promise.resolve()
    },
  })
  expect(await run.done).toBe(lost)
  expect(run.statuses).toEqual([])
})

it('does not count what instruments hold among the most tensors alive', async () => {
  const spec: Spec = {
    ...small,
    optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
  }
  const peaks: unknown[] = []
  // From the second update on the weights from before the last one are kept.
  for (const count of [1, 5]) {
    const run = await startTestRun(program('torch', spec), { limit: { kind: 'steps', count } })
    await run.reaches('paused')
    peaks.push(run.reports.findLast(({ ledger }) => ledger)?.ledger?.peakTensors)
    run.lane.stop()
    await run.done
  }
  expect(peaks[0]).toBeGreaterThan(0)
  expect(peaks[1]).toBe(peaks[0])
})

it('keeps a learning rate that comes before the first batch', async () => {
  const plain = await startTestRun(program('torch').replace('lr: 0.03', 'lr: 0.5'))
  await plain.done
  const run = await startTestRun(program('torch'))
  run.lane.setLearningRate(0.5)
  await run.done
  expect(losses(run)).toEqual(losses(plain))
})

it('posts weights at powers of two and at epoch ends', async () => {
  const run = await startTestRun(program('keras'), { compareWeights: true })
  await run.done
  expect(run.weights.map(({ step }) => step)).toEqual([0, 1, 2, 4, 8, 16])
})

describe.each([
  ['keras', 'torch'],
  ['torch', 'keras'],
] as const)('lane B in %2$s aligned to lane A in %1$s', (a, b) => {
  it('follows it to float32 rounding', async () => {
    const spec = { ...small, training: { ...small.training, epochs: 13 } }
    const first = await startTestRun(generateProgram(spec, a, { lane: 'A' }))
    await first.done
    const initialWeights = first.weights[0]?.weights
    const text = generateProgram(spec, b, { lane: 'B', alignedTo: a })
    const second = await startTestRun(text, { ...(initialWeights ? { initialWeights } : {}) })
    await second.done
    expect(second.error).toBeUndefined()
    const differences = losses(first).map((loss, index) => Math.abs(loss - (losses(second)[index] ?? NaN)))
    expect(differences).toHaveLength(13 * batchesPerEpoch)
    expect(Math.max(...differences)).toBeLessThan(1e-5)
  })
})

it.each([1, 4])(
  'figures logged beside compiled steps belong to their batch, %i steps at a time',
  async (steps) => {
    const text = generateProgram(small, 'torch', { lane: 'A', execution: 'static', stepsPerExecution: steps })
    const logging = text.replace(
      '    const loss = trainStep',
      '    log({ rate: optimizer.learningRate })\n    const loss = trainStep',
    )
    const run = await startTestRun(logging, { execution: 'static' })
    await run.done
    expect(run.error).toBeUndefined()
    expect(run.series('loss')).toHaveLength(2 * batchesPerEpoch)
    expect(run.series('rate').map(({ step }) => step)).toEqual(run.series('loss').map(({ step }) => step))
  },
)

describe('what a program throws beside its own course', () => {
  /** A browser tells of it in the turn after the one that was asked for before. */
  async function runWith(text: string, options: Parameters<typeof startTestRun>[1] = {}) {
    let turns = 0
    const run = await startTestRun(text, {
      yieldToHost: () => {
        if (++turns === 2) run.lane.throwAside(new RangeError('too far'), 'callback')
        return new Promise((resolve) => setImmediate(resolve))
      },
      ...options,
    })
    await run.done
    return run
  }
  const printed = (run: TestRun) => run.reports.flatMap(({ console }) => console)

  it('is printed at once, and fails a run without batches at its end', async () => {
    const run = await runWith(`await Promise.resolve()`)
    const message =
      'A callback threw while no statement waited for it: RangeError: too far. Catch it in the callback.'
    expect(run.statuses).toEqual(['failed'])
    expect(run.error).toMatchObject({ name: 'AsideError', message })
    expect(printed(run)).toMatchObject([{ level: 'error', text: message }])
  })

  it('fails a run at its next batch, also where the program catches that', async () => {
    const run = await runWith(
      `${program('keras').replace('await model.fit', 'try { await model.fit')}\n} catch {}`,
    )
    expect(run.error).toMatchObject({ name: 'AsideError' })
    expect(run.series('loss').length).toBeLessThan(2 * batchesPerEpoch)
  })

  it('names its line', async () => {
    let thrown: unknown
    const keep = Object.assign(globalThis, { keepThrown: (error: unknown) => (thrown = error) })
    const run = await startTestRun(`\n\nkeepThrown(new Error('x'))\nawait Promise.resolve()`, {
      yieldToHost: () => {
        if (thrown !== undefined) run.lane.throwAside(thrown, 'promise')
        return new Promise((resolve) => setImmediate(resolve))
      },
    })
    await run.done
    Reflect.deleteProperty(keep, 'keepThrown')
    expect(run.error).toEqual({
      name: 'AsideError',
      message: 'A promise was rejected and nobody awaited it: Error: x. Write await before the call.',
      line: 3,
      column: undefined,
    })
  })

  it('is printed after the end of a run, and not told of one that failed or was stopped', async () => {
    const finished = await startTestRun('await Promise.resolve()')
    await finished.done
    finished.lane.throwAside(5, 'promise')
    expect(finished.statuses).toEqual(['finished'])
    expect(printed(finished).map(({ text }) => text)).toEqual([
      "A promise was rejected and nobody awaited it: Error: throw: expected an Error, got 5. Write throw new Error('what is wrong'). Write await before the call.",
    ])
    const failed = await startTestRun('throw new Error()')
    await failed.done
    failed.lane.throwAside(new Error('late'), 'promise')
    expect(printed(failed)).toEqual([])
  })
})

it.each([
  ['a proxy of traps', 'throw new Proxy({}, { getPrototypeOf() { throw 1 }, get() { throw 2 } })'],
  [
    'an error with a throwing stack',
    "throw Object.defineProperty(new Error(), 'stack', { get() { throw 1 } })",
  ],
  ['null', 'throw null'],
  ['a symbol', "throw Symbol('x')"],
])('a program may throw %s', async (_, text) => {
  const run = await startTestRun(text)
  await run.done
  expect(run.statuses).toEqual(['failed'])
  expect(run.error?.message).toMatch(/^(throw: expected an Error, got .*|It has no message\.)/)
  expect(run.error?.line).toBe(1)
})

it('says that a tape does not show a whole step', async () => {
  const run = await startTestRun(
    `import * as torch from 'tandem/torch'
import { DataLoader, TensorDataset } from 'tandem/torch'
const parameter = new torch.nn.Parameter(torch.ones([1]))
export const model = new torch.nn.Linear(1, 1)
const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 })
for await (const [x] of new DataLoader(new TensorDataset(torch.ones([2, 1])), { batchSize: 1 })) {
  torch.noGrad(() => { for (let i = 0; i < 20500; i++) x.neg() })
  optimizer.zeroGrad()
  model.forward(x).sum().backward()
  optimizer.step()
}`,
  )
  const recorded = run.lane.recordStep().catch(() => null)
  await run.done
  expect(run.error).toBeUndefined()
  await recorded
  const texts = run.reports.flatMap(({ console }) => console.map(({ text }) => text))
  expect(texts).toEqual(['The tape shows the first 20000 kernels of this step, which has more.'])
})
