import { expect, it } from 'vitest'
import { limits } from '../util/laneLimits'
import { Recorder } from './recorder'

it('gives scalars as columns per tag and forgets what was taken', () => {
  const recorder = new Recorder('A-1')
  recorder.scalar('loss', 1, 10, 0.5)
  recorder.scalar('loss', 2, 20, 0.25)
  recorder.scalar('epoch/valLoss', 2, 20, 0.4)
  const { scalars } = recorder.take()
  expect(scalars.map(({ tag, steps, values }) => [tag, [...steps], [...values]])).toEqual([
    ['loss', [1, 2], [0.5, 0.25]],
    ['epoch/valLoss', [2], [0.4]],
  ])
  expect(recorder.take().scalars).toEqual([])
})

it('names the run in text events', () => {
  const recorder = new Recorder('B-3')
  recorder.text('backend', 0, 0, 'wasm')
  expect(recorder.take().events).toEqual([
    { run: 'B-3', step: 0, wallTimeMs: 0, tag: 'backend', kind: 'text', value: 'wasm' },
  ])
})

it('drops console lines that come too fast, counts them, and cuts long ones', () => {
  const recorder = new Recorder('A-1')
  for (let line = 0; line < 1000; line++) recorder.print({ level: 'log', text: 'x', step: 0 })
  const taken = recorder.take()
  expect(taken.console).toHaveLength(200)
  expect(taken.droppedConsole).toBe(800)
  recorder.print({ level: 'log', text: 'x'.repeat(5000), step: 0 })
  const next = recorder.take()
  expect(next.console[0]?.text).toMatch(/^x{1976}… 3024 characters more$/)
  expect(next.droppedConsole).toBe(0)
})

it('keeps so many characters of the console in a report, and nothing after the first line that is left out', () => {
  const recorder = new Recorder('A-1')
  for (let report = 0; report < 2; report++) {
    for (let line = 0; line < 15; line++) recorder.print({ level: 'log', text: 'x'.repeat(1900), step: 0 })
    recorder.print({ level: 'log', text: 'short', step: 0 })
    const taken = recorder.take()
    expect(taken.console).toHaveLength(10)
    expect(taken.droppedConsole).toBe(6)
  }
})

it('prints few lines of an entry, and shows what cannot be seen', () => {
  const recorder = new Recorder('A-1')
  recorder.print({ level: 'log', text: `\u202E${'\n'.repeat(1990)}`, step: 0 })
  const [entry] = recorder.take().console
  expect(entry?.text.split('\n')).toHaveLength(limits.printedLines)
  expect(entry?.text).toContain(String.raw`\u202E`)
})

it('reports each line that ran once', () => {
  const recorder = new Recorder('A-1')
  for (const line of [3, 4, 3, 4, 3]) recorder.line(line)
  expect(recorder.take().lines).toEqual([3, 4])
})

it('keeps so many facts of a run, cuts long ones, and says where it stops', () => {
  const recorder = new Recorder('A-1')
  let taken = 0
  const said: string[] = []
  for (let fact = 0; fact < 3 * limits.facts; fact++) {
    recorder.text('trace', 0, 0, 'x'.repeat(fact === 0 ? 1e6 : 1))
    if (fact % 100 !== 99) continue
    const { events, console } = recorder.take()
    if (taken === 0) expect(events[0]?.value).toMatch(/^x+… 975\.6 KB more$/)
    taken += events.length
    said.push(...console.map(({ text }) => text))
  }
  expect(taken).toBe(limits.facts)
  expect(said).toEqual(['A run keeps 1000 facts, such as its traces: later ones are left out.'])
})
