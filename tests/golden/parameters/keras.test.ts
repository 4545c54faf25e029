/**
 * Each parameter of the Keras style does what it does in Keras 3.15, or says why it does nothing; and what can be called has
 * Keras' parameters, in their order.
 */
import { runInThisContext } from 'node:vm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../../src/lib/core/eager/backends'
import { tf } from '../../../src/lib/core/eager/tfjs'
import * as keras from '../../../src/lib/core/keras'
import { toArray } from '../../../src/lib/core/keras/arrays'
import { ArgumentError } from '../../../src/lib/core/util/errors'
import { inCamelCase } from '../../../src/lib/core/util/spelling'
import { expectClose } from '../comparison'
import cases from './keras.json'
import { helpers } from './kerasHelpers'
import recorded from './kerasValues.json'

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => keras.setRandomSeed(1))

type Rows = Readonly<Record<string, string>>

const calls = Object.entries<Rows>(cases.calls)
const shared: Rows = cases.shared
const isReason = (expression: string) => expression.startsWith('=')
const scope = { ...keras, ...helpers }

function evaluate(expression: string): unknown {
  const lines = Object.entries(cases.setup).map(([name, text]) => `const ${name} = ${text}`)
  const body = `${lines.join('\n')}\nreturn ${expression}`
  const run = runInThisContext(`({ ${Object.keys(scope).join(', ')} }) => {\n${body}\n}`) as (
    given: typeof scope,
  ) => unknown
  return run(scope)
}

/** Numbers in one row, or a text. */
async function plain(given: unknown): Promise<number[] | string> {
  const value = await given
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return [Number(value)]
  if (value === null) return [-1]
  if (value instanceof tf.Tensor) return Array.from((await toArray(value as tf.Tensor)).values)
  if (value instanceof keras.Variable) return plain(value.value)
  if (Array.isArray(value)) {
    const parts = await Promise.all(value.map(plain))
    return parts.flatMap((part) => (typeof part === 'string' ? [NaN] : part))
  }
  return Array.from((value as { readonly values: ArrayLike<number> }).values)
}

const expected = (expression: string): unknown => Reflect.get(recorded.values, expression)

const rows = calls.flatMap(([call, ofCall]) =>
  Object.entries(ofCall)
    .filter(([, expression]) => !isReason(expression))
    .map(([parameter, expression]) => [call, parameter, expression] as const),
)

it.each(rows)('%s %s: %s', async (call, parameter, expression) => {
  const value = expected(expression)
  const found = await plain(evaluate(expression))
  if (typeof value === 'string') expect(found).toBe(value)
  else expectClose(found as number[], [value].flat() as number[], expression)
  const usual = (cases.calls as Readonly<Record<string, Rows>>)[call]?.['usual'] ?? ''
  if (parameter !== 'usual') expect(value).not.toEqual(expected(usual))
})

interface Signature {
  readonly names: readonly string[]
  readonly positional: readonly string[]
  /** Whether there are further ones by name: those of every layer. */
  readonly further: boolean
}

/** What every layer takes, some of it through `**kwargs`. */
const layerNames = ['activityRegularizer', 'trainable', 'dtype', 'autocast', 'name', 'inputShape', 'inputDim']
/** What Keras does not have. */
const ours = ['formulation']

/** The names that our errors list: of all parameters, and of those by position. */
async function statedBy(call: string): Promise<{ names: string[]; positional: string[] }> {
  const [, owner = '', method = ''] = /^(.*)\.(\w+)$/.exec(call) ?? []
  const isMethod = /(^|\.)[A-Z]\w*$/.test(owner)
  const target = evaluate(isMethod ? `${owner}.prototype.${method}` : call) as (
    ...given: unknown[]
  ) => unknown
  const isClass = /^class\b/.test(Function.prototype.toString.call(target))
  const refused = async (given: readonly unknown[]): Promise<string> => {
    try {
      await (isClass ? (Reflect.construct(target, given) as unknown) : Reflect.apply(target, {}, given))
    } catch (error) {
      if (error instanceof ArgumentError) return error.message
    }
    return ''
  }
  const listed = (message: string, pattern: RegExp) => pattern.exec(message)?.[1]?.split(', ') ?? []
  const many = Array.from({ length: 40 }, () => Symbol('surplus'))
  return {
    names: listed(await refused([{ surplusZzz: 1 }]), /the options (.*), got surplusZzz/),
    positional: listed(await refused(many), /\((.*)\) at most/),
  }
}

describe('every parameter', () => {
  it.each(calls)('of %s has its place in Keras, and a row', async (call, ofCall) => {
    const { names, positional } = await statedBy(call)
    const real = Reflect.get(recorded.signatures, call) as Signature
    const camel = (list: readonly string[]) => list.map(inCamelCase)
    expect(positional).toEqual(camel(real.positional))
    const further = names.filter((name) => !camel(real.names).includes(name))
    expect(
      further.filter((name) => !(real.further ? [...layerNames, ...ours] : ours).includes(name)),
    ).toEqual([])
    expect(camel(real.names).filter((name) => !names.includes(name))).toEqual([])
    expect(names.filter((name) => !(name in ofCall) && !(name in shared))).toEqual([])
    expect(Object.keys(ofCall).filter((name) => name !== 'usual' && !names.includes(name))).toEqual([])
  })
})

/** What programs can call of a group: functions, classes, and the methods that a class itself has. */
function callsOf(path: string, group: object): string[] {
  return Object.entries(group).flatMap(([key, value]: [string, unknown]) => {
    const name = path === '' ? key : `${path}.${key}`
    if (typeof value === 'object' && value !== null) return callsOf(name, value)
    if (typeof value !== 'function') return []
    const prototype: unknown = value.prototype
    const isClass = /^class\b/.test(Function.prototype.toString.call(value))
    const methods =
      isClass && typeof prototype === 'object' && prototype ? Object.getOwnPropertyDescriptors(prototype) : {}
    const named = Object.entries(methods).filter(([, { value: method }]) => typeof method === 'function')
    return [name, ...named.map(([method]) => `${name}.${method}`)]
  })
}

it('has rows for whatever takes more than tensors', async () => {
  const plainNames = ['x', 'x1', 'x2']
  const without: string[] = []
  const all = new Set(callsOf('', keras))
  expect(Object.keys(cases.elsewhere).filter((call) => !all.has(call))).toEqual([])
  for (const call of all) {
    if (call in cases.calls || call in cases.elsewhere || call.endsWith('.constructor')) continue
    const { names } = await statedBy(call)
    if (names.some((name) => !plainNames.includes(name))) without.push(call)
  }
  expect(without).toEqual([])
})
