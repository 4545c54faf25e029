import { describe, expect, it } from 'vitest'
import { tooDeep } from '$lib/core/util/spelling'
import { syntaxProblems } from './problems'

describe('syntax problems', () => {
  it('are at the word that cannot be read, with the message of a run', () => {
    const text = 'const a = 1\nconst class = 2\n'
    const [problem] = syntaxProblems(text)
    expect(problem?.message).toBe("Unexpected keyword 'class'")
    expect(text.slice(problem?.from, problem?.to)).toBe('class')
  })

  it('are on the last character where the text ends too early', () => {
    expect(syntaxProblems('f(')).toMatchObject([{ from: 1, to: 2, message: 'Unexpected token' }])
  })

  it('are told of a program that is nested deeper than the parser can follow', () => {
    for (const open of ['(', '[']) {
      expect(syntaxProblems(open.repeat(100_000))).toMatchObject([{ message: tooDeep }])
    }
  })

  it('are found in one pass over a program of many lines', () => {
    // Work that grows with the square of the lines would not end within the test's time.
    const [problem] = syntaxProblems(`${'\n'.repeat(3_000_000)}(`)
    expect(problem?.message).toBe('Unexpected token')
  })

  it('are none in a program that awaits at its top', () => {
    expect(syntaxProblems("import { csv } from 'tandem/data'\nawait csv({})")).toEqual([])
  })
})
