import { describe, expect, it } from 'vitest'
import { readArguments } from './fuzz.mjs'

const known = ['csv', 'hash']

describe('the arguments of npm run fuzz', () => {
  it('are all fuzzers, 100,000 cases and one seed where nothing is said', () => {
    expect(readArguments([], known)).toEqual({ help: false, cases: 100_000, seed: 1, names: known })
  })

  it('choose cases, seed and fuzzers', () => {
    const args = ['--cases', '50', '--seed', '7', 'hash']
    expect(readArguments(args, known)).toEqual({ help: false, cases: 50, seed: 7, names: ['hash'] })
  })

  it.each([
    [['zip'], 'fuzz: expected one of csv, hash, got zip.'],
    [['--cases', '0'], 'fuzz: --cases: expected a whole number from 1, got 0.'],
    [['--seed', '1e3'], 'fuzz: --seed: expected a whole number from 0, got 1e3.'],
    [['--sed', '1'], "Unknown option '--sed'"],
  ])('%j are refused', (args, message) => {
    expect(() => readArguments(args, known)).toThrow(message)
  })
})
