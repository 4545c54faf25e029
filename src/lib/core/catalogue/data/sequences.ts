/** Sequences of tokens, of different length, that are drawn from a seed. */
import * as v from 'valibot'
import { SpecError } from '../../util/errors'
import { openSize } from '../../util/shapes'
import type { Options } from '../calls'
import { flag, integer, oneOf } from '../fields'
import { setElsewhere } from '../settings'
import { mostTrained, samplesEntry, trainFractionEntry } from './plane'
import { dataRecord, plainCall, type DataFacts } from './record'

/** The most tokens of a sequence: a compiled step is unrolled over all of them. */
export const maxSequenceLength = 24

/** In front of padded sequences; real tokens count from 1. */
export const paddingToken = 0

/** What every dataset of sequences starts with. */
export const sequenceDefaults = {
  samples: 600,
  trainFraction: 0.8,
  minLength: 2,
  maxLength: 6,
  padded: false,
} as const

interface Sequences {
  readonly samples: number
  readonly minLength: number
  readonly maxLength: number
  readonly padded: boolean
}

/** What sequences say, token by token. */
export interface SequenceWords {
  /** The fewest tokens of a sequence. */
  readonly fewest: number
  /** Of a token from 1 on. */
  readonly token: (token: number) => string
  readonly class: (label: number) => string
  /** Whether a token decides the class; `isFirst` of the first that is no padding. */
  readonly decides: (token: number, isFirst: boolean) => boolean
}

function entriesOf(fewest: number) {
  const tokens = integer(fewest, maxSequenceLength)
  const { samples, trainFraction, minLength, maxLength, padded } = sequenceDefaults
  return {
    samples: samplesEntry(samples),
    /** Tokens of the shortest and of the longest sequences. */
    minLength: setElsewhere(v.optional(tokens, minLength)),
    maxLength: setElsewhere(v.optional(tokens, maxLength)),
    /** True for zeros in front that bring all to one length; batches of one length otherwise. */
    padded: setElsewhere(v.optional(flag(), padded)),
    trainFraction: trainFractionEntry(trainFraction),
  }
}

function facts(
  label: string,
  description: string,
): Omit<DataFacts<Sequences, 'sequences', null>, 'classes' | 'tokens'> {
  return {
    label,
    choice: label,
    description,
    view: 'sequences',
    source: 'seed',
    edit: null,
    task: () => 'classification',
    inputShape: ({ padded, maxLength }) => [padded ? maxLength : openSize],
    longest: ({ maxLength }) => maxLength,
    classChoices: [],
    count: ({ samples }) => samples,
    mostTrained,
    check: checkLengths,
    call: (data) => plainCall(optionsOf(data)),
  }
}

function optionsOf({ samples, minLength, maxLength, padded }: Sequences): Options {
  return [
    ['samples', String(samples)],
    ['minLength', String(minLength)],
    ['maxLength', String(maxLength)],
    ...(padded ? [['padded', 'true'] as const] : []),
  ]
}

function checkLengths({ minLength, maxLength }: Sequences): void {
  if (minLength <= maxLength) return
  throw new SpecError(
    'data.minLength',
    `expected at most maxLength (${maxLength}), got ${minLength}. Make it smaller or raise maxLength.`,
  )
}

const parityWords: SequenceWords = {
  fewest: 1,
  token: (token) => String(token - 1),
  class: (label) => (label === 1 ? 'odd' : 'even'),
  decides: (token) => token === 2,
}

/** Bits: is the number of ones odd? */
export const parity = {
  ...dataRecord('parity', entriesOf(parityWords.fewest), {
    ...facts('Parity', 'Bits in sequences of different length: is the number of ones odd?'),
    classes: () => 2,
    tokens: () => 3,
  }),
  words: parityWords,
}

const recallWords: SequenceWords = {
  // There has to be something to forget.
  fewest: 2,
  token: (token) => letter(token - 1),
  class: letter,
  decides: (_token, isFirst) => isFirst,
}
const recallClasses = [2, 3, 4, 5, 6, 7, 8] as const

/** Symbols of which one is to be remembered. */
export const recall = {
  ...dataRecord(
    'recall',
    {
      ...entriesOf(recallWords.fewest),
      classes: setElsewhere(v.optional(oneOf(recallClasses), 3)),
    },
    {
      ...facts(
        'First token',
        'Sequences of different length: the class is the first token, the others distract.',
      ),
      classes: ({ classes }) => classes,
      classChoices: recallClasses,
      // The padding is among them.
      tokens: ({ classes }) => classes + 1,
      call: (data) => plainCall([...optionsOf(data), ['classes', String(data.classes)]]),
    },
  ),
  words: recallWords,
}

/** Token 1 and class 0 are A. */
function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}
