import { describe, expect, it } from 'vitest'
import { adaptToData } from '$lib/core/spec/adaptToData'
import { defaultSpec } from '$lib/core/spec/defaults'
import { parseSpec } from '$lib/core/spec/parse'
import { probedSequences } from '$lib/core/data/generateSequences'
import { countRightAnswers, sequenceAnswers, testSequences, trainSequences } from './sampleSequences'

const parity = adaptToData(defaultSpec(), 'parity')
const recall = adaptToData(defaultSpec(), 'recall')

describe('sequences on the page', () => {
  it('spell bits and their parity', () => {
    for (const { tokens, labelText } of trainSequences(parity, 20) ?? []) {
      const ones = tokens.filter((token) => token === '1').length
      expect(labelText).toBe(ones % 2 === 1 ? 'odd' : 'even')
    }
  })

  it('spell tokens as letters, of which the first decides', () => {
    for (const { tokens, decides, labelText } of trainSequences(recall, 20) ?? []) {
      expect(labelText).toBe(tokens[0])
      expect(decides.indexOf(true)).toBe(0)
      expect(decides.lastIndexOf(true)).toBe(0)
    }
  })

  it('leave places of padding empty', () => {
    const padded = parseSpec({ ...recall, data: { ...recall.data, padded: true } })
    const short = trainSequences(padded, 20)?.find(({ tokens }) => tokens[0] === '')
    expect(short?.tokens).toHaveLength(6)
    expect(short?.tokens[short.decides.indexOf(true)]).toBe(short?.labelText)
  })

  it('are those that a model is asked about', () => {
    const shown = testSequences(recall)
    const { lengths, shape } = probedSequences(recall)?.x ?? {}
    expect(shape?.[0]).toBe(10)
    expect(shown?.map(({ tokens }) => tokens.length)).toEqual([...(lengths ?? [])])
    expect(testSequences(recall, 6)?.every(({ tokens }) => tokens.length === 6)).toBe(true)
  })

  it('are none of other data', () => {
    expect(testSequences(defaultSpec())).toBeNull()
    expect(probedSequences(defaultSpec())).toBeNull()
  })
})

describe('answers to sequences', () => {
  const [first, second] = (trainSequences(parity, 50) ?? []).filter(({ label }) => label === 1)
  const odd = first && second ? [first, second] : []

  it('take one output for the probability of class 1', () => {
    const answers = sequenceAnswers(parity, odd, [0.75, 0.25], 1)
    expect(answers.map(({ text, probability, isWrong }) => [text, probability, isWrong])).toEqual([
      ['odd', 0.75, false],
      ['even', 0.75, true],
    ])
    expect(countRightAnswers(answers)).toBe(1)
  })

  it('take the likeliest of several outputs', () => {
    expect(sequenceAnswers(parity, odd, [0.1, 0.9, 0.6, 0.4], 2)).toMatchObject([
      { prediction: 1, probability: 0.9 },
      { prediction: 0, probability: 0.6 },
    ])
  })
})
