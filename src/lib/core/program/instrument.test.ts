import { describe, expect, it } from 'vitest'
import { dataModuleHost, evaluate, LocatedError } from './evaluate'
import { instrument } from './instrument'

const plain = (text: string) => instrument(text, 'runtime:', () => 'run:')
/** Without what stands in front. */
const body = (text: string) => plain(text).replace(/^import .*?; \$exports\d*\(.*?\); /, '')

/** Runs the text; gives the lines that it went through and how it ended. */
async function run(
  text: string,
): Promise<{ lines: number[]; shown: unknown[]; failure: LocatedError | null }> {
  const lines: number[] = []
  const shown: unknown[] = []
  const failure = await evaluate({
    text,
    modules: { 'tandem/run': { show: (...values: unknown[]) => shown.push(...values) } },
    host: dataModuleHost,
    hooks: { onLine: (line) => lines.push(line), onExports: () => undefined },
  }).then(
    () => null,
    (error: unknown) => (error instanceof LocatedError ? error : null),
  )
  return { lines, shown, failure }
}

describe('loops', () => {
  it.each([
    ['for (;;) step()', '$line(1);for (;;) {$line(1);step()}'],
    ['while (a)\n  step()\nrest()', '$line(1);while (a)\n  {$line(2);step()}\n$line(3);rest()'],
    ['do step(); while (a)', '$line(1);do {$line(1);step();} while (a)'],
    [
      'for (const a of b) for (a in b) c()',
      '$line(1);for (const a of b) {$line(1);for (a in b) {$line(1);c()}}',
    ],
    ['for (;;)a();b()', '$line(1);for (;;){$line(1);a();}$line(1);b()'],
    ['for (;;);', '$line(1);for (;;){$line(1);;}'],
    ['if (a) while (b) c(); else d()', '$line(1);if (a) while (b) {$line(1);c();} else d()'],
    ['a: for (;;) continue a', '$line(1);a: for (;;) {$line(1);continue a}'],
  ])('marks the body that has no braces: %s', (text, expected) => {
    expect(body(text)).toBe(expected)
  })

  it('still run as they did', async () => {
    const { shown, lines, failure } = await run(
      `import { show } from 'tandem/run'\nlet n = 0\nouter: for (const a of [1, 2, 3]) for (const b of [1, 2])\n  if (a === b) continue outer; else n++\nwhile (n < 10) n++\ndo n += 5\nwhile (n < 20)\nshow(n)\n`,
    )
    expect(failure).toBeNull()
    expect(shown).toEqual([20])
    expect(lines).toContain(4)
  })
})

describe('names of the program', () => {
  it.each([
    ['const $line = 1, $exports = 2', '$line1(1);const $line = 1, $exports = 2'],
    ['$line1 = $line', '$line2(1);$line1 = $line'],
    ['const \\u0024line = 1', '$line1(1);const \\u0024line = 1'],
    ['const $\\u{06c}ine = 1', '$line1(1);const $\\u{06c}ine = 1'],
  ])('never meet inserted ones: %s', (text, expected) => {
    expect(body(text)).toBe(expected)
  })

  it('take no longer to find than the text is long', () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `$line${index === 0 ? '' : index}`).join('\n')
    expect(plain(text)).toContain('as $line50000,')
  })

  it('may be ours: $line, $exports and $tandem are like any others', async () => {
    const { shown, failure } = await run(
      `import { show } from 'tandem/run'\nconst $line = 1, $exports = 2, $tandem = 3\nshow($line + $exports + $tandem, typeof globalThis.$tandem)\nglobalThis.$tandem = 4\nshow(globalThis.$tandem)\ndelete globalThis.$tandem\n`,
    )
    expect(failure).toBeNull()
    expect(shown).toEqual([6, 'undefined', 4])
  })
})

describe('modules', () => {
  it.each([
    "import('x')",
    "await import('tandem/keras')",
    'const load = (a = import("b")) => a',
    'class A { x = import("y") }',
    'class A { static { import("y") } }',
    'class A { [import("y")]() {} }',
    '`${`${import("x")}`}`',
    'tag`${import("x")}`',
    'const { a = import("x") } = b',
    'for (const a of import("x")) b()',
    'label: import("x")',
    'export default import("x")',
    'export const a = async () => { await import("x") }',
    "import('x', { with: {} })",
    '(0, import("x"))?.then()',
  ])('refuses an import while the program runs: %s', (text) => {
    expect(() => plain(`\n${text}`)).toThrow(
      "import: expected imports at the top of the program, got import(…) in it. Write import { … } from 'tandem/keras'. Programs cannot load other modules.",
    )
  })

  it.each([
    'x = async function () {}\n/import("a")/g',
    'y?.return\n/import("a")/g',
    'y?.typeof\n/import("a")/g',
    'y?.of\n/import("a")/g',
    'x = c ? function () {} : function () {}\n/import("a")/g',
    `y?.return\n/"/g, "+import('a')+"`,
    `y?.return\n/"/g, "+import /* a */ ('a')+"`,
    `y?.return\n/"/g, "+import . source('a')+"`,
  ])('refuses an import that its parser takes for a regular expression or a text: %s', (text) => {
    expect(() => plain(`let x, y, c, g\n${text}`)).toThrow(
      /^import: expected (?:no import|imports at the top)/,
    )
  })

  it.each([
    'const a = /imports? (.*)/.test("important (5)")',
    '/a/.test(import.meta.url)',
    "// import(…) is refused\nconst a = 'import(b)'",
    "import { a } from 'tandem/run'\n/import .*/.test(a)",
  ])('takes what loads nothing: %s', (text) => {
    expect(plain(text)).toContain('$line(')
  })

  it('looks for imports once through a long program', () => {
    const text = `/a/; '${'import/*'.repeat(6000)}'`
    expect(plain(text).length).toBeGreaterThan(text.length)
  })

  it.each([
    "import.source('x')",
    "import.defer('x')",
    "import source a from 'x'",
    "import defer * as a from 'x'",
  ])('refuses what its parser does not know: %s', (text) => {
    expect(() => plain(text)).toThrow()
  })

  it.each([
    ["import a from 'tandem/run' with { type: 'json' }", 1],
    ["\nexport * from 'tandem/run' with { type: 'json' }", 2],
    ["\nexport { a } from 'tandem/run' with { type: 'json' }", 2],
  ])('refuses attributes: %s', async (text, line) => {
    const { failure } = await run(text)
    expect(String(failure?.error)).toContain(
      "import: expected a module without attributes, got 'tandem/run' with some. Leave out what follows it.",
    )
    expect(failure?.line).toBe(line)
  })

  it('refuses other modules in short words', async () => {
    const { failure } = await run(`export * from '${'x'.repeat(1e6)}'`)
    expect(String(failure?.error).length).toBeLessThan(500)
    const { failure: name } = await run(`import { ${'x'.repeat(1e6)} } from 'tandem/run'`)
    expect(String(name?.error)).toMatch(/got 'x+… 976.5 KB more'/)
  })
})

describe('the language', () => {
  it.each([
    ['#!/usr/bin/env node\nshow(1)', [1]],
    ['show(typeof import.meta.url)', ['string']],
    ['export default 5\nshow(1)', [1]],
    ['export default class {}\nshow(1)', [1]],
    ["export * from 'tandem/run'\nshow(1)", [1]],
    ["export * as all from 'tandem/run'\nshow(1)", [1]],
    ["export { show as 'a b' } from 'tandem/run'\nshow(1)", [1]],
    ['debugger\nshow(1)', [1]],
    ["'use strict'\nshow(this)", [undefined]],
    ["show('<!--')", ['<!--']],
  ])('works: %s', async (text, expected) => {
    const { shown, failure } = await run(
      text.startsWith('#!')
        ? text.replace('\n', "\nimport { show } from 'tandem/run'\n")
        : `import { show } from 'tandem/run'; ${text}`,
    )
    expect([shown, failure]).toEqual([expected, null])
  })

  it.each([
    ['return 1', "'return' outside of function"],
    ['export const a = 1\nexport { a }', "Duplicate export 'a'"],
    ['export { missing }', "Export 'missing' is not defined"],
    ['let enum', "The keyword 'enum' is reserved"],
    ['with (a) {}', "'with' in strict mode"],
    ['x\n--> y', 'Unexpected token'],
    ['x <!-- y', 'program: expected a comment of JavaScript, got <!--. Write // instead.'],
    ['<!-- y', 'Unexpected token'],
    ['let await = 1', "Cannot use keyword 'await' outside an async function"],
  ])('is answered in words with its line: %s', async (text, words) => {
    const { failure } = await run(`\n${text}`)
    expect(String(failure?.error)).toContain(words)
    expect(failure?.line).toBeGreaterThan(1)
  })

  it.each([
    'export const then = (resolve) => {}',
    'export function then() {}',
    'export class then {}',
    'export let a = 1, { b: [, { then = 2 }] } = {}',
    'export const { ...then } = {}',
    'const a = 1; export { a as then }',
    "const a = 1; export { a as 'then' }",
    String.raw`export const th\u0065n = 1`,
    "export { show as then } from 'tandem/run'",
    "export * as then from 'tandem/run'",
  ])('has no export that makes a promise of the program: %s', async (text) => {
    const { failure } = await run(`\n${text}`)
    expect(String(failure?.error)).toContain('export: expected no export named then, got one.')
    expect(failure?.line).toBe(2)
  })

  it('has variables, properties and defaults named then', async () => {
    const text =
      "import { show } from 'tandem/run'\nconst then = 1\nexport const { then: a = (then) => then } = {}\nshow(a(then))"
    expect(await run(text)).toMatchObject({ shown: [1], failure: null })
  })

  it('says of brackets that no parser follows what is wrong', async () => {
    const { failure } = await run('['.repeat(100_000))
    expect(String(failure?.error)).toContain('got them too deep in one another')
  })
})
