import { describe, expect, it } from 'vitest'
import { generateProgram } from '../src/lib/core/codegen'
import { generatePoints } from '../src/lib/core/data/generate'
import { adaptToData, adaptToOutput } from '../src/lib/core/spec/adaptToData'
import { classCount, exampleCount } from '../src/lib/core/spec/datasets'
import { defaultExperiment, defaultSpec } from '../src/lib/core/spec/defaults'
import { decodeHash, encodeHash } from '../src/lib/core/spec/hash'
import { maxOwnPoints, ownPointsProblem, type OwnPoint } from '../src/lib/core/catalogue/data/ownPoints'
import { parseSpec } from '../src/lib/core/spec/parse'
import type { Spec } from '../src/lib/core/spec/schema'

const circle = defaultSpec()

function withPoints(points: readonly OwnPoint[]): Spec {
  return adaptToOutput({ ...circle, data: { kind: 'points', points, trainFraction: 0.5 } })
}

const four: readonly OwnPoint[] = [
  [-0.5, 0.25, 0],
  [-0.25, 0.5, 0],
  [0.5, -0.25, 1],
  [0.25, -0.5, 1],
]

describe('points placed by hand', () => {
  it('begin with a few that can be trained on', () => {
    const { data } = adaptToData(circle, 'points')
    if (data.kind !== 'points') throw new Error('expected points')
    expect(exampleCount(data)).toBe(12)
    expect(ownPointsProblem(data.points)).toBeNull()
  })

  it('are refused where a class has too few', () => {
    expect(() => parseSpec(withPoints(four.slice(0, 3)))).toThrow(
      'data.points: expected 2 points or more of class 1, got 1. Add some.',
    )
    expect(ownPointsProblem([])).toBe('expected 2 points or more of class 0, got 0. Add some.')
    expect(ownPointsProblem([...four, [0, 0, 2]])).toBe(
      'expected 2 points or more of class 2, got 1. Add some.',
    )
  })

  it('are refused outside of the square, or as something else', () => {
    const at = (point: unknown) => () =>
      parseSpec({ ...circle, data: { kind: 'points', points: [...four, point] } })
    expect(at([2, 0, 0])).toThrow('data.points[4][0]: expected a number from -1.25 to 1.25, got 2.')
    expect(at([0, 0, 3])).toThrow('data.points[4][2]: expected a whole number from 0 to 2, got 3.')
    expect(at({ x: 0 })).toThrow('data.points[4]: expected [x, y, class], got {"x":0}.')
  })

  it('need some to train and some to test', () => {
    expect(() =>
      parseSpec({ ...circle, data: { kind: 'points', points: four, trainFraction: 0.1 } }),
    ).toThrow('data.trainFraction: expected points to train and points to test, got 0 and 4 of 4.')
  })

  it('have three classes where one of them is of class 2, and an output layer to match', () => {
    const spec = withPoints([...four, [0, 0, 2], [0.1, 0.1, 2]])
    expect(classCount(spec.data)).toBe(3)
    expect(spec.model.layers.at(-1)).toMatchObject({ units: 3, activation: 'softmax' })
  })

  it('travel in a link, which stays short with as many as may be', () => {
    const points = Array.from({ length: maxOwnPoints }, (_, index): OwnPoint => {
      const angle = index * 2.4
      const radius = Math.sqrt(index / maxOwnPoints) * 1.2
      const coordinate = (share: number) => Math.round(100 * radius * share) / 100 + 0
      return [coordinate(Math.cos(angle)), coordinate(Math.sin(angle)), index % 2]
    })
    const experiment = { ...defaultExperiment(), spec: withPoints(points) }
    const hash = encodeHash(experiment)
    expect(hash.length).toBeLessThan(8000)
    expect(decodeHash(hash)).toEqual(experiment)
  })

  it('stand in the program of either style', () => {
    const program = generateProgram(withPoints(four), 'torch', { lane: 'A' })
    expect(program).toContain("import { points } from 'tandem/data'")
    expect(program).toContain(
      [
        '// x, y, class',
        'const rows = [',
        '  [-0.5, 0.25, 0], [-0.25, 0.5, 0], [0.5, -0.25, 1], [0.25, -0.5, 1],',
        ']',
        "const { train, test } = points(rows, { trainFraction: 0.5, seed: 42, labels: 'binary' })",
      ].join('\n'),
    )
    expect(generateProgram(withPoints(four), 'keras', { lane: 'A' })).toContain('const rows = [')
  })

  it('are drawn as they are trained on', () => {
    expect(generatePoints(withPoints(four))?.train.x.shape).toEqual([2, 2])
  })
})
