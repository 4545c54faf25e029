import { afterEach, describe, expect, it, vi } from 'vitest'
import { batchRows, givenOrder } from '../data/batches'
import { generateSequences } from '../data/generateSequences'
import { adaptToData } from '../spec/adaptToData'
import { demonstrationProgram, type DemonstrationId } from '../codegen/index'
import { defaultSpec } from '../spec/defaults'
import type { Execution, Spec } from '../spec/schema'
import { startTestRun, type TestRun } from '../../../../tests/support/testRun'

const spec: Spec = { ...defaultSpec(), training: { batchSize: 32, epochs: 1, shuffle: true } }
const steps = 8

async function demonstrate(id: DemonstrationId, execution: Execution): Promise<TestRun & { text: string }> {
  const text = demonstrationProgram(id, spec, execution)
  const run = await startTestRun(text, { execution })
  await run.done
  return { ...run, error: run.error, text }
}

const lineOf = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1

it.each(['branch', 'print', 'shape', 'time'] as const)('%s: the programs differ by compile alone', (id) => {
  const compiled = demonstrationProgram(id, spec, 'static')
  expect(compiled).toContain('= compile(')
  const plain = compiled
    .replace('compile, ', '')
    .replace('= compile(', '= ')
    .replace('return loss\n})\n', 'return loss\n}\n')
  expect(plain).toBe(demonstrationProgram(id, spec, 'eager'))
})

describe('an if on the loss', () => {
  it('trains eagerly', async () => {
    const run = await demonstrate('branch', 'eager')
    expect(run.error).toBeUndefined()
    expect(run.series('loss')).toHaveLength(steps)
  })

  it('fails statically while it is traced, at its line', async () => {
    const run = await demonstrate('branch', 'static')
    const line = lineOf(run.text, 'if ((await loss.item())')
    expect(run.error).toMatchObject({ name: 'TracedValueError', tracing: 'trainStep' })
    expect(run.error?.message).toContain(`on line ${line}`)
    expect(run.series('loss')).toEqual([])
  })
})

describe('print inside the step', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    ['eager', steps, /^tensor\(0\.\d{4}, requiresGrad=true\)$/],
    // One trace for whole batches, one for the last.
    ['static', 2, /^tensor\(symbolic, shape=\[\], float32, requiresGrad=true\)$/],
  ] as const)('%s: prints %i times', async (execution, times, text) => {
    const printed: string[] = []
    vi.spyOn(console, 'log').mockImplementation((first, value) => {
      if (first === 'loss is') printed.push(String(value))
    })
    const run = await demonstrate('print', execution)
    expect(run.error).toBeUndefined()
    const matching = expect.stringMatching(text) as string
    expect(printed).toEqual(Array.from({ length: times }, () => matching))
  })
})

describe('a layer of the wrong size', () => {
  it.each(['eager', 'static'] as const)('%s: names the shapes and the line', async (execution) => {
    const run = await demonstrate('shape', execution)
    expect(run.error?.name).toBe('ShapeError')
    expect(run.error?.line).toBe(lineOf(run.text, 'model.forward(x)'))
    expect(run.error?.tracing).toBe(execution === 'static' ? 'trainStep' : undefined)
    expect(run.series('loss')).toEqual([])
  })
})

describe('a loop over time', () => {
  const sequences: Spec = {
    ...adaptToData(spec, 'recall'),
    training: { batchSize: 32, epochs: 2, shuffle: true },
  }
  const shapesOf = () => {
    const lengths = generateSequences(sequences)?.train.x.lengths ?? null
    const rows = batchRows(givenOrder(lengths?.length ?? 0), 32, lengths)
    return rows.map((batch) => `${batch.length}×${lengths?.[batch[0] ?? 0] ?? 0}`)
  }

  it.each(['eager', 'static'] as const)('%s: trains each batch at its own length', async (execution) => {
    const run = await startTestRun(demonstrationProgram('time', sequences, execution), { execution })
    await run.done
    expect(run.error).toBeUndefined()
    expect(run.series('loss')).toHaveLength(2 * shapesOf().length)
    const traced = run.compiled.filter((report) => report.function === 'trainStep')
    expect(traced).toHaveLength(execution === 'static' ? new Set(shapesOf()).size : 0)
  })

  it('is not changed by a recurrent model, which the others go through step by step', async () => {
    const text = demonstrationProgram('branch', sequences, 'eager')
    expect(text).toContain('export const model = new Net(')
    const run = await startTestRun(text)
    await run.done
    expect(run.error).toBeUndefined()
  })
})
