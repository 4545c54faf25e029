/** Values that somebody might send to do harm, and valid ones with small changes. */
import fc from 'fast-check'

/** What ends a string, a comment, a page or a cell, hides in text, or is inherited by objects. */
const hostileWords = [
  ...["'", '"', '`', '\\', '\\\\', "\\'", '"""', "'''", '${', '}', '*/', '/*', '//', '#', '<!--', '-->'],
  ...['\n', '\r', '\r\n', '\t', '\0', '\u2028', '\u2029', '\ufeff', '\x7f', '\x1b[31m', '\b', '\f', '\v'],
  ...['\u202e', '\u2066', '\u2069', '\u200b', '\u200d', '\u00ad', '\ud800', '\udc00', '👩‍👩‍👧', 'é', 'e\u0301'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__metadata__', 'then'],
  ...[
    '</script>',
    '<img src=x onerror=alert(1)>',
    '![x](https://example.org/x.png)',
    '[a](javascript:alert(1))',
  ],
  ...[
    "'); alert(1); ('",
    '"); alert(1); ("',
    '\nimport os\n',
    '\nalert(1)\n',
    '{x}',
    '%s',
    '$x$',
    '../..',
    'C:\\',
    '.',
  ],
  ...[',', ';', '|', ' ', '  ', '=1+1', '@x', '-', '_', '0', '1e999', 'NaN', '-0', 'x'.repeat(2500)],
] as const

/** Text of at most `maxLength` UTF-16 units, lone surrogates among them. */
export function hostileText(maxLength: number): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...hostileWords) },
    { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  )
  return fc.array(part, { maxLength: 6 }).map((parts) => parts.join('').slice(0, maxLength))
}

/** JSON text, mostly valid: nested, with inherited names as keys, numbers that no double holds, and keys that repeat. */
export const hostileJson: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => {
  const text = hostileText(4000).map((one) => JSON.stringify(one))
  const numbers = '0 -0 -1 0.5 1e999 -1e999 1e-999 9007199254740993 4294967296 2e6'.split(' ')
  const scalar = fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 8, arbitrary: fc.constantFrom(...numbers, 'true', 'false', 'null', '[]', '{}') },
    { weight: 1, arbitrary: fc.constantFrom('NaN', '', "'a'", '"\\ud800"', '0x1', '//') },
  )
  const list = fc.array(tie('value'), { maxLength: 4 }).map((parts) => `[${parts.join(',')}]`)
  const entries = fc.array(fc.tuple(text, tie('value')), { maxLength: 4 })
  const object = entries.map((pairs) => `{${pairs.map(([key, value]) => `${key}:${value}`).join(',')}}`)
  // The engine's own stack ends at some thousand levels.
  const depths = fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 2, max: 20_000 }))
  const deep = fc.tuple(depths, fc.constantFrom('[', '{"a":'), fc.boolean())
  return {
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 6, arbitrary: scalar },
      { weight: 2, arbitrary: list },
      { weight: 2, arbitrary: object },
      { weight: 1, arbitrary: deep.map(([depth, opening, closes]) => nested(depth, opening, closes)) },
    ),
  }
}).value

function nested(depth: number, opening: string, closes: boolean): string {
  return `${opening.repeat(depth)}1${closes ? (opening === '[' ? ']' : '}').repeat(depth) : ''}`
}

/** Where something is changed, as a share of the whole, and by what. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const at = (share: number, length: number) => Math.floor(share * length)

const byteEdit = fc.record({
  kind: fc.constantFrom('flip', 'set', 'delete', 'insert', 'repeat', 'move', 'cut', 'length'),
  place,
  other: place,
  size: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 })),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
})
type ByteEdit = typeof byteEdit extends fc.Arbitrary<infer T> ? T : never

/** Bytes with one to four changes: bits and bytes, parts left out, doubled or moved, the end cut off, lengths. */
export function mutatedBytes(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edits = fc.array(byteEdit, { minLength: 1, maxLength: 4 })
  return fc.tuple(valid, edits).map(([bytes, all]) => all.reduce(editBytes, bytes))
}

function editBytes(bytes: Uint8Array, { kind, place, other, size, bytes: given }: ByteEdit): Uint8Array {
  const from = at(place, bytes.length)
  const [before, part, after] = [
    bytes.subarray(0, from),
    bytes.subarray(from, from + size),
    bytes.subarray(from + size),
  ]
  switch (kind) {
    case 'flip':
      return bytes.map((byte, index) => (index === from ? byte ^ (1 << (size % 8)) : byte))
    case 'set':
      return joined(
        before,
        given.subarray(0, part.length),
        bytes.subarray(from + Math.min(given.length, part.length)),
      )
    case 'delete':
      return joined(before, after)
    case 'insert':
      return joined(before, given, part, after)
    case 'repeat':
      return joined(before, part, part, after)
    case 'move': {
      const rest = joined(before, after)
      const to = at(other, rest.length)
      return joined(rest.subarray(0, to), part, rest.subarray(to))
    }
    case 'cut':
      return before
    case 'length':
      // A length of several bytes, larger than anything there is.
      return joined(before, new Uint8Array(Math.min(8, size)).fill(255), after)
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let end = 0
  for (const part of parts) {
    bytes.set(part, end)
    end += part.length
  }
  return bytes
}

const textEdit = fc.record({
  place,
  other: place,
  size: fc.integer({ min: 0, max: 40 }),
  given: hostileText(60),
})

/** Text with one to four changes: parts replaced by something hostile, or by another part. */
export function mutatedText(valid: fc.Arbitrary<string>, given = hostileText(60)): fc.Arbitrary<string> {
  const edits = fc.array(fc.tuple(textEdit, given, fc.boolean()), { minLength: 1, maxLength: 4 })
  return fc.tuple(valid, edits).map(([text, all]) =>
    all.reduce((current, [{ place, other, size }, word, copies]) => {
      const [from, source] = [at(place, current.length), at(other, current.length)]
      const inserted = copies ? current.slice(source, source + size) : word
      return current.slice(0, from) + inserted + current.slice(from + (copies ? 0 : size))
    }, text),
  )
}

const jsonEdit = fc.record({
  place,
  kind: fc.constantFrom('replace', 'rename', 'delete', 'double'),
  json: hostileJson,
  key: hostileText(4000),
})
type JsonEdit = typeof jsonEdit extends fc.Arbitrary<infer T> ? T : never

/** JSON text of a value in which one to three entries are others, misnamed, missing or there twice. */
export function mutatedJson(valid: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const edits = fc.array(jsonEdit, { minLength: 1, maxLength: 3 })
  return fc.tuple(valid, edits).map(([value, all]) => {
    const texts: string[] = []
    const edited = all.reduce((current, edit) => editJson(current, edit, texts), structuredClone(value))
    return JSON.stringify(edited).replaceAll(
      /"§(\d+)§"/g,
      (mark, index: string) => texts[Number(index)] ?? mark,
    )
  })
}

interface Entry {
  readonly owner: Record<string, unknown> | unknown[]
  readonly key: string
}

function entriesOf(value: unknown): readonly Entry[] {
  if (typeof value !== 'object' || value === null) return []
  const owner = value as Record<string, unknown>
  return Object.keys(owner).flatMap((key) => [{ owner, key }, ...entriesOf(owner[key])])
}

/** Replaced values stand as marks until the text is written: not every JSON text is a value. */
function editJson(value: unknown, { place, kind, json, key }: JsonEdit, texts: string[]): unknown {
  const entries = entriesOf(value)
  const entry = entries[at(place, entries.length)]
  if (!entry) return value
  const { owner, key: oldKey } = entry
  const name = Array.isArray(owner) ? String(owner.length) : key
  const old: unknown = Reflect.get(owner, oldKey)
  const set = (one: string, entryValue: unknown) =>
    Object.defineProperty(owner, one, {
      value: entryValue,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  if (kind === 'replace') set(oldKey, `§${texts.push(json) - 1}§`)
  if (kind === 'rename' || kind === 'double') set(name, old)
  if (kind === 'rename' || kind === 'delete') remove(owner, oldKey)
  return value
}

function remove(owner: Entry['owner'], key: string): void {
  if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else Reflect.deleteProperty(owner, key)
}
