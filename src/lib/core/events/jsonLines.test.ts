import { expect, it } from 'vitest'
import { jsonLines } from './jsonLines'
import { Series } from './series'
import type { RunEvent } from './types'

it('writes one event a line, by step, texts first', () => {
  const loss = new Series()
  loss.append({
    steps: Float64Array.of(1, 2),
    wallTimesMs: Float64Array.of(0.5, 1),
    values: Float64Array.of(0.7, 0.6),
  })
  const parts = jsonLines('A-1', new Map([['loss', loss]]), [
    { run: 'A-1', step: 1, wallTimeMs: 0, tag: 'backend', kind: 'text', value: 'cpu' },
  ])
  expect([...parts].join('')).toMatchInlineSnapshot(`
    "{"run":"A-1","step":1,"wallTimeMs":0,"tag":"backend","kind":"text","value":"cpu"}
    {"run":"A-1","step":1,"wallTimeMs":0.5,"tag":"loss","kind":"scalar","value":0.7}
    {"run":"A-1","step":2,"wallTimeMs":1,"tag":"loss","kind":"scalar","value":0.6}
    "
  `)
})

it('writes what was recorded at the call in many parts, merged by step', () => {
  const column = (count: number, of: (index: number) => number) =>
    Float64Array.from({ length: count }, (_, index) => of(index))
  const filled = (count: number, every: number) => {
    const series = new Series()
    const steps = column(count, (index) => (index + 1) * every)
    series.append({ steps, wallTimesMs: steps, values: steps })
    return series
  }
  const loss = filled(4000, 1)
  const parts = jsonLines(
    'A-1',
    new Map([
      ['loss', loss],
      ['norm', filled(40, 100)],
    ]),
    [],
  )
  loss.append({ steps: Float64Array.of(4001), wallTimesMs: Float64Array.of(1), values: Float64Array.of(1) })
  const written = [...parts]
  expect(written.length).toBeGreaterThan(4)
  const events = written
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
  expect(events).toHaveLength(4040)
  const steps = events.map(({ step }) => step)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(events.filter(({ step }) => step === 100).map(({ tag }) => tag)).toEqual(['loss', 'norm'])
})
