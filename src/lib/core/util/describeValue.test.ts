import { expect, it } from 'vitest'
import { describeValue, isError } from './describeValue'
import { TracedValueError } from './errors'

const shown = (value: unknown) => describeValue(value, 200)

it.each<[unknown, string]>([
  ['text', 'text'],
  [0.5, '0.5'],
  [-0, '-0'],
  [NaN, 'NaN'],
  [null, 'null'],
  [undefined, 'undefined'],
  [12n, '12n'],
  [Symbol('odd'), 'Symbol(odd)'],
  [[1, 'a', null], '[1, "a", null]'],
  [new Array(2), '[empty, empty]'],
  [{ epoch: 1, nested: { a: [true] } }, '{epoch: 1, nested: {a: [true]}}'],
  [Object.create(null), '{}'],
  [Object.assign(Object.create(null) as object, { a: 1 }), '{a: 1}'],
  [new Map([['a', 1]]), 'Map(1) {"a" => 1}'],
  [new Set([1, 2]), 'Set(2) {1, 2}'],
  [new Float32Array([1, 2]), 'Float32Array(2) [1, 2]'],
  [new TypeError('x is not a function'), 'TypeError: x is not a function'],
  [new Error(), 'Error'],
  [class Net extends Map {}, 'class Net'],
  [function step() {}, 'function step'],
  [() => 1, 'function (anonymous)'],
  [Promise.resolve(1), 'a promise (await gives its value)'],
  [{ toString: () => 'tensor(shape=[2])' }, 'tensor(shape=[2])'],
  [[{ toString: () => 'tensor(1)' }], '[tensor(1)]'],
  [
    new (class Point {
      x = 1
    })(),
    'Point {x: 1}',
  ],
])('says what %o is', (value, text) => {
  expect(shown(value)).toBe(text)
})

it('ends in cycles and at a depth', () => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  expect(shown(cyclic)).toBe('{self: [circular]}')
  expect(shown([[[[[[1]]]]]])).toBe('[[[[[…]]]]]')
})

it('survives objects that cannot be read', () => {
  const throwing = () => {
    throw new Error('no')
  }
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const traps = new Proxy({}, { getPrototypeOf: throwing, get: throwing, ownKeys: throwing })
  expect(shown(proxy)).toBe('[an object that cannot be read]')
  expect(shown(traps)).toBe('[an object that cannot be read]')
  expect(shown({ toString: throwing })).toBe('[an object that cannot be read]')
  expect(shown([traps, 1])).toBe('[[an object that cannot be read], 1]')
  expect(shown(Object.defineProperty({}, 'x', { get: throwing, enumerable: true }))).toBe('{x: [getter]}')
  expect(isError(proxy)).toBe(false)
})

it('reads no more than it shows', () => {
  let reads = 0
  const counting = new Proxy([], {
    get: (_, key) => (key === 'length' ? 2 ** 32 - 1 : reads++),
    has: () => true,
  })
  expect(shown(counting)).toContain('more]')
  expect(reads).toBeLessThan(200)
  expect(shown(new Uint8Array(1e7))).toMatch(/^Uint8Array\(10000000\) \[0, 0, .*… \d+ more\]$/)
  expect(shown('x'.repeat(1e7))).toMatch(/^x+… 9\.5 MB more$/)
  expect(shown(['x'.repeat(1e7)]).length).toBeLessThanOrEqual(200)
  expect(shown(2n ** 100_000n)).toBe('BigInt of more than 300 digits')
  const wide = Array.from({ length: 100 }, () =>
    Array.from({ length: 100 }, () => new Array<number>(100).fill(0)),
  )
  expect(shown(wide).length).toBeLessThanOrEqual(200)
})

it('lets through what Tandem itself says is wrong', () => {
  const traced = {
    toString: () => {
      throw new TracedValueError('loss: expected a value')
    },
  }
  expect(() => shown(traced)).toThrow(TracedValueError)
})
