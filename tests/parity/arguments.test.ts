/** Whatever programs can call accounts for every argument: one too many and an unknown name are refused by name. */
import { describe, expect, it } from 'vitest'
import * as keras from '../../src/lib/core/keras'
import * as torch from '../../src/lib/core/torch'
import { ArgumentError } from '../../src/lib/core/util/errors'

type Callable = (...given: readonly unknown[]) => unknown

/** Something to call, under the name that programs have for it. */
interface Entry {
  readonly name: string
  readonly call: Callable
}

/** Of the PyTorch style: what takes whatever a program of its own gives it. */
const programs = new Set([
  // Methods that subclasses override, with arguments of their own.
  'torch.nn.Module.forward',
  'torch.Dataset.getItem',
  'new torch.nn.Module',
  'new torch.Dataset',
  'new torch.optim.Optimizer',
  // They take any value.
  'torch.save',
  'torch.isTensor',
  'new torch.nn.Identity',
  'torch.nn.Sequential.forward',
  // Lists of modules say that they cannot be called, whatever they are given.
  'torch.nn.ModuleDict.forward',
  'torch.nn.ModuleList.forward',
  'torch.nn.ParameterList.forward',
])

/** Methods that programs override, with arguments of their own, and that our own code calls. */
const overridden = /\.(forward|call|build|trainStep|testStep|on[A-Z]\w*)$/

/** Methods that only our own code calls: TypeScript has them as protected, or another class needs them. */
const internal = new Set(
  `activate addUp aligned asLayer assertFeatures assertRank assertSeveral beforeActivation biases biasShape buildFor buildForAll
  buildOn callAll compute current directionOf drawn figure fitted flattenedAfter isImprovement labelShape logits mean outputFor penalty
  perExample random reduced run say smoothed states sums tellFields tensorFigure whole windowCount`.split(
    /\s+/,
  ),
)

/** Bases that programs cannot make anything of. */
const bases = new Set(['new keras.Optimizer'])

function isOfPrograms({ name }: Entry): boolean {
  if (!name.startsWith('keras.') && !name.startsWith('new keras.')) {
    return !programs.has(name) && !others.has(name.split('.').at(-1) ?? '')
  }
  const [, owner = '', method = ''] = /^keras\.(.*)\.(\w+)$/.exec(name) ?? []
  const isMethod = /[A-Z]\w*$/.test(owner)
  return !bases.has(name) && !overridden.test(name) && !(isMethod && internal.has(method))
}

/** Methods of our own, which programs do not call and the frameworks do not have, and two that are none. */
const others = new Set([
  ...[
    'place',
    'guardFields',
    'tellFields',
    'childrenByName',
    'peek',
    'letVariableGo',
    'accumulate',
    'replaceGrad',
    'shareWith',
    'markAsArgument',
    'letVariableGo',
    'namedState',
    'weights',
    'inLayer',
    'attachScheduler',
    'slots',
    'state',
    'setState',
  ],
  ...['nextRate', 'setRates', 'check', 'normalise', 'normaliseLast', 'run', 'assign'],
  // They take an object of any names.
  ...['loadStateDict', 'addParamGroup'],
])

/** More arguments than any function has, of a kind that none takes. */
const surplus = Array.from({ length: 40 }, () => Symbol('surplus'))
const unknown = { surplusOption: 1 }

function isClass(value: unknown): value is Callable & { readonly prototype: object } {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}

/** Functions, constructors and methods of a module, those in groups and of base classes included. */
function entriesOf(name: string, value: unknown, seen = new Set<unknown>()): Entry[] {
  if (typeof value === 'function') {
    if (!isClass(value)) return [{ name, call: value as Callable }]
    const construct: Callable = (...given): unknown => Reflect.construct(value, given)
    const prototype: object = value.prototype
    return [{ name: `new ${name}`, call: construct }, ...methodsOf(name, prototype, seen)]
  }
  const isGroup = typeof value === 'object' && value !== null && !(value instanceof torch.Tensor)
  if (!isGroup || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, member]) => entriesOf(`${name}.${key}`, member, seen))
}

function methodsOf(name: string, prototype: object, seen: Set<unknown>): Entry[] {
  const found: Entry[] = []
  for (let owner: object | null = prototype; owner && owner !== Object.prototype;) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (key === 'constructor' || typeof value !== 'function' || seen.has(value)) continue
      seen.add(value)
      const method = value as Callable
      found.push({
        name: `${name}.${key}`,
        call: (...given) => Reflect.apply(method, Object.create(prototype) as object, given),
      })
    }
    owner = Object.getPrototypeOf(owner) as object | null
  }
  return found
}

/** The error of a call, also of one that is awaited. */
async function errorOf(call: Callable, given: readonly unknown[]): Promise<unknown> {
  try {
    await call(...given)
    return 'no error'
  } catch (error) {
    return error
  }
}

const seen = new Set<unknown>()
const entries = [...entriesOf('torch', torch, seen), ...entriesOf('keras', keras, seen)].filter(isOfPrograms)

describe('a call', () => {
  it.each(entries.map((entry) => [entry.name, entry] as const))('%s', async (_, { call }) => {
    const many = await errorOf(call, surplus)
    const odd = await errorOf(call, [unknown])
    expect([many, odd]).toEqual([expect.any(ArgumentError), expect.any(ArgumentError)])
    expect(String(many)).toMatch(/Symbol\(surplus\)/)
    expect(String(odd)).toMatch(/surplusOption/)
  })
})
