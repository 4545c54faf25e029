import { describe, expect, it } from 'vitest'
import { contentOf, hasContent } from './content'

describe('a value holds what it held', () => {
  const shared = { a: 1 }
  class Own {
    a = 1
  }
  const own = new Own()
  it.each<[string, unknown, () => unknown, boolean]>([
    ['a number', 1, () => 1, true],
    ['another number', 1, () => 2, false],
    ['NaN', NaN, () => NaN, true],
    ['the other zero', 0, () => -0, false],
    ['an equal object', { a: { b: [1] } }, () => ({ a: { b: [1] } }), true],
    ['an object with another entry', { a: 1 }, () => ({ a: 1, b: 1 }), false],
    ['an object without an entry', { a: 1 }, () => null, false],
    ['a longer list', [1], () => [1, 1], false],
    ['equal numbers', Float32Array.of(1, 2), () => Float32Array.of(1, 2), true],
    ['other numbers', Float32Array.of(1, 2), () => Float32Array.of(1, 3), false],
    ['an equal map', new Map([[1, shared]]), () => new Map([[1, { a: 1 }]]), true],
    ['a smaller set', new Set([1, 2]), () => new Set([1]), false],
    ['the same object of a class', own, () => own, true],
    ['another one of the class', own, () => new Own(), false],
  ])('%s', (_, before, now, expected) => {
    expect(hasContent(now(), contentOf(before))).toBe(expected)
  })

  it('what changes afterwards does not change it', () => {
    const values = { list: [1], numbers: Float32Array.of(1) }
    const content = contentOf(values)
    expect(hasContent(values, content)).toBe(true)
    values.numbers[0] = 2
    expect(hasContent(values, content)).toBe(false)
    values.numbers[0] = 1
    values.list.push(2)
    expect(hasContent(values, content)).toBe(false)
  })

  it('objects that hold themselves end, and getters are not called', () => {
    const loop: Record<string, unknown> = {
      get thrown(): never {
        throw new Error('called')
      },
    }
    loop['self'] = loop
    expect(hasContent(loop, contentOf(loop))).toBe(true)
  })
})
