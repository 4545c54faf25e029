/** What `item()` gives: a promise of a number that explains itself when it is used as if it were the number. */
import { ArgumentError } from '../util/errors'
import type { PendingNumber } from '../util/pendingNumber'

/** Where the number comes from. */
export interface NumberSource {
  /** Settles when the number is there; does nothing to bring it. */
  settled(): Promise<number>
  /** Makes the number come: runs a compiled step that is still queued. */
  bring?(): void
}

/** Await it for the number, or log it as it is. Arithmetic, comparison and text throw ArgumentError. */
export class PendingValue implements Promise<number>, PendingNumber {
  readonly [Symbol.toStringTag] = 'PendingValue'
  #arrived: number | undefined

  constructor(private readonly source: NumberSource) {}

  get arrived(): number | undefined {
    return this.#arrived
  }

  async settled(): Promise<number> {
    return (this.#arrived ??= await this.source.settled())
  }

  then<A = number, B = never>(
    onFulfilled?: ((value: number) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.source.bring?.()
    return this.settled().then(onFulfilled, onRejected)
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<number | B> {
    return this.then(undefined, onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<number> {
    return this.then().finally(onFinally)
  }

  /** Called by JavaScript where an operator or a template needs a primitive value. */
  [Symbol.toPrimitive](): never {
    throw new ArgumentError(
      'item: expected `await tensor.item()`, got arithmetic or text with a value that is still being read back. ' +
        'Write await loss.item().',
    )
  }
}
