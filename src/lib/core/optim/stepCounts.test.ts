import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { idleTrace } from '../../../../tests/support/idleTrace'
import { tf } from '../eager/tfjs'
import { setActiveTrace } from '../eager/tracing'
import { StepCounts } from './stepCounts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

afterEach(() => setActiveTrace(null))

const variables = () => [0, 1, 2].map((value) => tf.variable(tf.scalar(value)))

/** Which variables share what is made for their counts, and those counts. */
function sharedBy(counts: StepCounts, list: readonly tf.Variable[]): readonly (readonly number[])[] {
  const made: (() => number)[] = []
  const indexOf = counts.shared((count) => made.push(count) - 1)
  const indices = list.map(indexOf)
  return [indices, made.map((count) => count())]
}

/** Records what a trace is to do at each step, and what it depends on. */
function recordingTrace() {
  const effects: (() => void)[] = []
  const guards: { readonly read: () => unknown; readonly expected: unknown }[] = []
  setActiveTrace({
    ...idleTrace,
    eachStep: (effect) => void effects.push(effect),
    guard: ({ read }) => void guards.push({ read, expected: read() }),
  })
  return {
    replay: () => effects.forEach((effect) => effect()),
    holds: () => guards.every(({ read, expected }) => read() === expected),
  }
}

it('variables that are updated together share one scalar', () => {
  const list = variables()
  const counts = new StepCounts(list)
  counts.advance(list)
  counts.advance(list)
  expect(sharedBy(counts, list)).toEqual([[0, 0, 0], [2]])
})

it('a variable that an update leaves out has a count of its own from then on', () => {
  const list = variables()
  const counts = new StepCounts(list)
  counts.advance(list)
  counts.advance(list.slice(0, 2))
  counts.advance(list)
  expect(counts.values()).toEqual([3, 3, 2])
  expect(sharedBy(counts, list)).toEqual([
    [0, 0, 1],
    [3, 2],
  ])
})

it('goes on from earlier counts', () => {
  const list = variables()
  const counts = new StepCounts(list)
  counts.restore([4, 7, 4])
  counts.advance(list)
  expect(sharedBy(counts, list)).toEqual([
    [0, 1, 0],
    [5, 8],
  ])
  counts.restore([])
  expect(sharedBy(counts, list)).toEqual([[0, 0, 0], [0]])
})

it('a trace advances nothing, and its replays do', () => {
  const list = variables()
  const counts = new StepCounts(list)
  const trace = recordingTrace()
  counts.advance(list)
  expect(counts.values()).toEqual([0, 0, 0])
  trace.replay()
  trace.replay()
  expect(counts.values()).toEqual([2, 2, 2])
})

it('a graph holds until its variables are no longer updated together', () => {
  const list = variables()
  const counts = new StepCounts(list)
  const trace = recordingTrace()
  counts.advance(list)
  sharedBy(counts, list)
  setActiveTrace(null)
  counts.advance(list)
  expect(trace.holds()).toBe(true)
  counts.advance(list.slice(1))
  expect(trace.holds()).toBe(false)
})

it('a replay parts variables that share a count since the trace', () => {
  const list = variables()
  const counts = new StepCounts(list)
  const trace = recordingTrace()
  counts.advance(list.slice(1))
  sharedBy(counts, list.slice(1))
  setActiveTrace(null)
  counts.restore([5, 5, 5])
  trace.replay()
  expect(sharedBy(counts, list)).toEqual([
    [0, 1, 1],
    [5, 6],
  ])
})
