import { describe, expect, it } from 'vitest'
import { boundaries, drawnOutputs } from './boundaryLayer'
import { answerGrid, classMargins, paintClass, paintField, paintTarget } from './predictionField'

const blue = [0, 0, 255] as const
const red = [255, 0, 0] as const

describe('painting answers', () => {
  it('reads one output as the probability of class 1', () => {
    const paint = paintClass([blue, red])
    expect(paint([0.9]).color).toBe(red)
    expect(paint([0.1]).color).toBe(blue)
    expect(paint([0.9]).alpha).toBeCloseTo(paint([0.1]).alpha, 12)
    expect(paint([1]).alpha).toBeGreaterThan(paint([0.6]).alpha)
  })

  it('paints the likeliest of several classes, faint at a tie', () => {
    const paint = paintClass([blue, red, [0, 255, 0]])
    expect(paint([0.2, 0.1, 0.7]).color).toEqual([0, 255, 0])
    expect(paint([1 / 3, 1 / 3, 1 / 3]).alpha).toBeLessThan(0.1)
  })

  it('paints targets by sign and size, zero not at all', () => {
    const paint = paintTarget(blue, red, 2)
    expect(paint([0]).alpha).toBe(0)
    expect(paint([-1]).color).toBe(blue)
    expect(paint([2])).toEqual(paint([99]))
  })
})

describe('paintField', () => {
  it('interpolates between cell centres and holds the value at the rim', () => {
    const grid = answerGrid([0, 1, 0, 1], 1)
    if (grid === null) throw new Error('expected a grid')
    const pixels = paintField(grid, 8, (answers) => ({ color: [0, 0, 0], alpha: answers[0] ?? 0 }))
    const firstRow = Array.from({ length: 8 }, (_, i) => (pixels[4 * i + 3] ?? 0) / 255)
    const expected = [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]
    for (const [i, value] of firstRow.entries()) expect(value).toBeCloseTo(expected[i] ?? NaN, 2)
  })

  it('leaves clear what is not a number', () => {
    const grid = answerGrid([NaN, NaN, NaN, NaN], 1)
    if (grid === null) throw new Error('expected a grid')
    expect(paintField(grid, 4, paintTarget(blue, red, 1)).every((byte, i) => i % 4 !== 3 || byte === 0)).toBe(
      true,
    )
  })

  it('refuses answers that do not fill a square', () => {
    expect(answerGrid([1, 2, 3], 1)).toBeNull()
    expect(answerGrid(new Float32Array(1600 * 3), 3)?.resolution).toBe(40)
  })
})

describe('what is drawn of a model with many outputs', () => {
  const outputs = 1024
  const many = {
    values: Float64Array.from({ length: 4 * outputs }, (_, at) =>
      at === outputs + 700 ? 0.9 : 0.1 / (at + 1),
    ),
    outputs,
    resolution: 2,
  }

  it('is the classes of the data and the likeliest of all others', () => {
    const drawn = drawnOutputs(many, { task: 'classification', classes: 3 })
    expect(drawn).toMatchObject({ outputs: 4, resolution: 2 })
    expect(drawn.values).toHaveLength(4 * 4)
    expect([drawn.values[0], drawn.values[3], drawn.values[7]]).toEqual([0.1, 0.1 / 4, 0.9])
    const margins = boundaries(many, { task: 'classification', classes: 3 })
    expect(boundaries(drawn, { task: 'classification', classes: 3 })).toEqual(margins)
  })

  it('is not more than 64 classes, however many the data have', () => {
    expect(drawnOutputs(many, { task: 'classification', classes: 1024 }).outputs).toBe(65)
  })

  it('is the one target of a regression', () => {
    const drawn = drawnOutputs(many, { task: 'regression', classes: 0 })
    expect(drawn.outputs).toBe(1)
    expect(boundaries(drawn, { task: 'regression', classes: 0 })).toEqual([drawn.values])
    expect(drawn.values).toHaveLength(4)
  })

  it('is all of it where the model has as many outputs as the data have classes', () => {
    const grid = { values: new Float32Array(4 * 3), outputs: 3, resolution: 2 }
    expect(drawnOutputs(grid, { task: 'classification', classes: 3 })).toBe(grid)
    expect(drawnOutputs({ ...grid, outputs: 1 }, { task: 'classification', classes: 2 }).outputs).toBe(1)
  })

  it('is not a number where one of the others is not', () => {
    const grid = { values: [0.1, 0.2, 0.3, NaN, 0.4], outputs: 5, resolution: 1 }
    expect(drawnOutputs(grid, { task: 'classification', classes: 2 }).values[2]).toBeNaN()
  })
})

describe('classMargins', () => {
  it('is positive where the class wins, by how much', () => {
    const grid = { values: [0.2, 0.5, 0.3, 0.6, 0.3, 0.1, 1, 0, 0, 0, 0, 1], outputs: 3, resolution: 2 }
    const rounded = (values: Iterable<number> = []) =>
      Array.from(values, (margin) => Number(margin.toFixed(6)))
    expect(classMargins(grid, [1, 0]).map(rounded)).toEqual([
      [0.2, -0.3, -1, -1],
      [-0.3, 0.3, 1, -1],
    ])
    const binary = { values: [0.5, 0.75, 0, 1], outputs: 1, resolution: 2 }
    expect(classMargins(binary, [1]).map(rounded)).toEqual([[0, 0.5, -1, 1]])
  })

  it('is not a number if one of the answers is not', () => {
    const grid = { values: [0.2, NaN, 0.3, 0.6, 0.3, 0.1], outputs: 3, resolution: 1 }
    expect(classMargins(grid, [0, 1, 2]).map(([first]) => first)).toEqual([NaN, NaN, NaN])
  })

  it('draws only classes that the data have, and reads each answer once for all of them', () => {
    const outputs = 200
    let reads = 0
    const values = new Proxy(new Float32Array(4 * outputs), {
      get: (answers, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++
        return Reflect.get(answers, key) as unknown
      },
    })
    const grid = { values, outputs, resolution: 2 }
    expect(boundaries(grid, { task: 'classification', classes: 3 })).toHaveLength(3)
    expect(boundaries(grid, { task: 'classification', classes: 1000 })).toHaveLength(outputs)
    expect(reads).toBe(2 * 4 * outputs)
  })
})
