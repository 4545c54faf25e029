import { describe, expect, it } from 'vitest'
import type { LanePair, LaneRecord } from './measurements'
import { outcome, verdict, type VerdictRule } from './verdict'

interface Run {
  readonly losses?: readonly number[]
  /** Test losses after steps 10, 20 … */
  readonly testLosses?: readonly number[]
  readonly microsecondsPerStep?: number | null
}

const falling = Array.from({ length: 20 }, (_, index) => 1 / (index + 1))

function lane({
  losses = falling,
  testLosses = [0.5, 0.2],
  microsecondsPerStep = 100,
}: Run = {}): LaneRecord {
  const columns = (values: readonly number[], stride: number) => ({
    length: values.length,
    steps: values.map((_, index) => (index + 1) * stride),
    values,
  })
  const series = new Map([
    ['loss', columns(losses, 1)],
    ['epoch/valLoss', columns(testLosses, 10)],
  ])
  return { series, microsecondsPerStep }
}

const say = (rule: VerdictRule, a: Run = {}, b: Run = {}) => verdict([rule], [lane(a), lane(b)])[0]
const test = { tag: 'epoch/valLoss', label: 'test loss' }

describe('verdict', () => {
  it('waits for steps, then for what each rule needs', () => {
    const rules: readonly VerdictRule[] = [
      { measure: 'firstStepBelow', ...test, threshold: 0.3 },
      { measure: 'finalValue', ...test },
      { measure: 'speedRatio' },
      { measure: 'generalisationGap' },
    ]
    expect(verdict(rules, [lane({ losses: [1] }), lane()])).toEqual([
      { text: 'Not enough steps yet: run both lanes.', isReady: false },
    ])
    const early = lane({ testLosses: [], microsecondsPerStep: null })
    expect(verdict(rules, [early, early])).toEqual([
      { text: 'Not enough steps yet for the test loss.', isReady: false },
      { text: 'Not enough steps yet for the test loss.', isReady: false },
      { text: 'Not enough steps yet for the time per step.', isReady: false },
      { text: 'Not enough steps yet for the test loss.', isReady: false },
    ])
  })

  it('names the step at which a threshold was passed', () => {
    const rule: VerdictRule = { measure: 'firstStepBelow', ...test, threshold: 0.3 }
    expect(say(rule)?.text).toBe('The test loss got below 0.3 by step 20 in both lanes.')
    expect(say(rule, {}, { testLosses: [0.1] })?.text).toBe(
      'The test loss got below 0.3 by step 20 in lane A and by step 10 in lane B.',
    )
    expect(say(rule, { testLosses: [0.4] })?.text).toBe(
      'The test loss got below 0.3 by step 20 in lane B, not yet in lane A.',
    )
    expect(say({ ...rule, threshold: 0.01 })?.text).toBe(
      'After 20 steps the test loss is not below 0.01 in either lane.',
    )
    expect(say({ ...rule, measure: 'firstStepAbove', threshold: 0.4 })?.text).toBe(
      'The test loss got above 0.4 by step 10 in both lanes.',
    )
  })

  it('gives the values at the last common step, as shares where asked', () => {
    expect(say({ measure: 'finalValue', ...test })?.text).toBe(
      'After 20 steps the test loss is 0.200 in both lanes.',
    )
    const share: VerdictRule = { measure: 'finalValue', ...test, isShare: true }
    expect(say(share, {}, { testLosses: [0.5, 0.25] })?.text).toBe(
      'After 20 steps the test loss is 20.0 % in lane A and 25.0 % in lane B.',
    )
    expect(say(share, {}, { testLosses: [0.25] })?.text).toBe(
      'After 10 steps the test loss is 50.0 % in lane A and 25.0 % in lane B.',
    )
  })

  it('gives the last values of lanes without a common step', () => {
    const other = lane()
    const late = { length: 1, steps: [15], values: [0.4] }
    const lanes: LanePair = [lane(), { ...other, series: new Map([...other.series, [test.tag, late]]) }]
    expect(verdict([{ measure: 'finalValue', ...test }], lanes)[0]?.text).toBe(
      'The test loss is now 0.200 in lane A and 0.400 in lane B.',
    )
  })

  it('tells identical losses, rounding and different runs apart', () => {
    const shifted = (by: number) => ({ losses: falling.map((loss, index) => loss + (index === 4 ? by : 0)) })
    const rule: VerdictRule = { measure: 'lossDifference' }
    expect(say(rule)?.text).toBe('The losses are identical, bit for bit, over 20 common steps.')
    expect(say(rule, {}, shifted(2 ** -24))?.text).toBe(
      'The losses differ by at most 6.0e-8 (step 5) over 20 common steps: float32 rounding and nothing else.',
    )
    expect(say(rule, shifted(0.25))?.text).toBe(
      'The losses differ by at most 0.250 (step 5) over 20 common steps; they were first more than 0.00001 apart at step 5.',
    )
  })

  it('compares times per step', () => {
    const rule: VerdictRule = { measure: 'speedRatio' }
    expect(say(rule, {}, { microsecondsPerStep: 2500 })?.text).toBe(
      'A step takes 100 µs in lane A and 2.50 ms in lane B: lane A is 25.0 times as fast.',
    )
    expect(say(rule, { microsecondsPerStep: 200 })?.text).toContain('lane B is 2.0 times as fast.')
    expect(say(rule, { microsecondsPerStep: 105 })?.text).toContain(': about the same.')
  })

  it('sets training against test loss', () => {
    expect(say({ measure: 'generalisationGap' }, { losses: Array<number>(20).fill(0.4) })?.text).toBe(
      'Over the last epoch the loss was 0.400 on training batches against 0.200 on test data in lane A, ' +
        'and 0.0669 on training batches against 0.200 on test data in lane B.',
    )
  })
})

describe('outcome', () => {
  const lanes: LanePair = [lane(), lane({ testLosses: [0.5, 0.3], microsecondsPerStep: 200 })]

  it('picks the choice whose range holds the value', () => {
    expect(outcome({ measure: 'speedRatio', bounds: [0.8, 1.25] }, lanes)).toBe(2)
    expect(outcome({ measure: 'finalValue', tag: test.tag, bounds: [0.1, 0.3] }, lanes)).toBe(1)
    expect(outcome({ measure: 'finalDifference', tag: test.tag, bounds: [-0.01, 0.01] }, lanes)).toBe(0)
    expect(outcome({ measure: 'lossDifference', bounds: [1e-30, 1e-3] }, lanes)).toBe(0)
    expect(outcome({ measure: 'generalisationGap', bounds: [-0.02, 0.02] }, lanes)).toBe(2)
  })

  it('is open while numbers are missing or are none', () => {
    const early: LanePair = [lane({ losses: [] }), lane()]
    const without: LanePair = [lane({ testLosses: [], microsecondsPerStep: null }), lane()]
    const broken: LanePair = [lane({ testLosses: [NaN] }), lane()]
    expect(outcome({ measure: 'lossDifference', bounds: [1] }, early)).toBeNull()
    expect(outcome({ measure: 'speedRatio', bounds: [1] }, without)).toBeNull()
    expect(outcome({ measure: 'finalDifference', tag: test.tag, bounds: [1] }, without)).toBeNull()
    expect(outcome({ measure: 'generalisationGap', bounds: [1] }, without)).toBeNull()
    expect(outcome({ measure: 'finalValue', tag: test.tag, bounds: [1] }, broken)).toBeNull()
  })
})
