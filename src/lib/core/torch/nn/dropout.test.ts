import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { nn, ones, type Tensor } from '../index'

beforeAll(() => initialiseBackend('cpu'))

const F = nn.functional

describe.each<[string, (x: Tensor, p: number) => Tensor]>([
  ['F.dropout', (x, p) => F.dropout(x, p)],
  ['nn.Dropout', (x, p) => new nn.Dropout(p).forward(x)],
])('%s', (_, dropout) => {
  it.each([
    [0, [1, 1, 1]],
    [1, [0, 0, 0]],
  ])('with p = %d gives %j, and such gradients', async (p, expected) => {
    const x = ones(3, { requiresGrad: true })
    const output = dropout(x, p)
    expect(await output.tolist()).toEqual(expected)
    output.sum().backward()
    expect(await x.grad?.tolist()).toEqual(expected)
  })

  it.each([-0.1, 1.1, NaN])('refuses p = %d', (p) => {
    expect(() => dropout(ones(3), p)).toThrow(`ropout: expected a rate from 0 to 1, got ${p}.`)
  })
})
