import { describe, expect, it } from 'vitest'
import { presets } from '../models'
import { generateProgram } from '../src/lib/core/codegen/generateProgram'
import { demonstrationProgram, demonstrations } from '../src/lib/core/codegen/demonstrations'
import { executionOf, withExecution } from '../src/lib/core/codegen/execution'
import { at, last } from '../src/lib/core/util/at'
import { startTestRun } from './support/testRun'

const specs = presets.map(({ spec }) => spec)

describe.each(specs)('the programs of $name', (spec) => {
  it.each([1, 10])(
    'of the Keras style differ by what is changed, %i steps at a time',
    (stepsPerExecution) => {
      const text = (execution: 'eager' | 'static') =>
        generateProgram(spec, 'keras', { lane: 'A', execution, stepsPerExecution })
      const change = (from: string, execution: 'eager' | 'static') =>
        withExecution(from, { execution, stepsPerExecution })
      for (const execution of ['eager', 'static'] as const) {
        expect(executionOf(text(execution))).toMatchObject({ style: 'keras', execution, problem: null })
        expect(change(text('eager'), execution)).toBe(text(execution))
        expect(change(text('static'), execution)).toBe(text(execution))
      }
    },
  )

  it.each([1, 10])('of the PyTorch style go there and back, %i steps at a time', (stepsPerExecution) => {
    const text = generateProgram(spec, 'torch', { lane: 'A', execution: 'static', stepsPerExecution })
    expect(executionOf(text)).toMatchObject({ style: 'torch', execution: 'static', stepsPerExecution })
    const eager = withExecution(text, { execution: 'eager', stepsPerExecution }) ?? ''
    expect(executionOf(eager)).toMatchObject({ style: 'torch', execution: 'eager' })
    expect(withExecution(eager, { execution: 'static', stepsPerExecution })).toBe(text)
  })

  it('of the PyTorch style get the step of their loop compiled', () => {
    const eager = generateProgram(spec, 'torch', { lane: 'A', execution: 'eager' })
    expect(executionOf(eager)).toMatchObject({ style: 'torch', execution: 'eager', problem: null })
    const compiled = withExecution(eager, { execution: 'static', stepsPerExecution: 1 }) ?? ''
    const step = /const trainStep = compile\(.*?\n\}\)\n/s
    const generated = generateProgram(spec, 'torch', { lane: 'A', execution: 'static' })
    expect(step.exec(compiled)?.[0]).toBe(step.exec(generated)?.[0])
    expect(executionOf(compiled)).toMatchObject({ execution: 'static', problem: null })
  })
})

it.each(demonstrations)('demonstration $id can be changed', ({ id }) => {
  const [spec] = id === 'time' ? specs.filter(({ data }) => data.kind === 'recall') : specs
  if (!spec) throw new Error('no sequences')
  const eager = demonstrationProgram(id, spec, 'eager')
  expect(executionOf(eager)).toMatchObject({ execution: 'eager', problem: null })
  const asked = { execution: 'static', stepsPerExecution: 1 } as const
  expect(withExecution(eager, asked)).toBe(demonstrationProgram(id, spec, 'static'))
})

const torch = "import { nn, optim } from 'tandem/torch'\n"
const keras = "import { Sequential } from 'tandem/keras'\n"

describe('a Keras-style program', () => {
  it.each([
    ['model.compile()', 'model.compile({ runEagerly: true })'],
    ["model.compile('sgd', 'mse')", "model.compile('sgd', 'mse', { runEagerly: true })"],
    ['model.compile({ optimizer, loss })', 'model.compile({ optimizer, loss, runEagerly: true })'],
    ['model.compile({ runEagerly: false, loss })', 'model.compile({ runEagerly: true, loss })'],
    ['model.compile({ "runEagerly": false })', 'model.compile({ runEagerly: true })'],
    ['model.compile({ ...options })', 'model.compile({ ...options, runEagerly: true })'],
    [
      'model.compile({\n  loss,\n  stepsPerExecution: 5,\n})',
      'model.compile({\n  loss,\n  runEagerly: true,\n})',
    ],
    ['model.compile({ stepsPerExecution: 5, loss })', 'model.compile({ loss, runEagerly: true })'],
  ])('%s', (text, expected) => {
    const asked = { execution: 'eager', stepsPerExecution: 1 } as const
    expect(withExecution(keras + text, asked)).toBe(keras + expected)
  })

  it.each([
    ['model.compile({ loss })', null, null],
    ['model.compile({ runEagerly: true })', 'eager', null],
    ['model.compile({ runEagerly: false, stepsPerExecution: 4 })', 'static', 4],
    ['model.compile({ runEagerly: true }); model.compile({ runEagerly: false })', null, null],
    ['new GradientTape()', 'eager', null],
  ])('%s says it', (text, execution, stepsPerExecution) => {
    expect(executionOf(keras + text)).toMatchObject({ style: 'keras', execution, stepsPerExecution })
  })

  it('whose option is computed has no line to change', () => {
    const text = `${keras}\nmodel.compile({ runEagerly: isSlow })`
    expect(executionOf(text)).toMatchObject({ execution: null, line: 3 })
    expect(executionOf(text)?.problem).toContain('true or false')
    expect(withExecution(text, { execution: 'eager', stepsPerExecution: 1 })).toBeNull()
  })
})

describe('a PyTorch-style program', () => {
  const asked = { execution: 'static', stepsPerExecution: 1 } as const
  const loop = (body: string, around = 'for await (const [x, y] of loader)') =>
    `${torch}${around} {\n${body}\n}`

  it.each([
    ['torch.compile', "import torch from 'tandem/torch'\nconst f = (x) => { x.backward(); o.step() }"],
    ['compile', `${torch}const f = function (x) { x.backward(); o.step() }`],
    ['make', "import { compile as make } from 'tandem/torch'\nconst f = (x) => { x.backward(); o.step() }"],
  ])('takes %s as it imports it', (name, text) => {
    const compiled = withExecution(text, asked) ?? ''
    expect(compiled).toContain(`const f = ${name}(`)
    expect(executionOf(compiled)?.execution).toBe('static')
    if (!text.startsWith(torch)) expect(compiled.split('\n')[0]).toBe(text.split('\n')[0])
  })

  it('gets what the loops declare as arguments, and gives back what is used later', () => {
    const text = loop(
      '  const half = x.div(2)\n  o.zeroGrad()\n  const out = model.forward(half)\n  const loss = c.forward(out, y)\n  loss.backward()\n  o.step()\n  log({ loss: loss.item(), out: out.mean().item() })',
    )
    expect(withExecution(text, asked)).toBe(
      `import { nn, optim, compile } from 'tandem/torch'
const trainStep = compile((x, y) => {
  const half = x.div(2)
  o.zeroGrad()
  const out = model.forward(half)
  const loss = c.forward(out, y)
  loss.backward()
  o.step()
  return { out, loss }
})

for await (const [x, y] of loader) {
  const { out, loss } = trainStep(x, y)
  log({ loss: loss.item(), out: out.mean().item() })
}`,
    )
  })

  it.each([
    [
      'that reads a value in its step',
      '  o.zeroGrad()\n  const l = f(x)\n  await l.item()\n  l.backward()\n  o.step()',
    ],
    ['that never zeroes its gradients', '  const l = f(x)\n  l.backward()\n  o.step()'],
    ['whose step is made of branches', '  o.zeroGrad()\n  if (a) { f(x).backward() }\n  o.step()'],
    ['that has the name already', '  o.zeroGrad()\n  const l = trainStep(x)\n  l.backward()\n  o.step()'],
    ['that has no step', '  f(x)'],
  ])('%s has no line to change', (_, body) => {
    const text = loop(body)
    expect(executionOf(text)).toMatchObject({ execution: 'eager' })
    expect(executionOf(text)?.problem).toContain('compile((x, y)')
    expect(withExecution(text, asked)).toBeNull()
  })

  it('with compile(model) is static', () => {
    const text = "import { compile } from 'tandem/torch'\n\nconst fast = compile(model)"
    expect(executionOf(text)).toMatchObject({ execution: 'static', line: 3, problem: null })
    const eager = withExecution(text, { execution: 'eager', stepsPerExecution: 1 })
    expect(eager).toContain('compile(model, { disable: true })')
    expect(withExecution(eager ?? '', asked)).toBe(text)
  })

  it('says how many steps it takes at once', () => {
    const text = "import { compile } from 'tandem/torch'\nconst f = compile((x) => { x.backward() })"
    const several = withExecution(text, { execution: 'static', stepsPerExecution: 10 })
    expect(several).toContain('}, { stepsPerExecution: 10 })')
    expect(executionOf(several ?? '')?.stepsPerExecution).toBe(10)
    const disabled = withExecution(several ?? '', { execution: 'eager', stepsPerExecution: 10 }) ?? ''
    expect(withExecution(disabled, { execution: 'static', stepsPerExecution: 10 })).toBe(several)
    expect(withExecution(several ?? '', asked)).toContain('stepsPerExecution: 1 }')
  })
})

it.each(['const a = (', 'console.log(1)', "import { csv } from 'tandem/data'"])('%s says nothing', (text) => {
  expect(executionOf(text)).toBeNull()
  expect(withExecution(text, { execution: 'eager', stepsPerExecution: 1 })).toBeNull()
})

/** The losses of the first steps, and how they ran. */
async function firstSteps(program: string, count: number): Promise<{ losses: number[]; execution: unknown }> {
  const run = await startTestRun(program, { limit: { kind: 'steps', count } })
  const ended = await Promise.race([run.reaches('paused'), run.done])
  if (ended instanceof Error) throw ended
  const losses = run.series('loss').map(({ value }) => value)
  const { execution } = last(run.reports)
  run.lane.stop()
  await run.done
  return { losses, execution }
}

describe('a run', () => {
  const [spec] = specs
  if (!spec) throw new Error('no preset')
  const eager = generateProgram(spec, 'torch', { lane: 'A', execution: 'eager' })

  it('of the step that was taken out of its loop trains as the loop did', async () => {
    const compiled = withExecution(eager, { execution: 'static', stepsPerExecution: 1 }) ?? ''
    const [loop, step] = [await firstSteps(eager, 12), await firstSteps(compiled, 12)]
    expect([loop.execution, step.execution]).toEqual(['eager', 'static'])
    expect(loop.losses).toHaveLength(12)
    for (const [index, loss] of loop.losses.entries()) expect(at(step.losses, index)).toBeCloseTo(loss, 5)
  })

  it.each([
    ['eager', 'runEagerly: true', generateProgram(spec, 'keras', { lane: 'A', execution: 'eager' })],
    ['static', 'runEagerly: false', generateProgram(spec, 'keras', { lane: 'A', execution: 'static' })],
    [
      'static',
      'compile(model)',
      eager
        .replace('new nn.Sequential(', 'compile(new nn.Sequential(')
        .replace('\n)\n', '\n))\n')
        .replace('nn, ', 'nn, compile, '),
    ],
  ])('is told to be %s with %s', async (execution, _, text) => {
    expect(executionOf(text)?.execution).toBe(execution)
    expect((await firstSteps(text, 3)).execution).toBe(execution)
  })
})
