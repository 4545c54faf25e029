import { describe, expect, it } from 'vitest'
import { generateProgram } from '../core/codegen'
import { startTestRun } from '../../../tests/support/testRun'
import type { Execution } from '../core/program/types'
import { defaultSpec } from '../core/spec/defaults'
import type { Style } from '../core/spec/schema'
import { limits } from '../core/util/laneLimits'
import type { LaneMessage, RunReport } from './protocol'
import { LaneMessageReader } from './readLaneMessage'

const read = (data: unknown) => new LaneMessageReader().read(data)

const report: RunReport = {
  step: 1,
  epoch: 0,
  line: 3,
  lines: [3],
  scalars: [
    {
      tag: 'loss',
      steps: Float64Array.of(1),
      wallTimesMs: Float64Array.of(0.5),
      values: Float64Array.of(NaN),
    },
  ],
  events: [],
  console: [{ level: 'log', text: 'hello', step: 1 }],
  execution: 'eager' as const,
  droppedConsole: 0,
}

const told = (changes: object) => ({ type: 'report', runId: 1, report: { ...report, ...changes } })
const column = (changes: object) => told({ scalars: [{ ...report.scalars[0], ...changes }] })
const printed = (entry: object, times = 1) =>
  told({ console: Array.from({ length: times }, () => ({ ...report.console[0], ...entry })) })

/** Everything that a run of the program sends, as the page gets it. */
async function messagesOf(style: Style, execution: Execution): Promise<LaneMessage[]> {
  const spec = { ...defaultSpec(), training: { batchSize: 64, epochs: 2, shuffle: true } }
  const run = await startTestRun(generateProgram(spec, style, { lane: 'A', execution }), {
    execution,
    probe: { kind: 'grid', extent: 1, resolution: 4, activation: 'sigmoid' },
    compareWeights: true,
    keepsCheckpoints: true,
    exportExample: { shape: [2], dtype: 'float32' },
  })
  const recorded = execution === 'eager' ? [await run.lane.recordStep().catch(() => null)] : []
  await run.done
  expect(run.error).toBeUndefined()
  const runId = 1
  const taken = await run.lane.takeWeights()
  return [
    ...run.reports.map((one): LaneMessage => ({ type: 'report', runId, report: one })),
    ...run.compiled.map((one): LaneMessage => ({ type: 'compiled', runId, report: one })),
    ...run.predictions.map((prediction): LaneMessage => ({ type: 'prediction', runId, prediction })),
    ...run.modelFiles.map((bytes): LaneMessage => ({ type: 'modelFile', runId, bytes })),
    ...run.weights.map(({ weights }): LaneMessage => ({ type: 'initialWeights', runId, weights })),
    ...recorded.flatMap((one): LaneMessage[] => (one ? [{ type: 'tape', runId, recorded: one }] : [])),
    { type: 'weights', runId, questionId: 0, outcome: taken },
    { type: 'interrupted', runId, checkpoint: run.lane.checkpoint, limit: { kind: 'steps', count: 0 } },
  ]
}

describe.each([
  ['keras', 'eager'],
  ['keras', 'static'],
  ['torch', 'eager'],
  ['torch', 'static'],
] as const)('a %s program in %s execution', (style, execution) => {
  it('sends what the page reads', async () => {
    const messages = await messagesOf(style, execution)
    const reader = new LaneMessageReader()
    for (const message of messages) expect(reader.read(structuredClone(message))).toEqual(message)
    const types = new Set(messages.map(({ type }) => type))
    expect(types).toContain(execution === 'eager' ? 'tape' : 'compiled')
    expect(types).toContain('prediction')
  })
})

it.each<LaneMessage>([
  { type: 'idle', runId: 0 },
  { type: 'progress', label: 'Loading', loaded: 1, total: 2 },
  {
    type: 'measured',
    runId: 1,
    measurements: [
      { backend: 'cpu', microsecondsPerStep: 3 },
      { backend: 'wasm', unavailable: 'none' },
    ],
  },
  {
    type: 'status',
    runId: 1,
    status: 'failed',
    step: 0,
    epoch: 0,
    error: { name: 'Error', message: 'x', line: 3, column: undefined },
  },
  { type: 'inspection', runId: 1, inspectionId: 0, outcome: { unavailable: 'none' } },
  { type: 'onnx', runId: 1, fileId: 0, outcome: Uint8Array.of(1) },
  {
    type: 'classified',
    runId: 1,
    questionId: 0,
    outcome: { step: 0, values: new Float32Array(10), areProbabilities: true },
  },
  {
    type: 'weightsLoaded',
    runId: 1,
    questionId: 0,
    outcome: { step: 3, tensors: 4, note: null, when: 'later' },
  },
  { type: 'weightsLoaded', runId: 1, questionId: 0, outcome: { unavailable: 'none' } },
  { type: 'lost', runId: 1, reason: 'gone', fallbacks: ['cpu'], checkpoint: undefined },
  { type: 'interrupted', runId: 1, checkpoint: undefined, limit: { kind: 'none' } },
  {
    type: 'digitSamples',
    runId: 1,
    samples: { pixels: new Uint8Array(784), labels: Uint8Array.of(1), count: 1 },
  },
  { type: 'needInitialWeights', runId: 1, of: 'A' },
  { type: 'backend', runId: 1, backend: 'wasm', reason: undefined },
  { type: 'report', runId: 1, report },
])('reads a message of type $type', (message) => {
  expect(read(structuredClone(message))).toEqual(message)
})

it('reads an epoch that a program counts in its own way, in reports as in checkpoints', () => {
  const checkpoint = {
    ...{ step: 3, epoch: 0.5, batches: 3, trainedMs: 1 },
    weights: { layout: 'torch', weights: [] },
    trainable: [],
    optimizer: null,
    random: { seed: 1, initialisers: 0, dropouts: 0, dropoutCalls: [] },
  } as const
  expect(read(told({ epoch: 0.5 })).type).toBe('report')
  const sent: LaneMessage[] = [
    { type: 'lost', runId: 1, reason: 'gone', fallbacks: ['cpu'], checkpoint },
    { type: 'interrupted', runId: 1, checkpoint, limit: { kind: 'none' } },
  ]
  for (const message of sent) expect(read(message)).toBe(message)
})

const compiled = (changes: object) => ({
  type: 'compiled',
  runId: 1,
  report: {
    function: 'f',
    signature: '',
    traceMs: 1,
    passesMs: 1,
    compileMs: 1,
    stages: [],
    passes: [],
    backend: 'wasm',
    isTraining: true,
    peakValues: 1,
    ...changes,
  },
})

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'a message of a type that lanes send, got undefined.'],
  ['a number', 5, 'a message of a type that lanes send, got 5.'],
  ['another type', { type: 'eval' }, 'a message of a type that lanes send, got eval.'],
  ['a name of every object', { type: 'constructor' }, 'a message of a type that lanes send'],
  ['what the client says', { type: 'broken', message: 'x' }, 'a message of a type that lanes send'],
  ['a wrong run', { type: 'idle', runId: '1' }, 'a whole number of 0 or more at runId, got 1.'],
  ['no report', { type: 'report', runId: 1 }, 'an object of step, epoch, execution, line'],
  ['a broken step', told({ step: Infinity }), 'a whole number of 0 or more at report.step, got Infinity.'],
  ['text for lines', told({ lines: '3' }), 'a list of at most 100000 entries at report.lines, got 3.'],
  [
    'a long line',
    printed({ text: 'x'.repeat(1e6) }),
    'a text of at most 2000 characters at report.console[0].text',
  ],
  ['too many lines', printed({}, 201), 'a list of at most 200 entries at report.console'],
  ['a level', printed({ level: 'html' }), 'log or warn or error at report.console[0].level, got html.'],
  [
    'columns that differ',
    column({ steps: new Float64Array(2) }),
    '1 numbers at report.scalars[0].steps, got 2.',
  ],
  [
    'steps that are none',
    column({ steps: Float64Array.of(NaN) }),
    'a finite number at report.scalars[0].steps[0], got NaN.',
  ],
  [
    'a plain list',
    column({ values: [1] }),
    'a Float64Array of at most 100000000 numbers at report.scalars[0].values, got [1].',
  ],
  [
    'shared memory',
    column({ values: new Float64Array(new SharedArrayBuffer(8)) }),
    'a Float64Array of at most 100000000 numbers at report.scalars[0].values',
  ],
  [
    'a long tag',
    column({ tag: 'x'.repeat(300) }),
    'a text of at most 206 characters at report.scalars[0].tag',
  ],
  ['more fields', told({ html: '<b>' }), 'no fields except step, epoch'],
  [
    'a prediction without rows',
    { type: 'prediction', runId: 1, prediction: { step: 1, values: new Float32Array(3), outputs: 2 } },
    'rows of 2 numbers at prediction.values, got 3 numbers.',
  ],
  [
    'a prediction of more outputs than a picture shows',
    { type: 'prediction', runId: 1, prediction: { step: 1, values: new Float32Array(1025), outputs: 1025 } },
    'at most 1024 at prediction.outputs, got 1025.',
  ],
  [
    'a prediction for more examples than the page asks about',
    {
      type: 'prediction',
      runId: 1,
      prediction: { step: 1, values: new Float32Array(1_638_401), outputs: 1 },
    },
    'at most 1638400 at prediction.values.length, got 1638401.',
  ],
  [
    'digits without pixels',
    {
      type: 'digitSamples',
      runId: 1,
      samples: { pixels: new Uint8Array(3), labels: new Uint8Array(1), count: 1 },
    },
    '784 numbers at samples.pixels, got 3.',
  ],
  [
    'a long error',
    {
      type: 'status',
      runId: 1,
      status: 'failed',
      step: 0,
      epoch: 0,
      error: { name: 'x'.repeat(101), message: '' },
    },
    'a text of at most 100 characters at error.name',
  ],
  [
    'a graph without parts',
    compiled({ stages: [{ name: 'trace', title: '', graph: { name: 'f' } }] }),
    'a list of at most 80000 entries at report.stages[0].graph.inputs, got undefined.',
  ],
  [
    'weights of another shape',
    {
      type: 'initialWeights',
      runId: 1,
      weights: { layout: 'torch', weights: [{ name: '0', shape: [2, 2], values: new Float32Array(3) }] },
    },
    '4 numbers at weights.weights[0].values, got 3.',
  ],
])('refuses %s', (_, data, problem) => {
  expect(() => read(data)).toThrow(`lane: expected ${problem}`)
  expect(() => read(data)).toThrow(/^.{1,400}$/s)
})

it('counts tags and facts over all reports of a run', () => {
  const tags = new LaneMessageReader()
  const facts = new LaneMessageReader()
  const event = { run: 'A-1', step: 0, wallTimeMs: 0, tag: 'trace', kind: 'text', value: '' }
  for (let index = 0; index < 2 * limits.loggedNames + 20; index++) tags.read(column({ tag: String(index) }))
  expect(() => tags.read(column({ tag: 'more' }))).toThrow(
    'lane: expected at most 220 tags in a run at report.scalars, got 221.',
  )
  facts.read(told({ events: Array.from({ length: limits.facts }, () => event) }))
  expect(() => facts.read(told({ events: [event] }))).toThrow('expected at most 1000 facts in a run')
})

it('counts what is logged over all reports of a run: 5 numbers for each of 1.6 million steps are read', () => {
  const reader = new LaneMessageReader()
  const values = new Float64Array(500_000)
  const half = () => reader.read(column({ steps: values, wallTimesMs: values, values }))
  expect(limits.loggedValues).toBeGreaterThan(5 * 1_600_000)
  for (let count = 0; count < 42; count++) half()
  expect(() => half()).toThrow(
    'lane: expected at most 21000000 numbers in a run at report.scalars, got 21500000.',
  )
})

it('a report holds no more numbers than the page can take at once', () => {
  const values = new Float64Array(500_001)
  expect(() => new LaneMessageReader().read(column({ steps: values, wallTimesMs: values, values }))).toThrow(
    'lane: expected at most 500000 numbers in a run at report.scalars, got 500001.',
  )
})

it('looks once at each part that stages of a graph share', () => {
  let looks = 0
  const node = {
    get op() {
      looks++
      return 'Tanh'
    },
    inputs: [],
    outputs: [],
    attributes: {},
    origin: { phase: 'forward', layer: '', line: 0 },
  }
  const graph = () => ({ name: 'f', inputs: [], constants: [], nodes: [node], states: [], results: [] })
  const stages = Array.from({ length: 8 }, () => ({ name: 'trace', title: '', graph: graph() }))
  expect(read(compiled({ stages })).type).toBe('compiled')
  expect(looks).toBe(1)
})
