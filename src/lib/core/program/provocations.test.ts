import { describe, expect, it } from 'vitest'
import { generateProgram } from '../codegen/index'
import { defaultSpec } from '../spec/defaults'
import type { Execution, Spec, Style } from '../spec/schema'
import type { SignatureReport } from '../session/types'
import { Provocations } from './provocations'
import { startTestRun, type TestRun } from '../../../../tests/support/testRun'
import type { RetraceCause } from './types'

// 256 examples in whole batches: nothing but a provocation changes the shape.
const spec: Spec = {
  ...defaultSpec(),
  data: { kind: 'circle', samples: 512, noise: 0.1, trainFraction: 0.5 },
  training: { batchSize: 32, epochs: 3, shuffle: true },
}

it('takes about half of the rows once per request, another number each time', () => {
  const provocations = new Provocations()
  expect(provocations.takeRows(32)).toBe(32)
  const taken = [1, 2].map(() => {
    expect(provocations.ask('batchRows')).toBeNull()
    return provocations.takeRows(32)
  })
  expect(taken).toEqual([16, 15])
  expect(provocations.takeRows(32)).toBe(32)
  expect([provocations.ask('numberArgument'), provocations.ask('numberArgument')]).toEqual([1, 2])
})

describe.each([
  ['keras', 'eager'],
  ['keras', 'static'],
  ['torch', 'eager'],
  ['torch', 'static'],
] as const)('a %s program in %s execution', (style, execution) => {
  it('takes one smaller batch in training, which a static lane traces', async () => {
    const run = await provoked(style, execution, 'batchRows')
    expect(notes(run)).toContainEqual(expect.objectContaining({ tag: 'batchRows', value: '16', step: 3 }))
    expect(run.series('loss')).toHaveLength(24)
    const signatures = trainingSignatures(run)
    expect(signatures.map(({ signature }) => signature)).toEqual(
      execution === 'eager' ? [] : ['float32[32, 2], float32[32, 1]', 'float32[16, 2], float32[16, 1]'],
    )
  })

  it('takes a number as one more argument, where there is a signature', async () => {
    const run = await provoked(style, execution, 'numberArgument')
    expect(run.series('loss')).toHaveLength(24)
    const signatures = trainingSignatures(run)
    const plain = 'float32[32, 2], float32[32, 1]'
    expect(signatures.map(({ signature, hits }) => [signature, hits])).toEqual(
      execution === 'eager'
        ? []
        : [
            [plain, 22],
            [expect.stringMatching(/, 1$/), 0],
          ],
    )
  })
})

async function provoked(style: Style, execution: Execution, cause: RetraceCause): Promise<TestRun> {
  const text = generateProgram(spec, style, { lane: 'A', execution })
  const run = await startTestRun(text, { execution, limit: { kind: 'steps', count: 3 } })
  await run.reaches('paused')
  run.lane.provoke(cause)
  run.lane.resume({ kind: 'none' })
  await run.done
  expect(run.error).toBeUndefined()
  return run
}

const notes = (run: TestRun) => run.reports.flatMap(({ events }) => events)

function trainingSignatures(run: TestRun): SignatureReport[] {
  const last = run.reports.findLast(({ signatures }) => signatures)?.signatures ?? []
  return last.filter((signature) => signature.function === 'trainStep')
}
