/** The sequences of an experiment's data as the page shows them, and what a model answers to them. No markup here. */
import { at } from '$lib/core/util/at'
import { generateSequences, probedSequences } from '$lib/core/data/generateSequences'
import type { Split } from '$lib/core/data/types'
import { dataRecords, isSequences } from '$lib/core/catalogue/data'
import { paddingToken, type SequenceWords } from '$lib/core/catalogue/data/sequences'
import type { Spec } from '$lib/core/spec/schema'

/** One sequence in words: a text for each token, '' for padding. */
export interface ShownSequence {
  readonly tokens: readonly string[]
  /** Whether a token decides: a one among bits, the first token of a recall. */
  readonly decides: readonly boolean[]
  /** Class number, and what it is called. */
  readonly label: number
  readonly labelText: string
}

/** What a model takes a sequence for. */
export interface SequenceAnswer {
  readonly prediction: number
  readonly text: string
  /** Probability of that class, 0 to 1. */
  readonly probability: number
  readonly isWrong: boolean
}

type SequenceSpec = Pick<Spec, 'data' | 'loss' | 'seed'>

/** The first training sequences; null for data of another kind. */
export function trainSequences(spec: SequenceSpec, count: number): readonly ShownSequence[] | null {
  const train = generateSequences(spec, 'index')?.train
  return train ? shownSequences(spec, train, count) : null
}

/** The test sequences that models are asked about; null for data of another kind. `length` picks those of one length. */
export function testSequences(spec: SequenceSpec, length?: number): readonly ShownSequence[] | null {
  const test = probedSequences(spec, length)
  return test && shownSequences(spec, test, test.y.values.length)
}

/** The answers, from one row of `outputs` probabilities for each sequence; one output is the probability of class 1. */
export function sequenceAnswers(
  spec: SequenceSpec,
  sequences: readonly ShownSequence[],
  values: ArrayLike<number>,
  outputs: number,
): readonly SequenceAnswer[] {
  const words = wordsOf(spec)
  return sequences.map(({ label }, row) => {
    const ofClasses = classValues(values, row, outputs)
    const probability = Math.max(...ofClasses)
    const prediction = ofClasses.indexOf(probability)
    return { prediction, text: words.class(prediction), probability, isWrong: prediction !== label }
  })
}

/** How many answers are right. */
export function countRightAnswers(answers: readonly SequenceAnswer[]): number {
  return answers.filter(({ isWrong }) => !isWrong).length
}

function classValues(values: ArrayLike<number>, row: number, outputs: number): number[] {
  if (outputs > 1) return Array.from({ length: outputs }, (_, index) => at(values, row * outputs + index))
  // A squared error may leave the range of probabilities.
  const odd = Math.min(1, Math.max(0, at(values, row)))
  return [1 - odd, odd]
}

function shownSequences(spec: SequenceSpec, { x, y }: Split, count: number): readonly ShownSequence[] {
  const places = at(x.shape, 1)
  const words = wordsOf(spec)
  return Array.from(y.values.subarray(0, count), (label, row) => {
    const start = row * places
    const tokens = [...x.values.subarray(start, start + (x.lengths?.[row] ?? places))]
    const first = tokens.findIndex((token) => token > 0)
    return {
      tokens: tokens.map((token) => (token === paddingToken ? '' : words.token(token))),
      decides: tokens.map((token, index) => words.decides(token, index === first)),
      label,
      labelText: words.class(label),
    }
  })
}

function wordsOf({ data }: SequenceSpec): SequenceWords {
  if (isSequences(data)) return dataRecords[data.kind].words
  throw new Error(`internal: ${data.kind} has no tokens`)
}
