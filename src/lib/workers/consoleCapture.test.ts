import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { limits } from '../core/util/laneLimits'
import { captureConsole } from './consoleCapture'

const original = Object.getOwnPropertyDescriptors(console)
const print = vi.fn<(level: string, text: string) => void>()

beforeEach(() => {
  print.mockReset()
  captureConsole(print)
})
afterEach(() => void Object.defineProperties(console, original))

const lines = () => print.mock.calls.map(([, text]) => text)

it('prints values as one line, with their level', () => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  console.log('loss', 0.5, { epoch: 1 }, [1, 2], null, undefined)
  console.warn(new TypeError('x is not a function'), { toString: () => 'tensor(shape=[2])' })
  console.error(cyclic, Symbol('odd'), Object.create(null))
  console.log()
  expect(print.mock.calls).toEqual([
    ['log', 'loss 0.5 {epoch: 1} [1, 2] null undefined'],
    ['warn', 'TypeError: x is not a function tensor(shape=[2])'],
    ['error', '{self: [circular]} Symbol(odd) {}'],
    ['log', ''],
  ])
})

it('fills the places of a format string', () => {
  console.log('%s has %d rows, %i whole, %f, %o %O 100%%', 'train', '7', 2.9, 0.5, [1], { a: 1 }, 'rest')
  console.log('%cred%s', 'color: red')
  console.log('%d %s', Symbol('x'), Object.create(null))
  console.log(1, '%s')
  expect(lines()).toEqual(['train has 7 rows, 2 whole, 0.5, [1] {a: 1} 100% rest', 'red%s', 'NaN {}', '1 %s'])
})

it('prints tables, assertions, counts and groups', () => {
  console.table([
    { a: 1, b: 'x' },
    { a: 2, c: null },
  ])
  console.table([{ a: 1, b: 2 }], ['b'])
  console.table(5)
  console.assert(true, 'not printed')
  console.assert(false, 'loss is %d', 3)
  console.group('epoch')
  console.count()
  console.count()
  console.groupEnd()
  console.groupEnd()
  console.countReset()
  console.count()
  console.trace('here')
  console.dir([1])
  console.clear()
  expect(lines()).toEqual([
    ' | a | b | c\n0 | 1 | x | \n1 | 2 |  | null',
    ' | b\n0 | 2',
    '5',
    'Assertion failed: loss is 3',
    'epoch',
    '  default: 1',
    '  default: 2',
    'default: 1',
    'Trace: here',
    '[1]',
    'console.clear: earlier lines stay in the console of a lane.',
  ])
})

it('measures times, and says where none was begun', () => {
  console.time('step')
  console.timeLog('step', 'half')
  console.timeEnd('step')
  console.timeEnd('step')
  expect(lines()).toEqual([
    expect.stringMatching(/^step: \d+\.\d ms half$/),
    expect.stringMatching(/^step: \d+\.\d ms$/),
    "console.timeEnd: expected a timer that was started, got 'step'. Call console.time('step').",
  ])
})

it('answers every method of the console in words', () => {
  for (const [name, method] of Object.entries(console) as [string, (value: string) => void][]) {
    if (/^(assert|groupEnd|countReset|time)$/.test(name)) continue
    print.mockReset()
    if (typeof method === 'function') method('value')
    expect(print, name).toHaveBeenCalled()
  }
})

it('says how much of a long text is left out', () => {
  console.log('x'.repeat(19_000_000))
  expect(lines()[0]).toMatch(/^x+… 18\.1 MB more$/)
})

it('prints no more than fits, whatever it is given', () => {
  const rows = Array.from({ length: 1000 }, () =>
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i, 'x'])),
  )
  const many = Array.from({ length: 10_000 }, () => 'x'.repeat(1000))
  for (const act of [
    () => console.log('x'.repeat(1e7)),
    () => console.log(...many),
    () => console.log('%s'.repeat(10_000), ...many),
    () => console.table(rows),
    () => console.count('x'.repeat(1e7)),
    () => console.group('x'.repeat(1e7)),
    () => console.error(new Error('x'.repeat(1e7))),
  ]) {
    act()
    expect(lines().at(-1)?.length).toBeLessThanOrEqual(limits.printedText)
  }
  console.groupEnd()
  for (let label = 0; label < 200; label++) console.count(String(label))
  expect(lines().at(-1)).toBe('console.count: expected at most 100 labels in a run, got one more: 199.')
})
