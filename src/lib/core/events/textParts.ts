/** Long text as parts, so that whoever writes it can do something else in between. */

const linesPerPart = 500

/** The lines in parts of a few hundred, each line with its end. */
export function* inParts(lines: Iterable<string>): Generator<string, void, undefined> {
  let part: string[] = []
  for (const line of lines) {
    part.push(`${line}\n`)
    if (part.length < linesPerPart) continue
    yield part.join('')
    part = []
  }
  yield part.join('')
}
