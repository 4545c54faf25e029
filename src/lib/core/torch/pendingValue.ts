/** What `item()` gives: a promise of a number that explains itself when it is used as if it were the number. */
import { ArgumentError } from '../util/errors'

/** Await it for the number. Arithmetic, comparison and text throw ArgumentError. */
export class PendingValue extends Promise<number> {
  /** Called by JavaScript where an operator or a template needs a primitive value. */
  [Symbol.toPrimitive](): never {
    throw new ArgumentError(
      'item: expected `await tensor.item()`, got arithmetic or text with a value that is still being read back. ' +
        'Write await loss.item().',
    )
  }
}
