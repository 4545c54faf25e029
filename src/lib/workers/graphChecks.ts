/** What graphs, recorded steps and looks into them look like when they come from a lane. */
import type { LoggedSource, LoggedTensor, SavedTensors } from '../core/eager/kernelLog'
import type { Constant, GraphInput, Node, Origin, State, Value, VariableInfo } from '../core/graph/types'
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

/** Of a node or a kernel: operands, results. */
const mostValues = 10_000
const mostAttributes = 100
/** Nodes and what stands beside them: constants, inputs, states. */
const mostParts = 4 * limits.graphNodes

const dtype = oneOf('float32', 'int32', 'int64', 'bool')

const origin = fields<Origin>({
  phase: oneOf('forward', 'loss', 'backward', 'update'),
  layer: name,
  line: count,
})

const attributeNumbers = list(anyNumber, mostValues)
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
  inputs: list(name, mostValues),
  outputs: list(value, mostValues),
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
  variables: list(fields<VariableInfo>({ name, shape }), mostParts),
})

/** Stages of one compilation share most of their parts. */
function graph(): Check {
  return fields<Graph>({
    name,
    inputs: list(once(input), mostParts),
    constants: list(once(constant), mostParts),
    nodes: list(once(node), mostParts),
    states: list(once(state), mostParts),
    results: list(name, mostParts),
  })
}

const mostStages = 30

const pass = fields<PassReport>({ name, title: name, isEnabled: truth })

export const variableNames = record(name, limits.weights)

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
  })
}

const tensor = { id: count, dtype: name, shape }

const loggedKernel = fields<LoggedKernel>({
  kernel: name,
  inputs: list(count, mostValues),
  outputs: list(fields<LoggedTensor>(tensor), mostValues),
  attributes,
  origin,
  saved: orNull(fields<SavedTensors>({ tensors: count, bytes: count })),
  gradientOf: orNull(count),
})

type FreeEvent = Extract<LogEvent, { kind: 'free' }>

const logEvent = either(
  (event) => typeof event === 'object' && event !== null && 'kernels' in event,
  fields<FreeEvent>({ kind: oneOf('free'), kernels: list(count, mostParts) }),
  fields<Exclude<LogEvent, FreeEvent>>({ kind: oneOf('run', 'consume'), kernel: count }),
)

export const recordedStep = fields<RecordedStep>({
  step: count,
  variableNames,
  kernels: list(loggedKernel, mostParts),
  sources: list(fields<LoggedSource>({ ...tensor, kind: oneOf('variable', 'data'), name }), mostParts),
  events: list(logEvent, mostParts),
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

export const inspection = fields<Inspection>({
  step: count,
  nodes: list(list(summary, mostValues), mostParts),
})
