import { describe, expect, it } from 'vitest'
import type { TextEvent } from '$lib/core/events/types'
import type { CompiledReport, SignatureReport } from '$lib/workers/protocol'
import { answerTo, reasonText, retraceWarnings, type Told } from './signatureText'

function report(isTraining: boolean): CompiledReport {
  return {
    function: 'trainStep',
    signature: 'float32[16, 2]',
    traceMs: 20,
    passesMs: 15,
    compileMs: 3,
    stages: [],
    passes: [],
    backend: 'wasm',
    isTraining,
    peakValues: 10,
  }
}

const event = (tag: string, value: string): TextEvent => ({
  kind: 'text',
  run: 'A-1',
  step: 7,
  wallTimeMs: 1,
  tag,
  value,
})

describe('answerTo', () => {
  const first = report(true)
  const told: Told = { isStatic: true, isWaiting: false, compiled: [first], texts: [event('trace', 'x')] }
  const asked = { cause: 'batchRows', before: [first], texts: 1 } as const
  const batch = event('batchRows', '16')

  it('waits for the step, and says what a paused lane needs', () => {
    expect(answerTo(asked, told)).toBe('The next training step gets it …')
    expect(answerTo(asked, { ...told, isWaiting: true })).toBe('The next training step gets it: press Step')
  })

  it('says what the new trace cost', () => {
    const texts = [...told.texts, batch]
    expect(answerTo(asked, { ...told, texts })).toBe('Batch of 16 rows: …')
    const compiled = [first, report(false), report(true)]
    expect(answerTo(asked, { ...told, texts, compiled })).toBe('Batch of 16 rows: traced again, 38.0 ms.')
  })

  it('says of a number that it is an argument', () => {
    const number = { ...told, texts: [...told.texts, event('numberArgument', '2')] }
    const question = { ...asked, cause: 'numberArgument' } as const
    expect(answerTo(question, number)).toBe('The next training step gets it …')
    expect(answerTo(question, { ...number, compiled: [first, report(true)] })).toBe(
      'The number 2 as an argument: traced again, 38.0 ms.',
    )
  })

  it('says that eager has nothing to trace', () => {
    const eager = { ...told, isStatic: false, compiled: [], texts: [...told.texts, batch] }
    expect(answerTo({ ...asked, before: [] }, eager)).toBe('Batch of 16 rows at step 8: nothing to trace.')
  })
})

describe('retraceWarnings', () => {
  const traced = (count: number): SignatureReport[] =>
    Array.from({ length: count }, (_, index) => ({
      function: 'trainStep',
      signature: String(index),
      hits: 0,
      buildMs: 1,
      nodes: 1,
    }))

  it('warns from the sixth retrace on', () => {
    expect(retraceWarnings(traced(6))).toEqual([])
    expect(retraceWarnings(traced(7))[0]).toMatch(/^trainStep was traced 7 times\. /)
  })
})

it('says why a function was traced again, with the line where it reads what changed', () => {
  const shape = {
    kind: 'shape',
    name: 'tensor 1',
    line: 0,
    was: 'float32[4, 2]',
    now: 'float32[2, 2]',
  } as const
  const guard = { kind: 'guard', name: 'config.scale', line: 4, was: '1', now: '2' } as const
  expect(reasonText({ nearest: 'float32[4, 2]', differences: [shape, guard] })).toBe(
    'Traced again: tensor 1 was float32[4, 2] and is float32[2, 2], config.scale (line 4) was 1 and is 2.',
  )
})
