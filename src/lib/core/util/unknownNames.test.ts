import { describe, expect, it } from 'vitest'
import { ArgumentError } from './errors'
import { answerUnknown, type Answers } from './unknownNames'

class Shape {
  sides = 3
  readonly #area: number = 1
  paintAll(): number {
    return this.#area
  }
}

class Own extends Shape {
  colour?: string
}

const answersOf = (refused: Answers['refused']): Answers => ({
  called: 'shape',
  instead: { draw: 'Write shape.paintAll().' },
  insteadOfSetting: { '[0]': 'Make another one.', corners: 'Set sides.' },
  refused,
  at: (_, position) => `side ${position}`,
})

const of = (refused: Answers['refused']): Record<string | number, unknown> => {
  class Each extends Shape {}
  Object.setPrototypeOf(
    Each.prototype,
    Object.create(Object.prototype, Object.getOwnPropertyDescriptors(Shape.prototype)) as object,
  )
  answerUnknown(Object.getPrototypeOf(Each.prototype) as object, answersOf(refused))
  return new Each() as never
}

describe('names that an object does not have', () => {
  it.each<readonly [name: string, message: string]>([
    ['draw', 'shape: expected a name that it has, got draw. Write shape.paintAll().'],
    [
      'paint_all',
      "shape.paint_all: expected the name in JavaScript's spelling, got Python's. Write paintAll.",
    ],
    ['paintAl', 'shape: expected a name that it has, got paintAl. Write paintAll.'],
    ['PaintAll', 'Write paintAll.'],
    ['paintAll_', 'Write x = x.paintAll(…).'],
  ])('%s', (name, message) => {
    for (const refused of ['all', 'slips'] as const) {
      expect(() => of(refused)[name]).toThrow(ArgumentError)
      expect(() => of(refused)[name]).toThrow(message)
    }
  })

  it('are fields to come where programs add some, and refused elsewhere', () => {
    expect(of('slips')['colour']).toBeUndefined()
    expect(() => of('all')['colour']).toThrow(
      'shape: expected a name that it has, got colour. It has paintAll, sides.',
    )
  })

  it('are what languages and tools ask for', () => {
    const shape = of('all')
    const names = ['then', 'toJSON', '_own', 'data']
    expect([...names.map((name) => shape[name]), Reflect.get(shape, Symbol.iterator)]).toEqual(
      Array(5).fill(undefined),
    )
    expect(['colour' in shape, Object.keys(shape)]).toEqual([false, ['sides']])
  })

  it('are refused when they are called, where tfjs asks for them', () => {
    const shape = of('all') as { dataSync: () => void }
    expect(() => {
      shape.dataSync()
    }).toThrow('shape: expected a name that it has, got dataSync.')
  })

  it('are positions', () => {
    expect([of('all')[2], of('all')[-1]]).toEqual(['side 2', 'side -1'])
  })
})

describe('an assignment', () => {
  it.each([
    ['0', 'shape: expected no assignment to 0, got one. Make another one.'],
    ['corners', 'Set sides.'],
  ])('to %s', (name, message) => {
    for (const refused of ['all', 'slips'] as const) {
      expect(() => (of(refused)[name] = 1)).toThrow(message)
    }
  })

  it('to a position is for the class', () => {
    const set: unknown[] = []
    const prototype = {}
    answerUnknown(prototype, {
      ...answersOf('all'),
      setAt: (_, position, value) => set.push([position, value]),
    })
    const each = Object.create(prototype) as Record<number, unknown>
    each[-1] = 2
    expect(set).toEqual([[-1, 2]])
  })

  it('to a name that is meant for another is refused where programs add none', () => {
    expect(() => (of('all')['paint_all'] = 1)).toThrow('Write paintAll.')
    expect(() => (of('all')['draw'] = 1)).toThrow('Write shape.paintAll().')
  })

  it('to a field of the program makes it one', () => {
    for (const refused of ['all', 'slips'] as const) {
      const shape = of(refused)
      shape['colour'] = 'red'
      expect([shape['colour'], Object.keys(shape)]).toEqual(['red', ['sides', 'colour']])
    }
    expect(new Own().colour).toBeUndefined()
  })
})
