/** Sends what a program prints to its lane's console: every method of the console says something there. */
import { cutText } from '../core/util/cutText'
import { describeValue } from '../core/util/describeValue'
import { limits } from '../core/util/laneLimits'
import { formatTable, formatValues } from './consoleFormat'

type Level = 'log' | 'warn' | 'error'
type Print = (level: Level, text: string) => void

/** What the console remembers. */
interface Memory {
  readonly counts: Map<string, number>
  readonly timers: Map<string, number>
  depth: number
}

type Method = (values: readonly unknown[], print: Print, memory: Memory) => void

const deepestGroup = 10

/** Makes the worker's console call `print` in place of the browser's own. A worker has one program in its life. */
export function captureConsole(print: Print): void {
  const memory: Memory = { counts: new Map(), timers: new Map(), depth: 0 }
  const indented = (level: Level, text: string) => {
    print(level, cutText('  '.repeat(memory.depth) + text, limits.printedText))
  }
  for (const name of new Set([...Object.keys(console), ...Object.keys(methods)])) {
    const method = methods[name] ?? unavailable(name)
    Object.defineProperty(console, name, {
      value: (...values: unknown[]) => method(values, indented, memory),
    })
  }
}

const printed =
  (level: Level): Method =>
  (values, print) =>
    print(level, formatValues(values))

const group: Method = (values, print, memory) => {
  if (values.length > 0) print('log', formatValues(values))
  memory.depth = Math.min(deepestGroup, memory.depth + 1)
}

const methods: Readonly<Record<string, Method>> = {
  log: printed('log'),
  info: printed('log'),
  debug: printed('log'),
  warn: printed('warn'),
  error: printed('error'),
  trace: (values, print) => print('log', values.length === 0 ? 'Trace' : `Trace: ${formatValues(values)}`),
  dir: ([value], print) => print('log', describeValue(value, limits.printedText)),
  dirxml: printed('log'),
  table: ([data, columns], print) => print('log', formatTable(data, columns)),
  assert: ([condition, ...values], print) => {
    if (condition) return
    print('error', values.length === 0 ? 'Assertion failed' : `Assertion failed: ${formatValues(values)}`)
  },
  group,
  groupCollapsed: group,
  groupEnd: (_, _print, memory) => {
    memory.depth = Math.max(0, memory.depth - 1)
  },
  clear: (_, print) => print('log', 'console.clear: earlier lines stay in the console of a lane.'),
  count: ([label], print, { counts }) => {
    const name = labelOf(label)
    const count = (counts.get(name) ?? 0) + 1
    if (isKept('count', counts, name, count, print)) print('log', `${name}: ${count}`)
  },
  countReset: ([label], _, { counts }) => void counts.delete(labelOf(label)),
  time: ([label], print, { timers }) => {
    isKept('time', timers, labelOf(label), performance.now(), print)
  },
  timeLog: ([label, ...values], print, { timers }) => printTime('timeLog', label, values, print, timers),
  timeEnd: ([label], print, { timers }) => {
    printTime('timeEnd', label, [], print, timers)
    timers.delete(labelOf(label))
  },
}

function labelOf(label: unknown): string {
  return label === undefined ? 'default' : describeValue(label, limits.name)
}

function isKept(
  method: string,
  kept: Map<string, number>,
  name: string,
  value: number,
  print: Print,
): boolean {
  const isFull = kept.size >= limits.consoleLabels && !kept.has(name)
  if (isFull) {
    print(
      'warn',
      `console.${method}: expected at most ${limits.consoleLabels} labels in a run, got one more: ${name}.`,
    )
  } else kept.set(name, value)
  return !isFull
}

function printTime(
  method: string,
  label: unknown,
  values: readonly unknown[],
  print: Print,
  timers: ReadonlyMap<string, number>,
): void {
  const name = labelOf(label)
  const start = timers.get(name)
  if (start === undefined) {
    print(
      'warn',
      `console.${method}: expected a timer that was started, got '${name}'. Call console.time('${name}').`,
    )
    return
  }
  const duration = `${name}: ${(performance.now() - start).toFixed(1)} ms`
  print('log', values.length === 0 ? duration : `${duration} ${formatValues(values)}`)
}

/** Answers a method that browsers have and a lane's console has not. */
function unavailable(name: string): Method {
  return (_, print) =>
    print(
      'warn',
      `console.${name}: expected a method that prints, such as console.log, got one that lanes lack.`,
    )
}
