/** Whatever a program's text is, it is instrumented line by line or refused with its place, and shown as it stands. */
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'acorn'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { generateProgram } from '../../src/lib/core/codegen'
import { evaluate, LocatedError, type ModuleHost } from '../../src/lib/core/program/evaluate'
import { instrument, ProgramSyntaxError } from '../../src/lib/core/program/instrument'
import { textChanges } from '../../src/lib/components/editor/textChanges'
import { highlight } from '../../src/lib/components/highlight'
import { highlightPython } from '../../src/lib/components/python/highlightPython'
import { fuzz, longestMessage, readOrRefuse } from './fuzz'
import { hostileText, mutatedText } from './hostile'
import { specs } from './validSpecs'

const written = ['keras', 'torch'].flatMap((style) =>
  readdirSync(`tests/programs/${style}`).map((file) =>
    readFileSync(`tests/programs/${style}/${file}`, 'utf8'),
  ),
)
const programs = fc.oneof(
  fc.constantFrom(...written),
  specs.map((spec) => generateProgram(spec, 'keras', { lane: 'A' })),
  specs.map((spec) => generateProgram(spec, 'torch', { lane: 'B', alignedTo: 'keras', execution: 'static' })),
)

/** Statements that parsers, markers or people stumble over. */
const oddities = [
  ...[
    '#!/usr/bin/env node\n',
    '\ufeff',
    '<!-- comment\n',
    '--> comment\n',
    '// \u202e\n',
    '/* \u2028 */',
    '\\u0061 = 1',
  ],
  ...[
    "'use strict'",
    '"use strict";',
    'label: for (;;) break label',
    'if (a) b\nelse c',
    'do x(); while (y)',
    ';;',
    '{}',
  ],
  ...[
    'let $line = 1',
    'let $exports = 1',
    'const $tandem = 1',
    '$line(1)',
    'import { $line } from "tandem/run"',
    'var eval_',
  ],
  ...[
    'export default 1',
    'export default function () {}',
    'export default class {}',
    'export { a as default }',
    'let a',
  ],
  ...[
    'export * from "tandem/data"',
    'export * as ns from "tandem/run"',
    'export { csv } from "tandem/data"',
    'export {}',
  ],
  ...[
    'export { a as "b-c" }',
    'export { "a" as b } from "tandem/run"',
    'import { "log" as l } from "tandem/run"',
    'b',
  ],
  ...[
    'import * as k from "tandem/keras"',
    'import k, { nn } from "tandem/torch"',
    'import "tandem/data"',
    'import "fs"',
  ],
  ...[
    'import x from "__proto__"',
    'import x from "constructor"',
    'import { __proto__ } from "tandem/run"',
    'import("fs")',
  ],
  ...[
    'import { constructor } from "tandem/torch"',
    'import x from "tandem/run" with { type: "json" }',
    'import.meta.url',
  ],
  ...[
    'export const [model, { a: b }] = c',
    'export let { optimizer, ...rest } = d',
    'export const __proto__ = 1',
    'async () => {}',
  ],
  ...[
    'class A { static { b() } static #c = 1; get [d]() { return #c in this } }',
    'await 1',
    'for await (const x of y) z',
    '`${`${1}`}`',
  ],
  ...[
    'switch (a) { case 1: b(); default: c() }',
    'with (a) b',
    'yield',
    'let await',
    'return 1',
    'new.target',
    'a?.b ?? c',
    'a ||= b',
  ],
  ...[
    'function* g() { yield* g() }',
    'using x = y',
    'try { a } catch { b } finally { c }',
    'while (0) if (1) for (;;) d',
    '/(?<a>.)\\k<a>/v',
  ],
  ...[
    'const model = 1; export { model }',
    'let net, opt',
    'var model, model',
    'let network\nexport { network as model }',
    'x => ({})',
  ],
] as const
const odd = fc.constantFrom(...oddities).map((text) => `\n${text}\n`)
const assembled = fc
  .array(fc.constantFrom(...oddities), { minLength: 1, maxLength: 5 })
  .map((all) => all.join('\n'))
const deep = fc
  .tuple(
    fc.integer({ min: 1, max: 5000 }),
    fc.constantFrom('(', '[', '{', '!', 'a(', '`${', 'if (a) ', 'x => ', 'a ? ', '() => {'),
  )
  .map(([depth, opening]) => opening.repeat(depth))
const texts = fc.oneof(
  mutatedText(programs, fc.oneof(hostileText(40), odd)),
  mutatedText(assembled),
  assembled,
  hostileText(500),
  deep,
)

const modules = {
  'tandem/keras': { layers: 1, default: 1 },
  'tandem/torch': { nn: 1, default: 1 },
  'tandem/data': { csv: 1, circle: 1 },
  'tandem/run': { log: 1 },
}
type Specifier = keyof typeof modules
const isModule = (specifier: string): specifier is Specifier => Object.hasOwn(modules, specifier)
const resolve = (specifier: string) => (isModule(specifier) ? `blob:${specifier}` : undefined)
const namesOf = (specifier: string) => (isModule(specifier) ? Object.keys(modules[specifier]) : undefined)
/** As JavaScript counts them. */
const lineCount = (text: string) => text.split(/\r\n|[\n\r\u2028\u2029]/).length

/** A host whose modules are never imported: whatever the engine would say of them, it says of an empty URL. */
function recordingHost(): ModuleHost & { readonly sources: string[] } {
  const sources: string[] = []
  return {
    sources,
    createUrl: (source) => `tandem-never:${sources.push(source)}`,
    releaseUrl: () => undefined,
  }
}

describe('a program', () => {
  fuzz('is a module with its own lines, or refused with its place', texts, async (text) => {
    const instrumented = await readOrRefuse(() => {
      try {
        return instrument(text, 'blob:runtime', resolve, namesOf)
      } catch (error) {
        if (error instanceof ProgramSyntaxError) assertPlace(text, error)
        throw error
      }
    }, ProgramSyntaxError)
    if (instrumented === undefined) return
    // What the engine would refuse, with a message about text that nobody wrote.
    parse(instrumented, { ecmaVersion: 'latest', sourceType: 'module' })
    expect(lineCount(instrumented)).toBe(lineCount(text))
  })

  fuzz('that does not parse never reaches the engine', texts, async (text) => {
    const host = recordingHost()
    const hooks = { onLine: () => undefined, onExports: () => undefined }
    const refused: unknown = await evaluate({ text, modules, hooks, host }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(LocatedError)
    const { error } = refused as LocatedError
    if (error instanceof ProgramSyntaxError) {
      expect(error.message.length).toBeLessThan(longestMessage)
      expect(host.sources.length).toBe(Object.keys(modules).length + 1)
    } else {
      // The engine was asked for the program's module, which is the last one.
      expect(String(error)).toContain('tandem-never:')
    }
  })

  fuzz('is shown as it stands', fc.oneof(texts, hostileText(2000)), (text) => {
    for (const lines of [highlight(text), highlightPython(text)]) {
      const shown = lines.map((line) => line.map((span) => span.text).join('')).join('\n')
      expect(shown).toBe(text.replace(/\n$/, ''))
    }
  })

  fuzz('is reached from any other by its changes', fc.tuple(texts, texts), ([from, to]) => {
    const changed = textChanges(from, to).reduceRight(
      (text, change) => text.slice(0, change.from) + change.insert + text.slice(change.to),
      from,
    )
    expect(changed).toBe(to)
  })
})

function assertPlace(text: string, { line, column }: ProgramSyntaxError): void {
  expect(line).toBeGreaterThanOrEqual(1)
  expect(line).toBeLessThanOrEqual(lineCount(text))
  expect(column).toBeGreaterThanOrEqual(1)
}
