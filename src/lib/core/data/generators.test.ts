import { describe, expect, it } from 'vitest'
import { defaultSpec } from '../spec/defaults'
import { adaptToData } from '../spec/adaptToData'
import { dataKinds, exampleCount, extent } from '../spec/datasets'
import { dataRecords } from '../catalogue/data'
import { generatePoints } from './generate'
import { circle, gaussians, moons, plane, spiral, waves, xor } from './index'
import type { Dataset } from './types'

const classes = { circle, xor, gaussians, spiral, moons }
const regressions = { plane, waves }
const generators = { ...classes, ...regressions }

/** [x₁, x₂, target] of all examples, train first. */
function rows({ train, test }: Dataset): number[][] {
  return [train, test].flatMap(({ x, y }) =>
    Array.from(y.values, (target, row) => [x.values[2 * row] ?? 0, x.values[2 * row + 1] ?? 0, target]),
  )
}

describe.each(Object.entries(generators))('%s', (_name, generate) => {
  it('splits all samples into two parts of the asked sizes', () => {
    const { train, test } = generate({ samples: 101, trainFraction: 0.3 })
    expect(train.x.shape).toEqual([30, 2])
    expect(test.x.shape).toEqual([71, 2])
    expect(train.y.shape).toEqual([30, 1])
    expect(train.x.values).toHaveLength(60)
    expect(test.y.dtype).toBe('float32')
  })

  it('depends on the seed alone', () => {
    expect(generate({ seed: 1 })).toEqual(generate({ seed: 1 }))
    expect(rows(generate({ seed: 2 }))).not.toEqual(rows(generate({ seed: 1 })))
  })

  it('stays in the plotted square, noise included', () => {
    const points = rows(generate({ samples: 2000 }))
    const outside = points.filter(([x = 0, y = 0]) => Math.max(Math.abs(x), Math.abs(y)) > extent)
    expect(outside.length).toBeLessThan(points.length * 0.01)
  })

  it('rejects options that no dataset can have', () => {
    expect(() => generate({ samples: 1 })).toThrow(
      ': expected samples from 2 to 10000, got 1. Pass samples: 500.',
    )
    expect(() => generate({ noise: -1 })).toThrow(': expected noise of 0 or more, got -1. Pass noise: 0.1.')
    expect(() => generate({ trainFraction: 1 })).toThrow(': expected a trainFraction between 0 and 1, got 1.')
  })
})

describe.each(Object.entries(classes))('%s', (name, generate) => {
  it('has as many examples of one class as of the other', () => {
    expect(rows(generate({ samples: 200 })).filter(([, , label]) => label === 1)).toHaveLength(100)
  })

  it('lays labels out as asked', () => {
    const binary = generate({ labels: 'binary' }).train.y.values
    const index = generate({ labels: 'index' }).train.y
    const oneHot = generate({ labels: 'oneHot' }).train.y
    expect(index).toMatchObject({ dtype: 'int32', shape: [250] })
    expect([...index.values]).toEqual([...binary])
    expect(oneHot).toMatchObject({ dtype: 'float32', shape: [250, 2] })
    expect(Array.from(binary, (_, row) => oneHot.values[2 * row + 1])).toEqual([...binary])
  })

  it('rejects an unknown layout of labels', () => {
    // A program is plain JavaScript: nothing checks its types before this call.
    expect(() => generate({ labels: 'bits' as never })).toThrow(
      `${name}: expected labels 'binary', 'index' or 'oneHot', got "bits". Pass one of them.`,
    )
  })
})

describe('formulas without noise', () => {
  const all = { samples: 600, noise: 0 }

  it('circle: disc of radius 0.4 in a ring from 0.7 to 1', () => {
    for (const [x = 0, y = 0, label] of rows(circle(all))) {
      const radius = Math.hypot(x, y)
      if (label === 1) expect(radius).toBeLessThan(0.4 + 1e-6)
      else expect(Math.abs(radius - 0.85)).toBeLessThan(0.15 + 1e-6)
    }
  })

  it('xor: the class says whether signs differ', () => {
    for (const [x = 0, y = 0, label] of rows(xor(all))) expect(x * y < 0 ? 1 : 0).toBe(label)
  })

  it('gaussians: means at (±0.5, ±0.5)', () => {
    const ones = rows(gaussians(all)).filter(([, , label]) => label === 1)
    const mean = ones.reduce((sum, [x = 0]) => sum + x, 0) / ones.length
    expect(mean).toBeCloseTo(0.5, 1)
  })

  it.each([2, 3])('spiral: %i arms at angle 2π(1.25·r + k/K)', (arms) => {
    for (const [x = 0, y = 0, label = 0] of rows(spiral({ ...all, classes: arms, labels: 'index' }))) {
      const turn = Math.atan2(x, y) / (2 * Math.PI) - 1.25 * Math.hypot(x, y) - label / arms
      expect(Math.abs(turn - Math.round(turn))).toBeLessThan(1e-5)
    }
  })

  it('spiral: rejects other numbers of arms and binary labels for three', () => {
    expect(() => spiral({ classes: 4 })).toThrow('spiral: expected 2 or 3 classes, got 4. Pass classes: 2.')
    expect(() => spiral({ classes: 3, labels: 'binary' })).toThrow(
      "spiral: expected labels 'index' or 'oneHot' for 3 classes, got 'binary'. Binary labels need two classes.",
    )
    expect(spiral({ classes: 3 }).train.y.dtype).toBe('int32')
  })

  it('moons: half circles of radius 2/3', () => {
    for (const [x = 0, y = 0, label] of rows(moons(all))) {
      const side = label === 1 ? 1 : -1
      expect(Math.hypot(x - side / 3, y - side / 6)).toBeCloseTo(2 / 3, 5)
    }
  })

  it('plane and waves: their formulas', () => {
    for (const [x = 0, y = 0, target] of rows(plane(all)))
      expect(target).toBeCloseTo(0.6 * x - 0.4 * y + 0.2, 5)
    for (const [x = 0, y = 0, target] of rows(waves(all))) {
      expect(target).toBeCloseTo(Math.sin(Math.PI * x) * Math.cos(Math.PI * y), 5)
    }
  })
})

it('noise has the asked standard deviation', () => {
  const residuals = rows(plane({ samples: 10_000, noise: 0.3 })).map(
    ([x = 0, y = 0, target = 0]) => target - (0.6 * x - 0.4 * y + 0.2),
  )
  const variance = residuals.reduce((sum, residual) => sum + residual * residual, 0) / residuals.length
  expect(Math.sqrt(variance)).toBeCloseTo(0.3, 1)
})

it('generatePoints makes the data of every spec but digits and sequences', () => {
  for (const kind of dataKinds.filter((one) => dataRecords[one].source !== 'file')) {
    const spec = adaptToData(defaultSpec(), kind)
    const { trainFraction } = spec.data
    if (dataRecords[kind].view !== 'plane') expect(generatePoints(spec)).toBeNull()
    else expect(generatePoints(spec)?.train.x.shape).toEqual([exampleCount(spec.data) * trainFraction, 2])
  }
  expect(generatePoints(defaultSpec())).toEqual(
    circle({ samples: 500, noise: 0.1, trainFraction: 0.5, seed: 42, labels: 'binary' }),
  )
})
