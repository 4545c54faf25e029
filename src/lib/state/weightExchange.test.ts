import { describe, expect, it } from 'vitest'
import type { ModelWeights } from '$lib/workers/protocol'
import { WeightExchange, type ExchangingLane } from './weightExchange'

const weights: ModelWeights = { layout: 'keras', weights: [] }

/** Two lanes that note what they are given. */
function lanes(statusOfA: ExchangingLane['status']) {
  const given: Parameters<ExchangingLane['giveInitialWeights']>[0][] = []
  const giveInitialWeights: ExchangingLane['giveInitialWeights'] = (answer) => given.push(answer)
  const a: ExchangingLane = { id: 'A', status: statusOfA, giveInitialWeights }
  const b: ExchangingLane = { id: 'B', status: 'running', giveInitialWeights }
  return { a, b, given, exchange: new WeightExchange([a, b]) }
}

describe('WeightExchange', () => {
  it('answers at once, or when the other lane has its weights', () => {
    const { a, b, given, exchange } = lanes('running')
    exchange.ask(b, 'A')
    expect(given).toEqual([])
    exchange.give(a, weights)
    exchange.ask(b, 'A')
    expect(given).toEqual([weights, weights])
  })

  it.each([
    ['failed', 'expected weights of lane A, but it ended before its first batch. Repair lane A first.'],
    ['finished', 'expected a model of lane A, got none that it exports. Write export const model'],
  ] as const)('says why a lane that has %s gives none', (status, reason) => {
    const { a, b, given, exchange } = lanes(status)
    exchange.ask(b, 'A')
    exchange.end(a)
    expect(given).toEqual([{ unavailable: expect.stringContaining(reason) as string }])
  })
})
