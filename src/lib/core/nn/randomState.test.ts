import { expect, it } from 'vitest'
import { randomStream } from '../util/random'
import { RandomState } from './randomState'

it('gives each weight tensor the next stream', () => {
  const state = new RandomState()
  state.seed(5)
  expect(state.nextInitialiser()()).toBe(randomStream(5, 'init', 0)())
  expect(state.nextInitialiser()()).toBe(randomStream(5, 'init', 1)())
})

it('counts dropout layers and names their streams by call', () => {
  const state = new RandomState()
  state.seed(5)
  expect([state.nextDropout(), state.nextDropout()]).toEqual([0, 1])
  expect(state.dropoutStream(1, 4)()).toBe(randomStream(5, 'dropout', 1, 4)())
})

it('restarts all counters with a seed', () => {
  const state = new RandomState()
  state.seed(5)
  const first = state.nextInitialiser()()
  state.nextDropout()
  state.seed(5)
  expect(state.currentSeed).toBe(5)
  expect(state.nextInitialiser()()).toBe(first)
  expect(state.nextDropout()).toBe(0)
})
