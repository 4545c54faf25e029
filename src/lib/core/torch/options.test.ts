import { describe, expect, it } from 'vitest'
import { argumentsOf, type Arguments } from './options'

interface Options {
  readonly size?: number
  readonly stride?: number | readonly number[]
  readonly bias?: boolean
}

const read = (...given: Arguments<Options>) =>
  argumentsOf<Options>('layer', given, ['size', 'stride'], ['bias'])

describe('arguments', () => {
  it('come by position, by name, or first by position and then by name', () => {
    expect(read(3, 2)).toEqual({ size: 3, stride: 2 })
    expect(read({ stride: 2, size: 3 })).toEqual({ size: 3, stride: 2 })
    expect(read(3, { bias: false })).toEqual({ size: 3, bias: false })
    expect(read(3, [1, 2])).toEqual({ size: 3, stride: [1, 2] })
    expect(read()).toEqual({})
  })

  it.each<readonly [run: () => unknown, message: string]>([
    [() => read(1, 2, true), 'layer: expected 2 arguments at most (size, stride), got 3.'],
    [() => read(1, { size: 2 }), 'layer: expected size once, got it by position and by name.'],
    [() => read({ sise: 1 } as Options), 'layer: expected the options size, stride, bias, got sise.'],
  ])('are checked, %#', (run, message) => {
    expect(run).toThrow(message)
  })
})
