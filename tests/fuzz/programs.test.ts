/** Whatever a program's text is, it is instrumented line by line or refused with its place, and shown as it stands. */
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'acorn'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { generateProgram } from '../../src/lib/core/codegen'
import { evaluate, LocatedError, type ModuleHost } from '../../src/lib/core/program/evaluate'
import { instrument, ProgramSyntaxError } from '../../src/lib/core/program/instrument'
import { syntaxProblems } from '../../src/lib/components/editor/problems'
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
const oddities: readonly string[] = JSON.parse(
  readFileSync('tests/fuzz/oddStatements.json', 'utf8'),
) as string[]
const odd = fc.constantFrom(...oddities).map((text) => `\n${text}\n`)
const assembled = fc
  .array(fc.constantFrom(...oddities), { minLength: 1, maxLength: 5 })
  .map((all) => all.join('\n'))
/** The longest program that a link may bring. */
const longest = 50_000
/** What is repeated, and what then makes it a program; some of them nest in the tree only. */
const repeated = [
  ...['( )', '[ ]', '{ }', '! 1', 'a( )', '`${ }`', 'if(a) b', 'x=> 1', 'a? 1', '()=>{ }', '- 1', '[... ]'],
  ...[
    'a. b',
    '1+ 1',
    '1** 1',
    'a, b',
    'a= 1',
    'a?. b',
    'a?? b',
    'a&& b',
    'a[0] b',
    'a`` ;',
    'if(a){}else b',
    'a: b',
  ],
  ...['class A extends B', 'let a;  ', 'export{}; ', '/**/ ', '"", ""', 'async( )'],
]
const lengths = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: longest }))
const deep = fc.tuple(lengths, fc.constantFrom(...repeated), fc.boolean()).map(([length, pair, closes]) => {
  const [opening = '', closing = ''] = pair.split(/(?<=\S) /)
  const count = Math.ceil(length / (opening.length + closing.length))
  const isPair = /^[)\]}]/.test(closing)
  return opening.repeat(count) + (closes ? closing.repeat(isPair ? count : 1) : '')
})
const texts = fc.oneof(
  { weight: 4, arbitrary: mutatedText(programs, fc.oneof(hostileText(40), odd)) },
  { weight: 4, arbitrary: mutatedText(assembled) },
  { weight: 4, arbitrary: assembled },
  { weight: 4, arbitrary: hostileText(500) },
  // Tens of thousands of characters each.
  { weight: 1, arbitrary: deep },
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

  fuzz('is underlined where it does not parse', texts, (text) => {
    for (const { from, to, message } of syntaxProblems(text)) {
      expect([from >= 0, from <= to, to <= text.length]).toEqual([true, true, true])
      expect(message.length).toBeLessThan(longestMessage)
    }
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
