/** A condition on what is outside of a step under which its graph holds. */
import type { OutsideRead } from '../eager/tracing'
import { contentOf, hasContent, isSimple, type Content } from '../util/content'
import { describeValue, readSafely, unreadable } from '../util/describeValue'

const mostShown = 60

/** What was read from outside during a trace. */
export class Guard {
  /** What was read, as text. */
  readonly was: string
  readonly #content: Content
  readonly #isSimple: boolean

  constructor(
    readonly outside: OutsideRead,
    /** What becomes an input of the next graph if it changes; a new graph is made for each value otherwise. */
    readonly input: object | null = null,
  ) {
    const value = outside.read()
    this.was = input ? 'a tensor' : textOf(value)
    this.#content = contentOf(value)
    this.#isSimple = isSimple(this.#content)
  }

  get name(): string {
    return this.outside.name
  }

  get line(): number {
    return this.outside.line
  }

  /** What would be read now, as text. */
  get now(): string {
    if (this.input) return 'another one'
    return readSafely(() => textOf(this.outside.read()), unreadable)
  }

  /** Whether what was read is still the same. */
  holds(): boolean {
    // Before every replayed step: without closures.
    try {
      const value = this.outside.read()
      return this.#isSimple ? Object.is(value, this.#content.value) : hasContent(value, this.#content)
    } catch {
      // What can no longer be read is not the same.
      return false
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : describeValue(value, mostShown)
}
