import { describe, expect, it } from 'vitest'
import { parseSpec } from '$lib/core/spec/parse'
import { defaultExperiment } from '$lib/core/spec/defaults'
import { adaptToData } from '$lib/core/spec/adaptToData'
import { samplePoints } from './samplePoints'

const spec = defaultExperiment().spec

describe('samplePoints', () => {
  it('gives class numbers whatever layout the programs use', () => {
    const points = samplePoints(adaptToData(spec, 'spiral'))
    expect(points?.classes).toBe(2)
    expect(points?.train.y.shape).toEqual([points?.train.x.shape[0]])
    expect(new Set(points?.train.y.values)).toEqual(new Set([0, 1]))
  })

  it('keeps the points while only training settings change', () => {
    const before = samplePoints(spec)
    const { optimizer } = spec
    expect(samplePoints(parseSpec({ ...spec, optimizer: { ...optimizer, learningRate: 0.5 } }))).toBe(before)
    expect(samplePoints(parseSpec({ ...spec, seed: spec.seed + 1 }))).not.toBe(before)
  })

  it('scales colours by the largest target of a regression', () => {
    const points = samplePoints(adaptToData(spec, 'waves'))
    const targets = [...(points?.train.y.values ?? []), ...(points?.test.y.values ?? [])]
    expect(points?.targetLimit).toBe(Math.max(...targets.map(Math.abs)))
  })

  it('has no points for digits', () => {
    expect(samplePoints(adaptToData(spec, 'digits'))).toBeNull()
  })
})
