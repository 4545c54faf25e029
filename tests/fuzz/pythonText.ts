/** Python source taken apart as far as names matter: strings, comments, and the code between them. */

interface PythonParts {
  /** Without strings and comments. */
  readonly code: string
  /** As written, with prefix and quotes. */
  readonly strings: readonly string[]
  readonly comments: readonly string[]
}

const parts =
  /(?<comment>#.*)|(?<string>[bfr]?(?:"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))/g

/** Throws where a string does not end. */
export function pythonParts(source: string): PythonParts {
  const strings: string[] = []
  const comments: string[] = []
  const code = source.replaceAll(parts, (text) => {
    ;(text.startsWith('#') ? comments : strings).push(text)
    return text.startsWith('#') ? '#' : '""'
  })
  const rest = code.replaceAll('""', '')
  if (/["'\\\r]/.test(rest))
    throw new Error(`expected strings that end, got ${/.*["'\\\r].*/.exec(rest)?.[0]}`)
  return { code, strings, comments }
}

const escapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' },
  ...{ '\\': '\\', '"': '"', "'": "'" },
}

/** What a string literal without prefix means. Throws for an escape that Python would keep as it is. */
export function pythonString(literal: string): string {
  const quotes = literal.startsWith('"""') ? 3 : 1
  return literal.slice(quotes, -quotes).replaceAll(/\\(?:u(.{4})|U(.{8})|(.))/gs, (all, short, long, one) => {
    const digits = (short ?? long) as string | undefined
    if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16))
    const found = escapes[String(one)]
    if (found === undefined) throw new Error(`expected an escape of Python, got ${all}`)
    return found
  })
}
