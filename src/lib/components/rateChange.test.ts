import { expect, it } from 'vitest'
import type { TextEvent } from '$lib/core/events/types'
import { differingRateChange, lastRateChange } from './rateChange'

const event = (step: number, value: string, tag = 'learningRate'): TextEvent => ({
  kind: 'text',
  run: 'A-1',
  wallTimeMs: 0,
  step,
  tag,
  value,
})

it('lastRateChange: the last event of that tag', () => {
  expect(lastRateChange([])).toBeNull()
  expect(lastRateChange([event(0, 'cpu', 'backend')])).toBeNull()
  const texts = [event(70, '0.3'), event(90, '0.1'), event(95, 'wasm', 'backend')]
  expect(lastRateChange(texts)).toMatchObject({ step: 90, value: '0.1' })
})

it('differingRateChange: names the steps only where they differ', () => {
  expect(differingRateChange([], [])).toBeNull()
  expect(differingRateChange([event(70, '0.3')], [event(70, '0.3')])).toBeNull()
  expect(differingRateChange([event(1070, '0.3')], [event(64, '0.3')])).toBe(
    'at step 1,070 in lane A and at step 64 in lane B',
  )
  expect(differingRateChange([event(70, '0.3')], [])).toBe('at step 70 in lane A only')
  expect(differingRateChange([], [event(0, '0.3')])).toBe('at step 0 in lane B only')
})
