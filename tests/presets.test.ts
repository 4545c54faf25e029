/** Every shipped preset: its spec parses, its programs generate, and both train in step for a few batches. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parse } from 'acorn'
import { beforeAll, describe, expect, it } from 'vitest'
import { findPreset, presets } from '../models'
import { parseLesson } from '../models/lesson'
import { generateProgram, generatePrograms } from '../src/lib/core/codegen'
import { setDigitsSource } from '../src/lib/core/data/digits'
import { startTestRun, type TestRun } from './support/testRun'
import { exportSpec, importSpec, styles } from '../src/lib/core/spec'

const steps = 4
/** Batch losses of two aligned lanes on one backend differ by rounding alone. */
const rounding = 1e-5

beforeAll(() => {
  execFileSync('node', ['scripts/packDigits.mjs'])
  setDigitsSource(() => Promise.resolve(readFileSync('static/data/digits.bin')))
})

/** The first losses of a program, run until its lane pauses. */
async function firstLosses(program: string, leader?: TestRun): Promise<TestRun> {
  const initialWeights = leader?.weights[0]?.weights
  const run = await startTestRun(program, {
    limit: { kind: 'steps', count: steps },
    compareWeights: true,
    ...(initialWeights && { initialWeights }),
  })
  const ended = await Promise.race([run.reaches('paused'), run.done])
  if (ended instanceof Error) throw ended
  run.lane.stop()
  await run.done
  return run
}

const losses = (run: TestRun) => run.series('loss').map(({ value }) => value)

describe.each(presets)('$name', ({ name, spec }) => {
  it('has a folder, a name and a spec that a file can hold', () => {
    expect(findPreset(name)?.spec.name).toBeTruthy()
    expect(importSpec(exportSpec(spec)).spec).toEqual(spec)
  })

  it.each(styles)('generates this %s program', (style) => {
    const native = generateProgram(spec, style, { lane: 'A' })
    const aligned = styles.map((alignedTo) => generateProgram(spec, style, { lane: 'B', alignedTo }))
    for (const text of [native, ...aligned]) {
      expect(() => parse(text, { ecmaVersion: 2024, sourceType: 'module' })).not.toThrow()
    }
    expect(native).toMatchSnapshot()
    expect(aligned.join('\n// ---\n')).toMatchSnapshot()
  })

  it('trains in both styles: with one curve where aligned, with two where native', async () => {
    // Convolutions are slow on the cpu backend: small batches keep this short.
    const small = { ...spec, training: { ...spec.training, batchSize: 8 } }
    const [keras, torch] = generatePrograms(small, ['keras', 'torch'])
    const a = await firstLosses(keras)
    const b = await firstLosses(torch, a)
    expect([a.error, b.error]).toEqual([undefined, undefined])
    expect(losses(a)).toHaveLength(steps)
    expect(losses(b)).toHaveLength(steps)
    const difference = Math.max(...losses(a).map((loss, step) => Math.abs(loss - (losses(b)[step] ?? NaN))))
    if (spec.alignment === 'aligned') expect(difference).toBeLessThanOrEqual(rounding)
    else expect(difference).toBeGreaterThan(100 * rounding)
  }, 120_000)
})

describe('parseLesson', () => {
  const lesson = presets[0]?.lesson

  it('takes what the presets have', () => {
    expect(parseLesson(lesson)).toEqual(lesson)
  })

  it('rejects choices that no bound separates, and unknown measures', () => {
    expect(() => parseLesson({ ...lesson, choices: ['Yes', 'No'] })).toThrow(
      'one bound between every two choices',
    )
    expect(() => parseLesson({ ...lesson, verdict: [{ measure: 'mood' }] })).toThrow('Expected')
  })
})
