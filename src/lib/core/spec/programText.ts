/** The text of an edited program: what may stand in it, and what ends its lines. */
import * as v from 'valibot'
import { message } from '../catalogue/fields'
import { hiddenCharacters } from '../util/hiddenCharacters'
import { limits } from '../util/limits'

/**
 * The text with a line feed for every character that ends a line of JavaScript (CR LF, CR, U+2028, U+2029), so that the
 * page, the parser and the editor count the same lines, and no comment ends where none is seen to end.
 */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, '\n')
}

/** What keeps a program from being taken, as `expected X, got Y. Fix.`; null for nothing. */
export function programProblem(text: string): string | null {
  const count = (value: number) => value.toLocaleString('en')
  const { programCharacters, programLines, hiddenCharacters: hiddenLimit } = limits
  if (text.length > programCharacters)
    return `expected a program of at most ${count(programCharacters)} characters, got ${count(text.length)}. Shorten it.`
  const lines = withLineFeeds(text).split('\n').length
  if (lines > programLines)
    return `expected a program of at most ${count(programLines)} lines, got ${count(lines)}. Shorten it.`
  const hidden = withLineFeeds(text).match(hiddenCharacters)?.length ?? 0
  if (hidden > hiddenLimit)
    return `expected a program that can be read, got ${count(hidden)} characters that cannot be seen. Remove them.`
  return null
}

/** The entry of a schema for the text of a program, its lines ended by line feeds. */
export function program() {
  return v.pipe(
    v.string(message('the text of a program', 'Leave the entry out for the generated one.')),
    v.check(
      (value) => programProblem(value) === null,
      ({ input }) => programProblem(input) ?? '',
    ),
    v.transform(withLineFeeds),
  )
}
