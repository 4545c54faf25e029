/** Reads what a lane's worker sends: the page takes nothing else, whatever a program makes of its worker. */
import type { ScalarColumns, TextEvent } from '../core/events/types'
import type { StaticCosts } from '../core/program/types'
import { ArgumentError } from '../core/util/errors'
import { limits } from '../core/util/laneLimits'
import {
  anyNumber,
  count,
  either,
  fields,
  finiteNumber,
  lengthOf,
  list,
  numbers,
  oneOf,
  optional,
  orNull,
  text,
  that,
  truth,
  type Check,
  type Fields,
  type Problem,
} from './checks'
import { compiledReport, inspection, recordedStep, retrace } from './graphChecks'
import type {
  BackendMeasurement,
  Classification,
  ConsoleEntry,
  DigitSamples,
  LaneError,
  LaneMessage,
  LoadedWeights,
  LedgerReport,
  Prediction,
  RunLimit,
  RunReport,
  SignatureReport,
  TakenWeights,
} from './protocol'
import { checkpoint, modelWeights, name, printProblem } from './weightChecks'

const mostLines = 100_000
/** Columns of one report: what a program logs, for batches and epochs, and what the lane measures itself. */
const mostTags = 2 * limits.loggedNames + 20

/** Numbers in one report, of which there are about ten a second. */
const mostInReport = 500_000
/** Of a run: what a program logs, and what the lane measures itself a few times a second. */
const mostScalars = limits.loggedValues + 1_000_000

const backend = oneOf('webgpu', 'webgl', 'wasm', 'cpu')
const reason = text(limits.errorMessage)

const laneError = fields<LaneError>({
  name: text(limits.errorName),
  message: text(limits.errorMessage),
  line: optional(count),
  column: optional(count),
  tracing: optional(name),
})

const columns = fields<ScalarColumns>(
  {
    tag: text(limits.name + 'epoch/'.length),
    steps: numbers(Float64Array),
    wallTimesMs: numbers(Float64Array),
    values: numbers(Float64Array),
  },
  ({ steps, wallTimesMs, values }) =>
    lengthOf('.steps', steps.length, values.length) ??
    lengthOf('.wallTimesMs', wallTimesMs.length, values.length) ??
    allFinite('.steps', steps) ??
    allFinite('.wallTimesMs', wallTimesMs),
)

function allFinite(at: string, values: Float64Array): Problem | null {
  const index = values.findIndex((value) => !Number.isFinite(value))
  return index < 0 ? null : { at: `${at}[${index}]`, expected: 'a finite number', got: String(values[index]) }
}

function atMost(at: string, limit: number, value: number): Problem | null {
  return value <= limit ? null : { at, expected: `at most ${limit}`, got: String(value) }
}

const fact = fields<TextEvent>({
  run: name,
  step: count,
  wallTimeMs: finiteNumber,
  tag: name,
  kind: oneOf('text'),
  value: text(limits.factText),
})

const consoleEntry = fields<ConsoleEntry>({
  level: oneOf('log', 'warn', 'error'),
  text: text(limits.printedText),
  step: count,
  line: optional(count),
})

const ledger = fields<LedgerReport>({
  kernelsPerStep: anyNumber,
  hostReadsPerStep: anyNumber,
  liveTensors: anyNumber,
  liveBytes: anyNumber,
  peakTensors: anyNumber,
  msPerStep: anyNumber,
  instrumentMsPerStep: anyNumber,
  steps: anyNumber,
  static: optional(
    fields<StaticCosts>({
      traceMs: anyNumber,
      passesMs: anyNumber,
      compileMs: anyNumber,
      traces: anyNumber,
      stepsPerBlock: anyNumber,
      dispatchMsPerStep: anyNumber,
      computeMsPerStep: anyNumber,
      restMsPerStep: anyNumber,
    }),
  ),
})

const signature = fields<SignatureReport>({
  function: name,
  signature: text(limits.signature),
  hits: count,
  buildMs: anyNumber,
  nodes: count,
  retrace: optional(retrace),
})

const report = fields<RunReport>({
  step: count,
  // A program's own figure.
  epoch: anyNumber,
  execution: orNull(oneOf('eager', 'static')),
  line: count,
  lines: list(count, mostLines),
  scalars: list(columns, mostTags),
  events: list(fact, limits.facts),
  console: list(consoleEntry, limits.consoleLines),
  droppedConsole: count,
  ledger: optional(ledger),
  signatures: optional(list(signature, limits.signatures)),
})

const limit = either(
  (value) => typeof value === 'object' && value !== null && 'count' in value,
  fields<Extract<RunLimit, { kind: 'steps' }>>({ kind: oneOf('steps'), count: finiteNumber }),
  either(
    (value) => typeof value === 'object' && value !== null && 'durationMs' in value,
    fields<Extract<RunLimit, { kind: 'duration' }>>({ kind: oneOf('duration'), durationMs: finiteNumber }),
    fields<Extract<RunLimit, { kind: 'none' }>>({ kind: oneOf('none') }),
  ),
)

/** An answer, or why there is none. */
function outcome(answer: Check): Check {
  return either(
    (value) => typeof value === 'object' && value !== null && 'unavailable' in value,
    fields<{ readonly unavailable: string }>({ unavailable: reason }),
    answer,
  )
}

const digitPixels = 28 * 28

const digitSamples = fields<DigitSamples>(
  { pixels: numbers(Uint8Array), labels: numbers(Uint8Array), count },
  (samples) =>
    lengthOf('.labels', samples.labels.length, samples.count) ??
    lengthOf('.pixels', samples.pixels.length, samples.count * digitPixels),
)

const prediction = fields<Prediction>(
  { step: count, values: numbers(Float32Array), outputs: count },
  ({ values, outputs }) =>
    atMost('.outputs', limits.outputs, outputs) ??
    atMost('.values.length', limits.predictedNumbers, values.length) ??
    (outputs > 0 && values.length % outputs === 0
      ? null
      : { at: '.values', expected: `rows of ${outputs} numbers`, got: `${values.length} numbers` }),
)

const classification = fields<Classification>(
  { step: count, values: numbers(Float32Array), areProbabilities: truth },
  ({ values }) => lengthOf('.values', values.length, 10),
)

const type: Check = () => null
const runId = count
const error = optional(laneError)

/** What a worker itself sends: that it is broken the client says in its place. */
type Sent = Exclude<LaneMessage, { type: 'broken' }>

const checks: { readonly [Type in Sent['type']]: Fields<Extract<Sent, { type: Type }>> } = {
  idle: { type, runId },
  progress: { type, label: name, loaded: finiteNumber, total: finiteNumber },
  measured: {
    type,
    runId,
    measurements: list(
      fields<BackendMeasurement>({
        backend,
        microsecondsPerStep: optional(finiteNumber),
        unavailable: optional(reason),
      }),
      10,
    ),
  },
  status: {
    type,
    runId,
    status: oneOf('preparing', 'running', 'paused', 'finished', 'stopped', 'failed'),
    step: count,
    epoch: anyNumber,
    error,
  },
  report: { type, runId, report },
  // Made for each message: what it has seen of it, it need not see again.
  compiled: { type, runId, report: (value) => compiledReport()(value) },
  tape: { type, runId, recorded: recordedStep },
  inspection: { type, runId, inspectionId: count, outcome: outcome(inspection) },
  onnx: { type, runId, fileId: count, outcome: outcome(numbers(Uint8Array)) },
  classified: { type, runId, questionId: count, outcome: outcome(classification) },
  weights: {
    type,
    runId,
    questionId: count,
    outcome: outcome(fields<TakenWeights>({ step: count, weights: modelWeights })),
  },
  weightsLoaded: {
    type,
    runId,
    questionId: count,
    outcome: outcome(
      fields<LoadedWeights>({
        step: count,
        tensors: count,
        note: orNull(text(limits.name)),
        when: oneOf('initially', 'later', 'never'),
      }),
    ),
  },
  lost: { type, runId, reason, fallbacks: list(backend, 10), checkpoint: optional(checkpoint) },
  interrupted: { type, runId, checkpoint: optional(checkpoint), limit },
  prediction: { type, runId, prediction },
  digitSamples: { type, runId, samples: digitSamples },
  modelFile: { type, runId, bytes: numbers(Uint8Array) },
  initialWeights: { type, runId, weights: modelWeights },
  needInitialWeights: { type, runId, of: oneOf('A', 'B') },
  backend: { type, runId, backend, reason: optional(reason), fromStep: optional(count) },
}

const messages = new Map<unknown, Check>(
  Object.entries(checks).map(([key, ofMessage]) => [key, fields<object>(ofMessage)]),
)

const known = that('a message of a type that lanes send', (value) => messages.has(value))

/** Reads the messages of one worker. */
export class LaneMessageReader {
  readonly #tags = new Set<string>()
  #facts = 0
  #scalars = 0

  /** The message; throws ArgumentError saying what is wrong with it. O(its size). */
  read(data: unknown): LaneMessage {
    const isObject = typeof data === 'object' && data !== null && 'type' in data
    const messageType: unknown = isObject ? data.type : data
    const check = messages.get(messageType)
    const problem = check ? check(data) : known(messageType)
    if (problem) throw new ArgumentError(printProblem('lane', problem))
    const message = data as LaneMessage
    if (message.type === 'report') this.#count(message.report)
    return message
  }

  /** What the page keeps of a run is bounded over all its reports. */
  #count({ scalars, events }: RunReport): void {
    const numbers = scalars.reduce((sum, { values }) => sum + values.length, 0)
    assertAtMost(mostInReport, numbers, 'numbers', '.report.scalars')
    for (const { tag, values } of scalars) {
      this.#tags.add(tag)
      this.#scalars += values.length
    }
    this.#facts += events.length
    assertAtMost(mostTags, this.#tags.size, 'tags', '.report.scalars')
    assertAtMost(mostScalars, this.#scalars, 'numbers', '.report.scalars')
    assertAtMost(limits.facts, this.#facts, 'facts', '.report.events')
  }
}

function assertAtMost(limit: number, got: number, what: string, at: string): void {
  if (got <= limit) return
  const expected = `at most ${limit} ${what} in a run`
  throw new ArgumentError(printProblem('lane', { at, expected, got: String(got) }))
}
