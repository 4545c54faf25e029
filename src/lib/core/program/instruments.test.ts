import { expect, it } from 'vitest'
import { isSampled } from './instruments'

it('thins out steps and epochs by their number alone, so that both lanes choose the same ones', () => {
  const compared = Array.from({ length: 3000 }, (_, index) => index + 1).filter(isSampled)
  expect(compared.slice(97, 102)).toEqual([98, 99, 100, 110, 120])
  expect(compared.filter((epoch) => epoch >= 1000)).toHaveLength(21)
})
