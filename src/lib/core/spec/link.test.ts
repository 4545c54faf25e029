import { describe, expect, it } from 'vitest'
import { SpecError } from '../util/errors'
import { defaultExperiment } from './defaults'
import { exportSpec, importSpec } from './file'
import { decodeHash, encodeHash } from './hash'

const experiment = defaultExperiment()

describe('links', () => {
  it('round-trip, also with text beyond Latin-1', () => {
    const named = { ...experiment, spec: { ...experiment.spec, name: 'Kreis – 圆' } }
    expect(decodeHash(encodeHash(named))).toEqual(named)
    expect(decodeHash(`#${encodeHash(named)}`)).toEqual(named)
  })

  it('are short and need no escaping', () => {
    const hash = encodeHash(experiment)
    expect(hash).toMatch(/^1\.[\w-]+$/)
    expect(hash.length).toBeLessThan(700)
  })

  it('are rejected at every truncation', () => {
    const hash = encodeHash(experiment)
    for (let length = 0; length < hash.length; length++) {
      expect(() => decodeHash(hash.slice(0, length)), `cut at ${length}`).toThrow(SpecError)
    }
  })

  it('say what is wrong with them', () => {
    expect(() => decodeHash('#section-2')).toThrow(
      'link: expected a link made by Tandem, got something else.',
    )
    expect(() => decodeHash(`1.${'A'.repeat(100_001)}`)).toThrow('link: expected a link made by Tandem')
    expect(() => decodeHash('2.abc')).toThrow(
      'link: expected format 1, got 2. Open the link with a newer Tandem.',
    )
    expect(() => decodeHash('1.abc')).toThrow(
      'link: expected a complete link, got 3 characters that cannot be',
    )
  })

  it('are validated', () => {
    const wrong = { ...experiment, spec: { ...experiment.spec, seed: -1 } }
    expect(() => decodeHash(encodeHash(wrong))).toThrow('spec.seed: expected a whole number')
  })
})

describe('files', () => {
  it('round-trip an experiment', () => {
    expect(importSpec(exportSpec(experiment))).toEqual(experiment)
  })

  it('take a bare spec and add the default lanes', () => {
    expect(importSpec(exportSpec(experiment.spec))).toEqual(experiment)
  })

  it('say what is wrong with them', () => {
    expect(() => importSpec('{ "version": 1, ')).toThrow(
      'file: expected the JSON of an experiment, got something else (',
    )
    expect(() => importSpec('[]')).toThrow(SpecError)
    expect(() => importSpec('{"version":1,"spec":{"version":9}}')).toThrow(
      'spec.version: expected version 1, got 9.',
    )
  })
})
