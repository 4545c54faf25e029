/** What a program threw where none of its statements waits for it. */
import { ProgramError } from '../util/errors'

/** A promise that nobody awaited, or a callback that the browser called. */
export type AsideOrigin = 'promise' | 'callback'

const words: Readonly<Record<AsideOrigin, (thrown: string) => string>> = {
  promise: (thrown) => `A promise was rejected and nobody awaited it: ${thrown} Write await before the call.`,
  callback: (thrown) =>
    `A callback threw while no statement waited for it: ${thrown} Catch it in the callback.`,
}

/** Ends the run: what such a program does from then on is not what it says. */
export class AsideError extends ProgramError {
  override name = 'AsideError'
  constructor(origin: AsideOrigin, thrown: string) {
    super(words[origin](/[.!?]$/.test(thrown) ? thrown : `${thrown}.`))
  }
}
