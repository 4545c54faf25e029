import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestRun } from '../../../../tests/support/testRun'

beforeEach(() => {
  vi.spyOn(console, 'log').mockReturnValue(undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** What the program logs as `y`, and the warnings on its Console. */
async function run(text: string): Promise<{ y: number[]; warnings: string[] }> {
  const told = await startTestRun(text, { execution: 'static' })
  await told.done
  expect(told.error).toBeUndefined()
  const lines = told.reports.flatMap(({ console: printed }) => printed)
  return {
    y: told.series('y').map(({ value }) => value),
    warnings: lines.filter(({ level }) => level === 'warn').map((each) => each.text),
  }
}

const torch = (inner: string) => `import torch, { compile } from 'tandem/torch'
import { log } from 'tandem/run'
const one = torch.ones(1)
const step = compile((x) => {
  ${inner}
})
for (let turn = 0; turn < 3; turn++) log({ y: await step(one).item() })
`

const goesOn = 'is read once, when the step is traced: the compiled step goes on with that value.'

describe('a compiled step in PyTorch style says what it asks for only once', () => {
  it.each([
    ['Math.random()', 'return x.mul(Math.random())', 'Math.random() on line 5'],
    ['Math.random handed on', 'return x.mul(Array.from([1], Math.random)[0])', 'Math.random on line 5'],
    ['globalThis.Math.random()', 'return x.mul(globalThis.Math.random())', 'Math.random() on line 5'],
    ['Date.now()', 'return x.mul(Date.now() % 1000)', 'Date.now() on line 5'],
    ['new Date()', 'return x.mul(new Date().getTime() % 1000)', 'new Date() on line 5'],
    ['performance.now()', 'return x.mul(performance.now())', 'performance.now() on line 5'],
    [
      'crypto.getRandomValues()',
      'return x.mul(crypto.getRandomValues(new Uint8Array(1))[0])',
      'crypto.getRandomValues() on line 5',
    ],
    [
      'a function further in',
      'const noise = () => Math.random()\n  return x.mul(noise()).add(noise())',
      'Math.random() on line 5',
    ],
  ])('%s', async (_, inner, said) => {
    const { y, warnings } = await run(torch(inner))
    expect(new Set(y).size).toBe(1)
    expect(warnings).toEqual([expect.stringContaining(`${said} ${goesOn}`)])
  })

  it('and what to write instead', async () => {
    const { warnings } = await run(torch('return x.mul(Math.random()).add(Date.now() % 10)'))
    expect(warnings[0]).toMatch(
      /Write torch\.rand\(1\), which is drawn at each step, or pass the number to the step/,
    )
    expect(warnings[1]).toContain('Pass the time to the step in a tensor.')
  })
})

describe('nothing is said of', () => {
  it.each([
    ['what is drawn at each step', 'return x.mul(torch.rand(1))'],
    ['a name of the program', 'const Math = { random: () => 0.5 }\n  return x.mul(Math.random())'],
    ['a date that is given', "return x.mul(new Date('2020-01-01').getFullYear())"],
  ])('%s', async (_, inner) => {
    expect((await run(torch(inner))).warnings).toEqual([])
  })

  it('readings between the steps', async () => {
    const text = torch('return x').replace('await step(one)', 'await step(one.mul(Math.random()))')
    const { y, warnings } = await run(
      text.replace('for (', 'const drawn = () => Math.random()\ndrawn()\nfor ('),
    )
    expect(new Set(y).size).toBe(3)
    expect(warnings).toEqual([])
  })
})

describe('in Keras style', () => {
  it.each([
    [
      "a layer's call",
      'class Noise extends layers.Layer { call(x) { return ops.multiply(x, Math.random()) } }\nconst layer = new Noise()\nconst loss = (yTrue, yPred) => ops.mean(yPred)',
      4,
    ],
    [
      'a loss',
      'const layer = new layers.Dense(1)\nconst loss = (yTrue, yPred) => ops.multiply(ops.mean(yPred), Math.random())',
      5,
    ],
  ])('%s', async (_, made, line) => {
    const { warnings } = await run(`import { Sequential, Input, layers, ops } from 'tandem/keras'
const x = [[1], [2], [3], [4]]
const y = [[1], [2], [3], [4]]
${made}
const model = new Sequential([Input({ shape: [1] }), layer])
model.compile({ loss, optimizer: 'sgd', runEagerly: false })
await model.fit(x, y, { epochs: 3, batchSize: 2 })
`)
    expect(warnings).toEqual([
      `Math.random() on line ${line} ${goesOn} Keep what changes in a Variable, or set runEagerly: true.`,
    ])
  })
})
