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

it('counts the masks of each dropout layer on its own', () => {
  const state = new RandomState()
  state.seed(5)
  expect(state.nextDropoutMask(1)()).toBe(randomStream(5, 'dropout', 1, 0)())
  expect(state.nextDropoutMask(0)()).toBe(randomStream(5, 'dropout', 0, 0)())
  expect(state.nextDropoutMask(1)()).toBe(randomStream(5, 'dropout', 1, 1)())
  state.seed(5)
  expect(state.nextDropoutCall(1)).toBe(0)
})

it('goes on from copied counters', () => {
  const state = new RandomState()
  state.seed(5)
  state.nextInitialiser()
  state.nextDropoutCall(state.nextDropout())
  const counters = state.counters()
  const draw = () => [state.nextInitialiser()(), state.nextDropout(), state.nextDropoutMask(0)()]
  const first = draw()
  state.seed(6)
  state.restoreCounters(counters)
  expect(draw()).toEqual(first)
})
