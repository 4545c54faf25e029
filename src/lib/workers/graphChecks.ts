/** What graphs, recorded steps and looks into them look like when they come from a lane. */
import type { LoggedSource, LoggedTensor, SavedTensors } from '../core/eager/kernelLog'
import type { Constant, GraphInput, Node, Origin, State, Value, VariableInfo } from '../core/graph/types'
import { limits } from '../core/util/laneLimits'
import type { Difference, Retrace } from '../core/util/retrace'
import {
  anyNumber,
  count,
  either,
  fields,
  finiteNumber,
  lengthOf,
  list,
  numbers,
  once,
  oneOf,
  optional,
  orNull,
  record,
  text,
  truth,
  type Check,
} from './checks'
import type {
  CompiledReport,
  Graph,
  GraphStage,
  Inspection,
  LogEvent,
  LoggedKernel,
  PassReport,
  RecordedStep,
  ValueSummary,
} from './protocol'
import { name, shape, sizeOf } from './weightChecks'

const mostAttributes = 100

const dtype = oneOf('float32', 'int32', 'int64', 'bool')

const origin = fields<Origin>({
  phase: oneOf('forward', 'loss', 'backward', 'update'),
  layer: name,
  line: count,
})

const attributeNumbers = list(anyNumber, limits.operands)
const attributes = record(
  either(
    Array.isArray,
    attributeNumbers,
    either((value) => typeof value === 'string', name, anyNumber),
  ),
  mostAttributes,
)

const value = fields<Value>({ name, dtype, shape })

const node = fields<Node>({
  op: name,
  inputs: list(name, limits.operands),
  outputs: list(value, limits.operands),
  attributes,
  origin,
})

const constant = fields<Constant>(
  { name, dtype, shape, data: numbers(Float32Array, Int32Array, Uint8Array) },
  (one) => lengthOf('.data', one.data.length, sizeOf(one.shape)),
)

const input = fields<GraphInput>({ name, dtype, shape, role: oneOf('argument', 'state', 'host') })

const state = fields<State>({
  input: name,
  output: orNull(name),
  variables: list(fields<VariableInfo>({ name, shape }), limits.graphParts),
})

/** Stages of one compilation share most of their parts. */
function graph(): Check {
  return fields<Graph>({
    name,
    inputs: list(once(input), limits.graphParts),
    constants: list(once(constant), limits.graphParts),
    nodes: list(once(node), limits.graphParts),
    states: list(once(state), limits.graphParts),
    results: list(name, limits.graphParts),
  })
}

const mostStages = 30

const pass = fields<PassReport>({ name, title: name, isEnabled: truth })

/** The names of a step's variables. */
export const variableNames = record(name, limits.weights)

const difference = fields<Difference>({
  kind: oneOf('shape', 'dtype', 'argument', 'guard'),
  name,
  line: count,
  was: name,
  now: name,
})

/** Why a function was traced again. */
export const retrace = fields<Retrace>({
  nearest: text(limits.signature),
  differences: list(difference, limits.differences),
})

/** What a lane tells of a compiled function. */
export function compiledReport(): Check {
  const stage = fields<GraphStage>({ name, title: text(limits.printedText), graph: once(graph()) })
  return fields<CompiledReport>({
    function: name,
    signature: text(limits.signature),
    traceMs: anyNumber,
    passesMs: anyNumber,
    compileMs: anyNumber,
    stages: list(stage, mostStages),
    passes: list(pass, mostStages),
    variableNames: optional(variableNames),
    backend: oneOf('webgpu', 'webgl', 'wasm'),
    isTraining: truth,
    peakValues: finiteNumber,
    retrace: optional(retrace),
  })
}

const tensor = { id: count, dtype: name, shape }

const loggedKernel = fields<LoggedKernel>({
  kernel: name,
  inputs: list(count, limits.operands),
  outputs: list(fields<LoggedTensor>(tensor), limits.operands),
  attributes,
  origin,
  saved: orNull(fields<SavedTensors>({ tensors: count, bytes: count })),
  gradientOf: orNull(count),
})

type FreeEvent = Extract<LogEvent, { kind: 'free' }>

const logEvent = either(
  (event) => typeof event === 'object' && event !== null && 'kernels' in event,
  fields<FreeEvent>({ kind: oneOf('free'), kernels: list(count, limits.graphParts) }),
  fields<Exclude<LogEvent, FreeEvent>>({ kind: oneOf('run', 'consume'), kernel: count }),
)

/** What a lane tells of an eager step. */
export const recordedStep = fields<RecordedStep>({
  step: count,
  variableNames,
  kernels: list(loggedKernel, limits.graphParts),
  sources: list(
    fields<LoggedSource>({ ...tensor, kind: oneOf('variable', 'data'), name }),
    limits.graphParts,
  ),
  events: list(logEvent, limits.graphParts),
})

const summary = fields<ValueSummary>({
  name,
  dtype,
  shape,
  min: anyNumber,
  max: anyNumber,
  mean: anyNumber,
  zeroShare: anyNumber,
  nonFiniteShare: anyNumber,
  first: list(anyNumber, 100),
})

/** What a lane tells of the values in a compiled step. */
export const inspection = fields<Inspection>({
  step: count,
  nodes: list(list(summary, limits.operands), limits.graphParts),
})
