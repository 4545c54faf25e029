import { expect, it } from 'vitest'
import { toJsonLines } from './jsonLines'
import { Series } from './series'

it('writes one event a line, by step, texts first', () => {
  const loss = new Series()
  loss.append({
    steps: Float64Array.of(1, 2),
    wallTimesMs: Float64Array.of(0.5, 1),
    values: Float64Array.of(0.7, 0.6),
  })
  const text = toJsonLines('A-1', new Map([['loss', loss]]), [
    { run: 'A-1', step: 1, wallTimeMs: 0, tag: 'backend', kind: 'text', value: 'cpu' },
  ])
  expect(text).toMatchInlineSnapshot(`
    "{"run":"A-1","step":1,"wallTimeMs":0,"tag":"backend","kind":"text","value":"cpu"}
    {"run":"A-1","step":1,"wallTimeMs":0.5,"tag":"loss","kind":"scalar","value":0.7}
    {"run":"A-1","step":2,"wallTimeMs":1,"tag":"loss","kind":"scalar","value":0.6}
    "
  `)
})
