import { describe, expect, it } from 'vitest'
import { argumentsOf, type Arguments } from './arguments'

interface Options {
  readonly units?: number
  readonly activation?: string
  readonly seed?: number
}

const read = (...given: Arguments<Options>) =>
  argumentsOf<Options>('dense', given, ['units', 'activation'], ['seed'])

describe('arguments', () => {
  it('come by position, by name, or first by position and then by name', () => {
    expect(read(8, 'relu', { seed: 3 })).toEqual({ units: 8, activation: 'relu', seed: 3 })
    expect(read({ activation: 'relu', units: 8 })).toEqual({ units: 8, activation: 'relu' })
    expect(read(undefined, 'relu')).toEqual({ activation: 'relu' })
    expect(read()).toEqual({})
  })

  it.each<readonly [run: () => unknown, message: string]>([
    [() => read(1, 'relu', 2), 'dense: expected 2 arguments at most (units, activation), got 3.'],
    [() => read(1, { units: 2 }), 'dense: expected units once, got it by position and by name.'],
    [
      () => read({ unit: 1 } as Options),
      "dense options: expected one of 'units', 'activation', 'seed', got 'unit'. Write 'units'.",
    ],
  ])('are checked, %#', (run, message) => {
    expect(run).toThrow(message)
  })
})
