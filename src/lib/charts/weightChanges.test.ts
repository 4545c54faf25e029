import { expect, it } from 'vitest'
import type { TextEvent } from '$lib/core/events/types'
import { weightChanges } from './weightChanges'
import { xMap } from './xAxis'

it('lie at the step, the epoch or the second of what was noted', () => {
  const base = { run: 'A-1', kind: 'text', value: '' } as const
  const texts: TextEvent[] = [
    { ...base, tag: 'backend', step: 0, wallTimeMs: 0 },
    { ...base, tag: 'weights', step: 12, wallTimeMs: 3500 },
  ]
  expect(weightChanges(texts, xMap('step', undefined, 8))).toEqual([12])
  expect(weightChanges(texts, xMap('epoch', undefined, 8))).toEqual([1.5])
  expect(weightChanges(texts, xMap('time', undefined, 8))).toEqual([3.5])
})
