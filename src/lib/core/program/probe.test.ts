import { beforeAll, describe, expect, it } from 'vitest'
import { csv, setCsvSource, type CsvSelection } from '../data/csv'
import { defaultSpec } from '../spec/defaults'
import { parseSpec } from '../spec/parse'
import { generateProgram } from '../codegen'
import { probeInputs } from './probe'
import { startTestRun } from '../../../../tests/support/testRun'

const columns = {
  features: ['a', 'b'],
  label: 'kind',
  task: 'classification',
  classes: 2,
  standardise: true,
  trainFraction: 0.5,
} as const
const selection: CsvSelection = { ...columns, seed: 42 }

beforeAll(() => {
  const rows = Array.from({ length: 12 }, (_, row) => `${row * 10},${row * row},${row < 6 ? 'low' : 'high'}`)
  const bytes = new TextEncoder().encode(['a,b,kind', ...rows].join('\n'))
  setCsvSource(() => Promise.resolve(bytes))
})

describe('the probe of a CSV file', () => {
  it('is the test rows as the model reads them', async () => {
    const inputs = await probeInputs({ kind: 'csv', selection, plane: null, activation: 'linear' })
    expect(inputs?.x).toEqual((await csv(selection)).test.x)
  })

  it('is the plane over the ranges of both columns, in the scale of the model', async () => {
    const plane = { extent: 1.25, resolution: 4 }
    const inputs = await probeInputs({ kind: 'csv', selection, plane, activation: 'linear' })
    const { x } = inputs ?? {}
    expect(x?.shape).toEqual([16, 2])
    const { train, test } = await csv(selection)
    for (const feature of [0, 1]) {
      const column = (values: ArrayLike<number>) => Array.from(values).filter((_, at) => at % 2 === feature)
      const reached = column(x?.values ?? [])
      const data = [...column(train.x.values), ...column(test.x.values)]
      const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2
      expect(middle(reached)).toBeCloseTo(middle(data), 4)
    }
  })

  it.each(['keras', 'torch'] as const)('is predicted while a %s-style program trains', async (style) => {
    const spec = parseSpec({
      ...defaultSpec(),
      data: { kind: 'csv', ...columns },
      training: { batchSize: 3, epochs: 40 },
    })
    const run = await startTestRun(generateProgram(spec, style, { lane: 'A' }), {
      probe: { kind: 'csv', selection, plane: null, activation: style === 'torch' ? 'sigmoid' : 'linear' },
    })
    await run.done
    expect(run.error).toBeUndefined()
    const last = run.predictions.at(-1)
    const { test } = await csv(selection)
    expect(last?.outputs).toBe(1)
    expect(Array.from(last?.values ?? [], (value) => Number(value > 0.5))).toEqual([...test.y.values])
  })
})
