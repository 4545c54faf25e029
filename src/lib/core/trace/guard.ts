/** A condition on what is outside of a step under which its graph holds. */
import type { OutsideRead } from '../eager/tracing'
import { contentOf, hasContent, type Content } from '../util/content'
import { describeValue, readSafely, unreadable } from '../util/describeValue'

const mostShown = 60

/** What was read from outside during a trace. */
export class Guard {
  /** What was read, as text. */
  readonly was: string
  readonly #content: Content

  constructor(
    readonly outside: OutsideRead,
    /** What becomes an input of the next graph if it changes; a new graph is made for each value otherwise. */
    readonly input: object | null = null,
  ) {
    const value = outside.read()
    this.was = textOf(value)
    this.#content = contentOf(value)
  }

  get name(): string {
    return this.outside.name
  }

  get line(): number {
    return this.outside.line
  }

  /** What would be read now, as text. */
  get now(): string {
    return readSafely(() => textOf(this.outside.read()), unreadable)
  }

  /** Whether what was read is still the same. */
  holds(): boolean {
    // What can no longer be read is not the same.
    return readSafely(() => hasContent(this.outside.read(), this.#content), false)
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : describeValue(value, mostShown)
}
