/** The arguments of `train`, read and checked. */
import { executions, styles, type Execution, type Style } from '../../lib/core/spec/schema'
import { CommandLine } from './commandLine'

const labBackends = ['cpu', 'wasm'] as const

/** A backend that the lab can train on. */
export type LabBackend = (typeof labBackends)[number]

/** How far a run goes; `spec` for as many epochs as the spec says. */
export type Length = { readonly kind: 'spec' } | { readonly kind: 'steps' | 'epochs'; readonly count: number }

/** What `lab train` was told on its command line. */
export interface TrainArguments {
  /** Path of the spec. */
  readonly spec: string
  readonly style: Style
  readonly execution: Execution
  /** Null for the usual one. */
  readonly backend: LabBackend | null
  readonly length: Length
  readonly stepsPerExecution: number
  /** Path of a safetensors file. */
  readonly init: string | null
  /** Path of a CSV file. */
  readonly data: string | null
  /** Path of a folder. */
  readonly out: string | null
  readonly json: boolean
}

const options = {
  style: 'value',
  execution: 'value',
  backend: 'value',
  steps: 'value',
  epochs: 'value',
  'steps-per-execution': 'value',
  init: 'value',
  data: 'value',
  out: 'value',
  json: 'flag',
} as const

type TrainLine = CommandLine<keyof typeof options>

const mostSteps = 1_000_000_000
/** As in a lane's settings. */
const mostStepsPerExecution = 1000

/** The arguments behind `train`. Throws UsageError for the first that is wrong. */
export function parseTrainArguments(args: readonly string[]): TrainArguments {
  const line = new CommandLine('train', options, args)
  const spec = line.spec('train SPEC.json [options]')
  const execution = line.choice('execution', executions) ?? 'eager'
  const backend = line.choice('backend', labBackends)
  if (execution === 'static' && backend === 'cpu') {
    throw line.wrong('backend', 'wasm for static execution', 'cpu', 'Leave it out, or run eager.')
  }
  return {
    spec,
    style: line.choice('style', styles) ?? 'keras',
    execution,
    backend,
    length: lengthOf(line),
    stepsPerExecution: stepsPerExecutionOf(line, execution),
    init: line.path('init'),
    data: line.path('data'),
    out: line.path('out'),
    json: line.has('json'),
  }
}

function lengthOf(line: TrainLine): Length {
  const steps = line.count('steps', mostSteps)
  const epochs = line.count('epochs', mostSteps)
  if (steps !== null && epochs !== null) {
    throw line.wrong('steps', 'it without --epochs', 'both', 'Remove one of the two.')
  }
  if (steps !== null) return { kind: 'steps', count: steps }
  return epochs === null ? { kind: 'spec' } : { kind: 'epochs', count: epochs }
}

function stepsPerExecutionOf(line: TrainLine, execution: Execution): number {
  const name = 'steps-per-execution'
  const steps = line.count(name, mostStepsPerExecution) ?? 1
  if (steps === 1 || execution === 'static') return steps
  throw line.wrong(name, '1 in eager execution', String(steps), 'Add --execution static, or leave it out.')
}
