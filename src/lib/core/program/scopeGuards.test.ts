import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestRun, type TestRun } from '../../../../tests/support/testRun'

beforeEach(() => {
  vi.spyOn(console, 'log').mockReturnValue(undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function run(text: string): Promise<TestRun> {
  const started = await startTestRun(text, { execution: 'static' })
  await started.done
  expect(started.error).toBeUndefined()
  return started
}

const prelude = `import torch, { compile, nn, optim } from 'tandem/torch'
import { log } from 'tandem/run'
const one = torch.ones(1)
`

/** What the program logs as `y`, and why it was traced again. */
async function traced(text: string): Promise<{ y: number[]; again: string[]; graphs: number }> {
  const told = await run(prelude + text)
  const notes = told.reports.flatMap(({ events }) => events)
  return {
    y: told.series('y').map(({ value }) => Math.round(1000 * value) / 1000),
    again: notes.filter(({ tag }) => tag === 'retrace').map(({ value }) => String(value)),
    graphs: told.compiled.length,
  }
}

describe('a compiled step in PyTorch style is traced again when there changes', () => {
  it.each([
    [
      'a number of the module',
      'let b = 1\nconst f = compile((x) => x.mul(b))',
      'b = 2',
      'f: b (line 5) was 1 and is 2.',
    ],
    [
      'a number that only a function further in reads',
      'let b = 1\nfunction scaled(x) { return x.mul(b) }\nconst f = compile((x) => scaled(x))',
      'b = 2',
      'f: b (line 5) was 1 and is 2.',
    ],
    [
      'a member of an object',
      'const c = { a: { b: 1 }, other: 0 }\nconst f = compile((x) => x.mul(c.a.b))',
      'c.a.b = 2',
      'f: c.a.b (line 5) was 1 and is 2.',
    ],
    [
      'an entry of a list',
      'const c = [1, 5]\nconst f = compile((x) => x.mul(c[0]))',
      'c[0] = 2',
      'f: c[0] (line 5) was 1 and is 2.',
    ],
    [
      'what a whole object holds that is handed on',
      'const c = { b: 1 }\nconst scaled = (x, { b }) => x.mul(b)\nconst f = compile((x) => scaled(x, c))',
      'c.b = 2',
      'f: c (line 6) was {b: 1} and is {b: 2}.',
    ],
    [
      'a text',
      "let kind = 'half'\nconst f = compile((x) => (kind === 'half' ? x : x.mul(2)))",
      "kind = 'whole'",
      'f: kind (line 5) was "half" and is "whole".',
    ],
    [
      'a field of a class',
      'class Scale { constructor() { this.b = 1 } of(x) { return x.mul(this.b) } }\nconst s = new Scale()\nconst f = compile((x) => s.of(x))',
      's.b = 2',
      'f: this.b (line 4) was 1 and is 2.',
    ],
    [
      'a field of an object of a class that is handed on',
      'class Scale { b = 1 }\nconst s = new Scale()\nconst scaled = (x, { b }) => x.mul(b)\nconst f = compile((x) => scaled(x, s))',
      's.b = 2',
      'f: s (line 7) was {b: 1} and is {b: 2}.',
    ],
    [
      "a module's own field",
      'class Net extends nn.Module { constructor() { super(); this.b = 1 } forward(x) { return x.mul(this.b) } }\nconst net = new Net()\nconst f = compile((x) => net.forward(x))',
      'net.b = 2',
      'f: this.b (line 4) was 1 and is 2.',
    ],
    [
      'a field that an arrow function of a class reads',
      'class Net { b = 1; of = (x) => x.mul(this.b) }\nconst net = new Net()\nconst f = compile((x) => net.of(x))',
      'net.b = 2',
      'f: this.b (line 4) was 1 and is 2.',
    ],
    [
      'a setting of a layer of ours',
      'const layer = new nn.LeakyReLU(1)\nconst f = compile((x) => layer.forward(x.neg()).neg())',
      'layer.negativeSlope = 2',
      'f: LeakyReLU.negativeSlope (line 6) was 1 and is 2.',
    ],
    [
      'a learning rate that the step reads',
      'const optimizer = new optim.SGD([torch.ones(1, { requiresGrad: true })], { lr: 1 })\nconst f = compile((x) => x.mul(optimizer.paramGroups[0].lr))',
      'optimizer.paramGroups[0].lr = 2',
      'f: lr (line 6) was 1 and is 2.',
    ],
    [
      'a setting of the reduction of a loss',
      'const criterion = new nn.MSELoss()\nconst f = compile((x) => criterion.forward(torch.cat([x, x]), torch.zeros(2)).sum())',
      "criterion.reduction = 'sum'",
      'f: MSELoss.reduction (line 6) was "mean" and is "sum".',
    ],
  ])('%s', async (_, made, change, reason) => {
    const text = `${made}\nlog({ y: await f(one).item() })\n${change}\nlog({ y: await f(one).item() })\nlog({ y: await f(one).item() })\n`
    const { y, again, graphs } = await traced(text)
    expect(y).toEqual([1, 2, 2])
    expect(again).toEqual([reason])
    expect(graphs).toBe(2)
  })

  it('a number inside of a function that runs the whole program, for each of its calls', async () => {
    const { y, graphs } = await traced(`
async function main(start) {
  let b = start
  const f = compile((x) => x.mul(b))
  log({ y: await f(one).item() })
  b += 1
  log({ y: await f(one).item() })
}
await main(1)
await main(5)
`)
    expect(y).toEqual([1, 2, 5, 6])
    expect(graphs).toBe(4)
  })

  it('a value that one call of a helper adds to, as in eager execution', async () => {
    const { y } = await traced(`let calls = 0
const f = compile((x) => { calls++; return x.mul(calls) })
for (let step = 0; step < 4; step++) log({ y: await f(one).item() })
`)
    expect(y).toEqual([1, 2, 3, 4])
  })
})

describe('a compiled step in PyTorch style is not traced again for', () => {
  it.each([
    ['a constant', 'const b = 1\nconst f = compile((x) => x.mul(b))', ''],
    [
      'its own variables',
      'const f = compile((x) => { let n = 0; const g = () => n++; g(); g(); return x.mul(n / 2) })',
      '',
    ],
    [
      'a member that it does not read',
      'const c = { b: 1, epoch: 0 }\nconst f = compile((x) => x.mul(c.b))',
      'c.epoch++',
    ],
    [
      'a member that it only sets',
      'const c = { last: 0 }\nconst f = compile((x) => { c.last = 3; return x })',
      'c.last = 4',
    ],
    [
      'a variable that hides one',
      'let b = 1\nconst f = compile((x) => { const b = 1; return x.mul(b) })',
      'b = 2',
    ],
  ])('%s', async (_, made, change) => {
    const { y, graphs } = await traced(`${made}
for (let step = 0; step < 3; step++) { log({ y: await f(one).item() }); ${change} }
`)
    expect(y).toEqual([1, 1, 1])
    expect(graphs).toBe(1)
  })
})

describe('tensors from outside of a compiled step', () => {
  it.each([
    ['filled', 'const t = torch.ones(1)', 't.fill_(step)'],
    ['copied to', 'const t = torch.ones(1)', 't.copy_(torch.full([1], step))'],
    ['added to', 'const t = torch.ones(1)', 't.add_(1)'],
    ['another one in the variable', 'let t = torch.ones(1)', 't = torch.full([1], step)'],
    ['another one in a field', 'const c = { t: torch.ones(1) }', 'c.t = torch.full([1], step)'],
  ])('become an input when they change: %s', async (_, made, change) => {
    const name = made.includes('{ t') ? 'c.t' : 't'
    const { y, again, graphs } = await traced(`${made}
const f = compile((x) => x.mul(${name}))
for (let step = 2; step <= 5; step++) { log({ y: await f(one).item() }); ${change} }
log({ y: await f(one).item() })
`)
    expect(y).toEqual([1, 2, 3, 4, 5])
    expect(again).toEqual([expect.stringMatching(/^f: .* \(line 5\) was a tensor and is another one\.$/)])
    expect(graphs).toBe(2)
  })

  it('have a graph for each shape, and each call has the values of its time', async () => {
    const { y } = await traced(`let t = torch.ones(1)
const f = compile((x) => x.mul(t).sum(), { stepsPerExecution: 10 })
const results = []
for (const size of [1, 1, 2, 2, 3]) { t = torch.full([size], results.length + 1); results.push(f(one)) }
for (const result of results) log({ y: await result.item() })
`)
    expect(y).toEqual([1, 2, 6, 8, 15])
  })

  it('may be a parameter that takes the place of another', async () => {
    const { y } = await traced(`class Net extends nn.Module {
  constructor() { super(); this.w = new nn.Parameter(torch.ones(1)) }
  forward(x) { return x.mul(this.w) }
}
const net = new Net()
const f = compile((x) => net.forward(x))
log({ y: await f(one).item() })
net.w = new nn.Parameter(torch.full([1], 2))
log({ y: await f(one).item() })
`)
    expect(y).toEqual([1, 2])
  })
})

describe('a compiled step in Keras style goes on with what it was traced with, and says so once', () => {
  const data = 'const x = [[1], [1]], y = [[0], [0]]\n'
  const fit = (change: string) => `
const losses = []
for (let turn = 0; turn < 3; turn++) {
  losses.push((await model.fit(x, y, { epochs: 2, batchSize: 2, shuffle: false, validationData: [x, y] })).history.loss.at(-1))
  ${change}
}
log({ y: losses[0] }); log({ y: losses[1] }); log({ y: losses[2] })
`
  const frozen = 'optimizer: new optimizers.SGD({ learningRate: 0 }), runEagerly: false'
  it.each([
    [
      'a number that a loss reads',
      `let b = 1
const model = new Sequential([Input({ shape: [1] }), new layers.Dense(1, { kernelInitializer: 'ones' })])
model.compile({ loss: (yTrue, yPred) => ops.mean(ops.multiply(yPred, b)), ${frozen} })`,
      'b++',
      'trainStep: b on line 6 was 1 when the step was traced, and is 2 now. As in tf.function, the compiled step goes on ' +
        'with 1. Keep what changes in a Variable, compile the model again, or set runEagerly: true.',
    ],
    [
      'a field that the call of a layer reads',
      `class Scale extends layers.Layer { constructor() { super(); this.b = 1 } call(x) { return ops.multiply(x, this.b) } }
const scale = new Scale()
const model = new Sequential([Input({ shape: [1] }), scale])
model.compile({ loss: (yTrue, yPred) => ops.mean(yPred), ${frozen} })`,
      'scale.b++',
      'trainStep: this.b on line 4 was 1 when the step was traced, and is 2 now.',
    ],
    [
      'a setting of a layer of ours',
      `const layer = new layers.Rescaling(1)
const model = new Sequential([Input({ shape: [1] }), layer])
model.compile({ loss: (yTrue, yPred) => ops.mean(yPred), ${frozen} })`,
      'layer.scale++',
      'trainStep: rescaling.scale on line 4 was 1 when the step was traced, and is 2 now.',
    ],
  ])('%s', async (_, made, change, warning) => {
    const text = `import { Sequential, Input, layers, ops, optimizers } from 'tandem/keras'
import { log } from 'tandem/run'
${data}${made}${fit(change)}`
    const told = await run(text)
    expect(told.series('y').map(({ value }) => value)).toEqual([1, 1, 1])
    const warnings = told.reports
      .flatMap(({ console: lines }) => lines)
      .filter(({ level }) => level === 'warn')
    expect(warnings.map((each) => each.text)).toEqual([expect.stringContaining(warning)])
  })

  it('and computes anew where it runs eagerly', async () => {
    const told = await run(`import { Sequential, Input, layers, ops, optimizers } from 'tandem/keras'
import { log } from 'tandem/run'
${data}const layer = new layers.Rescaling(1)
const model = new Sequential([Input({ shape: [1] }), layer])
model.compile({ loss: (yTrue, yPred) => ops.mean(yPred), ${frozen.replace('false', 'true')} })${fit('layer.scale++')}`)
    expect(told.series('y').map(({ value }) => value)).toEqual([1, 2, 3])
  })
})
