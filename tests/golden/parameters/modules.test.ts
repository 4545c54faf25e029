/** Each parameter of PyTorch's modules, losses, optimizers and loaders does what it does in PyTorch, or says why it does nothing. */
import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../../src/lib/core/eager/backends'
import * as torch from '../../../src/lib/core/torch'
import { inCamelCase } from '../../../src/lib/core/util/spelling'
import { plain, scope } from './moduleCalls'
import { callsOf, type Rows } from './rows.mjs'
import { aliases, functionRows } from './torchFunctions.mjs'
import { moduleRows } from './torchModules.mjs'
import { trainingRows } from './torchTraining.mjs'

type Signature = readonly (readonly [name: string, isOptional: boolean, isNamed: boolean])[]

interface Fixture {
  readonly signatures: Readonly<Record<string, Signature | null>>
  readonly values: Readonly<Record<string, string>>
}

const { signatures, values } = JSON.parse(
  readFileSync(new URL('modules.json', import.meta.url), 'utf8'),
) as Fixture
const rows: Rows = { ...moduleRows, ...functionRows, ...trainingRows }

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => torch.manualSeed(1))

/** Of a number's size, or of 1 where it is smaller: float32 against float64. */
const tolerance = 2e-5

function isClose(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    const list: unknown[] = expected
    return (
      Array.isArray(actual) &&
      actual.length === list.length &&
      list.every((each, index) => isClose(actual[index], each))
    )
  }
  if (typeof expected === 'number') {
    return Math.abs(Number(actual) - expected) <= tolerance * Math.max(1, Math.abs(expected))
  }
  return actual === expected || (typeof expected === 'boolean' && Number(actual) === Number(expected))
}

const evaluate = (expression: string): unknown =>
  (compileFunction(`return ${expression}`, Object.keys(scope)) as (...given: unknown[]) => unknown)(
    ...Object.values(scope),
  )

describe('as in PyTorch', () => {
  it.each(callsOf(rows))('%s', async (key, expression) => {
    const actual = await plain(evaluate(expression))
    const expected: unknown = JSON.parse(values[key] ?? '"not recorded"')
    expect(isClose(actual, expected), `${expression} = ${JSON.stringify(actual)}, not ${values[key]}`).toBe(
      true,
    )
    const [, name] = /^(.*)\(\w+\)$/.exec(key) ?? []
    if (name !== undefined) expect(values[key], `as without it: ${expression}`).not.toBe(values[name])
  })
})

type Callable = (...given: readonly unknown[]) => unknown

/** What is called under a name: a constructor, a function, or a method without its object. */
function calledOf(path: string): Callable {
  const parts = path.split('.')
  const named = parts.reduce<unknown>(
    (owner, part) => {
      // A method of a class is named without its prototype.
      const holder = typeof owner === 'function' ? (owner as { readonly prototype: object }).prototype : owner
      return Reflect.get(holder as object, part) as unknown
    },
    { ...torch, ...scope },
  )
  if (typeof named !== 'function') throw new Error(`the tables name ${path}, which is not there`)
  const isClass = /^class\b/.test(Function.prototype.toString.call(named))
  return (...given) =>
    isClass
      ? (Reflect.construct(named, given) as unknown)
      : (Reflect.apply(named, Object.create(null), given) as unknown)
}

/** The message for arguments that nothing takes. */
function refusal(path: string, given: readonly unknown[]): string {
  try {
    calledOf(path)(...given)
  } catch (error) {
    return String(error)
  }
  return ''
}

const listed = (list: string | undefined) => (list === undefined || list === '' ? [] : list.split(', '))

/** The names of all parameters, as the error for an unknown one gives them. */
const namesOf = (path: string) =>
  listed(/expected the options (.*), got surplusOption/.exec(refusal(path, [{ surplusOption: 1 }]))?.[1])

/** The names of those that can stand by position. */
const positionalOf = (path: string) =>
  listed(/arguments? \((.*)\) at most/.exec(refusal(path, new Array<symbol>(40).fill(Symbol())))?.[1])

/** What has rows of its own elsewhere, or takes nothing but what every call gives. */
const excused = new Set([
  ...['nn.Module', 'nn.Sequential', 'nn.Identity', 'optim.Optimizer'],
  // They have no parameters but the tensors that they are for.
  ...['nn.init', 'nn.utils', 'nn.functional'],
])

const isExported = (name: string) => !excused.has(name) && aliases.get(name) === undefined
const named = (prefix: string, group: object) => Object.keys(group).map((name) => `${prefix}.${name}`)
const exports = [
  ...named('nn', torch.nn),
  ...named('F', torch.nn.functional),
  ...named('init', torch.nn.init),
  ...named('utils', torch.nn.utils),
  ...named('optim', torch.optim).filter((name) => name !== 'optim.lrScheduler'),
  ...named('optim.lrScheduler', torch.lrScheduler),
].filter(isExported)

it('all exports have rows', () => {
  expect(exports.filter((name) => !(name in rows))).toEqual([])
})

/** Their words differ from their names, or they take an object of any names. */
const unlisted = ['nn.Module.loadStateDict', 'nn.ModuleDict']

describe('all parameters have a row or a reason', () => {
  it.each(Object.keys(rows).filter((path) => !unlisted.includes(path)))('%s', (path) => {
    const stated = Object.keys({ ...rows[path]?.given, ...rows[path]?.other })
    expect(namesOf(path).toSorted()).toEqual([...new Set(stated)].toSorted())
    const { other = {} } = rows[path] ?? {}
    expect(namesOf(path).filter((name) => !(name in other))).toEqual([])
  })
})

/** PyTorch's names as they are here; private ones are not there. */
const spelt = (name: string) => ({ T_max: 'tMax', T_0: 't0', T_mult: 'tMult' })[name] ?? inCamelCase(name)
/** Two names of one parameter. */
const otherNames = ['minValue', 'maxValue']
/** Private parameters stand before them in PyTorch. */
const behindPrivate = ['F.softmax', 'F.logSoftmax', 'nn.Embedding']
/** The documentation has another name than the function takes. */
const asDocumented: Readonly<Record<string, string>> = { 'F.oneHot(tensor)': 'input' }

describe('parameters stand in the order of PyTorch', () => {
  const known = Object.entries(signatures).flatMap(([path, signature]) =>
    signature && !behindPrivate.includes(path) && !unlisted.includes(path)
      ? [[path, signature] as const]
      : [],
  )
  it.each(known)('%s', (path, signature) => {
    const theirs = signature.flatMap(([name, , isNamed]) => {
      const ours = asDocumented[`${path}(${name})`] ?? spelt(name)
      return isNamed || name.startsWith('_') || otherNames.includes(ours) ? [] : [ours]
    })
    expect(positionalOf(path)).toEqual(theirs)
  })
})
