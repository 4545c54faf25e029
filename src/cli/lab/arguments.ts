/** The arguments of a command, read and checked. */
import { parseArgs } from 'node:util'
import { executions, styles, type Execution, type Style } from '../../lib/core/spec/schema'
import { TandemError } from '../../lib/core/util/errors'

/** The command line asks for something that cannot be done. */
export class UsageError extends TandemError {
  override name = 'UsageError'
}

const labBackends = ['cpu', 'wasm'] as const

export type LabBackend = (typeof labBackends)[number]

/** How far a run goes; `spec` for as many epochs as the spec says. */
export type Length = { readonly kind: 'spec' } | { readonly kind: 'steps' | 'epochs'; readonly count: number }

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
  style: { type: 'string' },
  execution: { type: 'string' },
  backend: { type: 'string' },
  steps: { type: 'string' },
  epochs: { type: 'string' },
  'steps-per-execution': { type: 'string' },
  init: { type: 'string' },
  data: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const

type Name = keyof typeof options
type Values = ReadonlyMap<string, string>

const mostSteps = 1_000_000_000
/** As in a lane's settings. */
const mostStepsPerExecution = 1000

/** The arguments behind `train`. Throws UsageError for the first that is wrong. */
export function parseTrainArguments(args: readonly string[]): TrainArguments {
  const { values, paths } = tokens(args)
  const [spec, ...others] = paths
  if (spec === undefined || others.length > 0) {
    throw new UsageError(
      `train: expected one spec, got ${spec === undefined ? 'none' : paths.join(' ')}. ` +
        'Write train SPEC.json [options].',
    )
  }
  const execution = choice(values, 'execution', executions) ?? 'eager'
  const backend = choice(values, 'backend', labBackends)
  if (execution === 'static' && backend === 'cpu') {
    throw wrong('backend', 'wasm for static execution', 'cpu', 'Leave it out, or run eager.')
  }
  return {
    spec,
    style: choice(values, 'style', styles) ?? 'keras',
    execution,
    backend,
    length: lengthOf(values),
    stepsPerExecution: stepsPerExecutionOf(values, execution),
    init: path(values, 'init'),
    data: path(values, 'data'),
    out: path(values, 'out'),
    json: values.has('json'),
  }
}

function tokens(args: readonly string[]): { readonly values: Values; readonly paths: readonly string[] } {
  const parsed = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<string, string>()
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName } = token
    if (!isName(name)) throw unknownOption(rawName)
    // A flag behind an option that wants a value: the value was forgotten.
    const isForgotten = token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))
    if (options[name].type === 'string' && isForgotten) {
      throw wrong(name, 'a value', 'nothing', 'Write one behind it.')
    }
    if (options[name].type === 'boolean' && token.value !== undefined) {
      throw wrong(name, 'no value', token.value, `Write --${name} alone.`)
    }
    if (values.has(name)) throw wrong(name, 'it once', 'it again', 'Remove one of the two.')
    values.set(name, token.value ?? '')
  }
  return { values, paths: parsed.positionals }
}

function isName(name: string): name is Name {
  return Object.hasOwn(options, name)
}

function unknownOption(rawName: string): UsageError {
  const known = Object.keys(options).map((name) => `--${name}`)
  return new UsageError(
    `train: expected one of ${known.join(', ')}, got ${rawName}. Remove it or correct its name.`,
  )
}

function wrong(name: Name, expected: string, got: string, fix: string): UsageError {
  return new UsageError(`--${name}: expected ${expected}, got ${got === '' ? 'nothing' : got}. ${fix}`)
}

function choice<const T extends string>(values: Values, name: Name, choices: readonly T[]): T | null {
  const given = values.get(name)
  if (given === undefined) return null
  const found = choices.find((each) => each === given)
  if (found !== undefined) return found
  throw wrong(name, choices.join(' or '), given, 'Choose one of them.')
}

function path(values: Values, name: Name): string | null {
  const given = values.get(name)
  if (given === '') throw wrong(name, 'a path', given, 'Write one behind it.')
  return given ?? null
}

function lengthOf(values: Values): Length {
  const steps = count(values, 'steps', mostSteps)
  const epochs = count(values, 'epochs', mostSteps)
  if (steps !== null && epochs !== null) {
    throw wrong('steps', 'it without --epochs', 'both', 'Remove one of the two.')
  }
  if (steps !== null) return { kind: 'steps', count: steps }
  return epochs === null ? { kind: 'spec' } : { kind: 'epochs', count: epochs }
}

function stepsPerExecutionOf(values: Values, execution: Execution): number {
  const name = 'steps-per-execution'
  const steps = count(values, name, mostStepsPerExecution) ?? 1
  if (steps === 1 || execution === 'static') return steps
  throw wrong(name, '1 in eager execution', String(steps), 'Add --execution static, or leave it out.')
}

function count(values: Values, name: Name, most: number): number | null {
  const given = values.get(name)
  if (given === undefined) return null
  const number = /^\d+$/.test(given) ? Number(given) : 0
  if (number >= 1 && number <= most) return number
  throw wrong(name, `a whole number from 1 to ${most}`, given, 'Choose one in that range.')
}
