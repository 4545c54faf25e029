/** Names as people write them who know them from Python. */

const plain = (name: string) => name.toLowerCase().replaceAll('_', '')

/** The one of `known` that `name` means, also where it is spelt as in Python: `binary_crossentropy`; undefined for none. */
export function knownName<Name extends string>(name: unknown, known: readonly Name[]): Name | undefined {
  return typeof name === 'string' ? known.find((each) => plain(each) === plain(name)) : undefined
}

/** `zero_grad` as JavaScript has it, `zeroGrad`; underscores at the ends stay. */
export function inCamelCase(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])_([a-z\d])/gi, (_, letter: string) => letter.toUpperCase())
}

/** What only Python has at the start of a line, or behind one. */
const python =
  /^[^\S\n]*(from\s+[\w.]+\s+import\b|import\s+[\w.]+(\s+as\s+\w+)?\s*$|(def|class|for|with|if|while)\b.*:\s*$|#\s)/m

/** Said of a program that makes a parser run out of stack. */
export const tooDeep =
  'program: expected brackets and blocks that a parser can follow, got them too deep in one another. Write long data as a list.'

/** Python shows at the beginning of a program. */
const mostRead = 20_000

/** A parser's message without its position; for a Python program it says what is expected here. */
export function syntaxMessage(message: string, program: string): string {
  const text = message.replace(/ \(\d+:\d+\)$/, '')
  if (text.startsWith('Not enough stack space')) return tooDeep
  return python.test(program.slice(0, mostRead))
    ? `${text}. Programs are JavaScript here: start from the generated one. Export has the same as a Python program.`
    : text
}
