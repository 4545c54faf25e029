/** The first token is the class, and those behind it only distract: what counts has to be kept until the end. */
import { ArgumentError } from '../util/errors'
import { sequences, type SequenceOptions } from './sequences'
import type { Dataset } from './types'

const mostClasses = 8

/** How sequences with a token to remember are drawn. */
export interface RecallOptions extends SequenceOptions {
  /** How many tokens, and classes, there are: 2 to 8. */
  readonly classes?: number
}

/** The first token is the class + 1, the others are drawn from all tokens 1 to `classes`. */
export function recall({ classes = 3, ...options }: RecallOptions = {}): Dataset {
  if (!Number.isInteger(classes) || classes < 2 || classes > mostClasses) {
    throw new ArgumentError(
      `recall: expected classes from 2 to ${mostClasses}, got ${classes}. Pass classes: 3.`,
    )
  }
  return sequences('recall', classes, options, (label, length, random) => [
    label + 1,
    ...Array.from({ length: length - 1 }, () => 1 + Math.floor(classes * random())),
  ])
}
