/** Facts of the datasets of sequences: tokens, lengths, defaults. */
import { SpecError } from '../util/errors'

export type SequenceKind = 'parity' | 'recall'

/** The most tokens of a sequence: a compiled step is unrolled over all of them. */
export const maxSequenceLength = 24

/** The fewest tokens of a sequence: recalling needs something to forget. */
export const fewestTokens: { readonly [K in SequenceKind]: number } = { parity: 1, recall: 2 }

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

/** Number of different tokens, the padding among them: an embedding's `inputDim`. */
export function vocabularySize(kind: SequenceKind, classes: number): number {
  return kind === 'parity' ? 3 : classes + 1
}

/** Throws `SpecError` where the shortest sequence would be longer than the longest. */
export function checkLengths({
  minLength,
  maxLength,
}: {
  readonly minLength: number
  readonly maxLength: number
}): void {
  if (minLength <= maxLength) return
  throw new SpecError(
    'data.minLength',
    `expected at most maxLength (${maxLength}), got ${minLength}. Make it smaller or raise maxLength.`,
  )
}

/** How sequences come, as far as a spec says it. */
export interface SequenceData {
  readonly kind: SequenceKind
  readonly minLength: number
  readonly maxLength: number
  readonly padded: boolean
  readonly classes?: number | undefined
}

export function isSequenceKind(kind: string): kind is SequenceKind {
  return kind === 'parity' || kind === 'recall'
}

/** Whether data are sequences of tokens. */
export function isSequences<T extends { readonly kind: string }>(
  data: T,
): data is Extract<T, { readonly kind: SequenceKind }> {
  return isSequenceKind(data.kind)
}
