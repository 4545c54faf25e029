/** Each parameter of torch's functions and tensor methods does what it does in PyTorch, or says why it does nothing. */
import { runInThisContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../../src/lib/core/eager/backends'
import * as torch from '../../../src/lib/core/torch'
import { Tensor } from '../../../src/lib/core/torch'
import * as creation from '../../../src/lib/core/torch/creation'
import * as functions from '../../../src/lib/core/torch/functions'
import * as algebra from '../../../src/lib/core/torch/ops/algebra'
import * as comparing from '../../../src/lib/core/torch/ops/comparing'
import * as elementwise from '../../../src/lib/core/torch/ops/elementwise'
import * as inPlace from '../../../src/lib/core/torch/ops/inPlace'
import * as methods from '../../../src/lib/core/torch/ops/methods'
import * as ordering from '../../../src/lib/core/torch/ops/ordering'
import * as reading from '../../../src/lib/core/torch/ops/reading'
import * as reducing from '../../../src/lib/core/torch/ops/reducing'
import * as shaping from '../../../src/lib/core/torch/ops/shaping'
import { ParameterList } from '../../../src/lib/core/util/parameters'
import cases from './tensorOps.json'
import recorded from './tensorOpsValues.json'

beforeAll(() => initialiseBackend('cpu'))

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Drawn numbers, which are tested by their statistics. */
const random = 'bernoulli multinomial normal rand randLike randn randnLike randint randperm'.split(' ')
/** Those that differ from `zeros` in their name only. */
const sameAsZeros = 'empty emptyLike'.split(' ')

const isReason = (expression: string) => expression.startsWith('=')

/** What is no method of tensors. */
const ownFunctions = Object.fromEntries(
  Object.entries(functions).filter(([, value]) => !Object.hasOwn(value, 'method')),
)

/** The operations of modules with the names of their parameters and their rows. */
function statedBy(rows: Rows, ...modules: readonly object[]) {
  return modules
    .flatMap((module) => Object.entries(module))
    .map(([name, op]) => [name, namesOf(op), rows[name] ?? {}] as const)
    .filter(([name, names]) => names.length > 0 && !random.includes(name) && !sameAsZeros.includes(name))
}

/** Names of what an operation takes beside the tensor. */
function namesOf(op: unknown): string[] {
  const list: unknown = typeof op === 'function' ? Reflect.get(op, 'parameters') : undefined
  return list instanceof ParameterList ? Object.keys(list.table as object) : []
}

function evaluate(expression: string): unknown {
  const names = Object.keys(cases.setup)
  const lines = Object.entries(cases.setup).map(([name, text]) => `const ${name} = ${text}`)
  const body = `${lines.join('\n')}\nreturn [${names.join(', ')}] && (${expression})`
  const run = runInThisContext(`(torch) => {\n${body}\n}`) as (given: typeof torch) => unknown
  return run(torch)
}

async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) {
    const { values, shape } = await value.toNdArray()
    return { dtype: value.dtype, shape: [...shape], values: Array.from(values, shown) }
  }
  if (Array.isArray(value)) return Promise.all(value.map(plain))
  if (value instanceof Promise) return plain(await value)
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) {
    return plain([...(value as Iterable<unknown>)])
  }
  return typeof value === 'boolean' ? Number(value) : value
}

function shown(value: number): number | string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}

/** Numbers that agree to float32 rounding. */
function expectSame(found: unknown, expected: unknown): void {
  if (typeof expected === 'number') return expect(found).toBeCloseTo(expected, 5)
  if (typeof expected !== 'object' || expected === null) return expect(found).toEqual(expected)
  expect(Object.keys(found as object)).toEqual(Object.keys(expected))
  for (const [key, value] of Object.entries(expected)) expectSame(Reflect.get(found as object, key), value)
}

const expressions = [cases.ops, cases.functions].flatMap((rows: Rows) =>
  Object.entries(rows).flatMap(([name, ofOp]) =>
    Object.entries(ofOp).map(([parameter, expression]) => [`${name} ${parameter}`, expression] as const),
  ),
)

it.each(expressions.filter(([, expression]) => !isReason(expression)))('%s: %s', async (_, expression) => {
  const expected = Reflect.get(recorded.values, expression) as unknown
  expect(expected).toBeDefined()
  expectSame(await plain(evaluate(expression)), expected)
})

describe('every parameter', () => {
  const ofMethods = statedBy(
    cases.ops,
    algebra,
    comparing,
    elementwise,
    inPlace,
    methods,
    ordering,
    reading,
    reducing,
    shaping,
  )
  const ofFunctions = statedBy(cases.functions, creation, ownFunctions)

  it.each([...ofMethods, ...ofFunctions])(
    'of %s has a row that changes its result, or a reason',
    (_, names, ofOp) => {
      const missing = names.filter((name) => !(name in ofOp) && !(name in cases.shared))
      expect([missing, Object.keys(ofOp).filter((name) => !names.includes(name))]).toEqual([[], []])
      const [first, ...others] = Object.values(ofOp)
        .filter((expression) => !isReason(expression))
        .map((expression) => JSON.stringify(Reflect.get(recorded.values, expression)))
      expect(others).not.toContain(first)
    },
  )
})
