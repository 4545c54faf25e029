/** Prepares a program's text for evaluation: resolves imports and inserts line markers, keeping line numbers. */
import {
  getLineInfo,
  parse,
  tokenizer,
  type ImportDeclaration,
  type Identifier,
  type ImportExpression,
  type Literal,
  type ModuleDeclaration,
  type Program,
  type Statement,
} from 'acorn'
import { simple } from 'acorn-walk'
import MagicString from 'magic-string'
import { cutText } from '../util/cutText'
import { ProgramError } from '../util/errors'
import { limits } from '../util/laneLimits'
import { syntaxMessage, tooDeep } from '../util/spelling'
import { importProblem } from './importedNames'
import { markPassing } from './passingValues'
import { markReads } from './scopeReads'
import { boundNames } from './scopes'

/** What the inserted calls are in the module that gives them. */
export const lineHook = 'line'
/** The name under which a program's exports are handed out. */
export const exportsHook = 'exports'
/** The name under which readers of a program's scopes are handed out. */
export const scopesHook = 'scopes'
/** The name under which what tells of chance and time in a step is handed out. */
export const passingHook = 'passing'

/** A program that does not parse or imports what is not there; positions count from 1. */
export class ProgramSyntaxError extends ProgramError {
  override name = 'ProgramSyntaxError'
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message)
  }
}

type Node = Statement | ModuleDeclaration

/**
 * The text to evaluate: the program with `$line(n)` before each statement and in each loop, `$scope(n, readers)` at the
 * beginning of each function that reads from outside of itself, `$exports({ … })` with a getter for each exported name in
 * front, and for a model or an optimizer that is not exported, and every import specifier replaced by what `resolve` gives. Where the program has such names itself, the inserted ones are numbered.
 * Throws `ProgramSyntaxError`.
 */
export function instrument(
  text: string,
  runtimeUrl: string,
  resolve: (specifier: string) => string | undefined,
  namesOf: (specifier: string) => readonly string[] | undefined = () => undefined,
): string {
  const program = parseProgram(text)
  const edited = new MagicString(text)
  const [lineMarker, exportsMarker] = [unusedName(text, '$line'), unusedName(text, '$exports')]
  const scopeMarker = unusedName(text, '$scope')
  const reads = withinDepth(() => markReads(edited, program, scopeMarker))
  const scopes =
    reads.length === 0
      ? { imported: '', made: '' }
      : {
          imported: `, ${scopesHook} as ${scopeMarker}s`,
          made: `const ${scopeMarker} = ${scopeMarker}s(${JSON.stringify(reads)}); `,
        }
  markLines(edited, program, lineMarker)
  const passing = passingParts(edited, program, unusedName(text, '$passing'))
  for (const node of program.body) {
    refuseThen(node)
    resolveImport(edited, node, resolve)
    if (node.type !== 'ImportDeclaration') continue
    const names = namesOf(String(node.source.value))
    assertImported(node, names)
    if (names?.includes('default')) importWhole(edited, node)
  }
  const getters = [...unexportedNames(program), ...exportedNames(program)]
    .map(([exported, local]) => `${JSON.stringify(exported)}: () => ${local}`)
    .join(', ')
  // What stands in front of `#!` would make it an error.
  if (text.startsWith('#!')) edited.overwrite(0, 2, '//')
  edited.prepend(
    `import { ${lineHook} as ${lineMarker}, ${exportsHook} as ${exportsMarker}${scopes.imported}${passing.imported} } ` +
      `from ${JSON.stringify(runtimeUrl)}; ${scopes.made}${passing.made}${exportsMarker}({ ${getters} }); `,
  )
  return edited.toString()
}

interface Inserted {
  readonly imported: string
  readonly made: string
}

/** Marks readings of chance and time; gives what the program has in front for them. */
function passingParts(edited: MagicString, program: Program, marker: string): Inserted {
  if (!withinDepth(() => markPassing(edited, program, marker))) return { imported: '', made: '' }
  const isTorch = program.body.some(
    (node) => node.type === 'ImportDeclaration' && node.source.value === 'tandem/torch',
  )
  const made = `const ${marker} = ${marker}s(${JSON.stringify(isTorch ? 'torch' : 'keras')}); `
  return { imported: `, ${passingHook} as ${marker}s`, made }
}

/** Parses a program as an ES module with top-level `await`. Throws `ProgramSyntaxError`. */
function parseProgram(text: string): Program {
  return withinDepth(() => parsed(text))
}

/** Reads a text, which may be nested deeper than a reader can go. */
function withinDepth<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof RangeError ? new ProgramSyntaxError(tooDeep, 1, 1) : error
  }
}

function parsed(text: string): Program {
  try {
    const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
    refuseHtmlComment(text)
    // No other form loads a module while the program runs: parsers that know none refuse `import.source` and the like.
    simple(program, {
      ImportExpression: refuseImport,
      Literal: (node) => {
        if (node.regex) refuseWrittenImport(text)
      },
    })
    return program
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error
    const { line, column } = error.loc as { line: number; column: number }
    const message = cutText(syntaxMessage(error.message, text), limits.errorMessage)
    throw new ProgramSyntaxError(message, line, column + 1)
  }
}

/** Engines end with an error there, without a line, where the language has three operators. */
function refuseHtmlComment(text: string): void {
  if (!text.includes('<!--')) return
  for (const { start, loc } of tokenizer(text, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    locations: true,
  })) {
    if (!text.startsWith('<!--', start)) continue
    const { line = 0, column = 0 } = loc?.start ?? {}
    throw new ProgramSyntaxError(
      'program: expected a comment of JavaScript, got <!--. Write // instead.',
      line,
      column + 1,
    )
  }
}

/**
 * Where acorn reads a regular expression, an engine may read a division, and from there on code where acorn reads
 * texts: after `async function () {}` or `a?.return`, for example. So a program with regular expressions has no
 * `import(` at all, neither in them nor in texts and comments.
 */
function refuseWrittenImport(text: string): void {
  for (const { index } of text.matchAll(/import/g)) {
    const next = afterSpace(text, index + 'import'.length)
    const isPhase = text[next] === '.' && /^(?:source|defer)/.test(text.slice(afterSpace(text, next + 1)))
    if (text[next] !== '(' && !isPhase) continue
    const { line, column } = getLineInfo(text, index)
    throw new ProgramSyntaxError(
      'import: expected no import(…) in a program with regular expressions, also not in texts and comments, got one. ' +
        'Write it another way.',
      line,
      column + 1,
    )
  }
}

/** The first place from `at` on that is in no white space and no comment. */
function afterSpace(text: string, at: number): number {
  for (let place = at; ;) {
    if (/\s/.test(text[place] ?? '')) place++
    else if (text.startsWith('/*', place)) place = afterNext(text, '*/', place + 2)
    else if (text.startsWith('//', place)) place = afterNext(text, /[\n\r\u2028\u2029]/g, place + 2)
    else return place
  }
}

/** The place after the next `end` from `at` on, or the end of the text. */
function afterNext(text: string, end: string | RegExp, at: number): number {
  if (typeof end === 'string') {
    const found = text.indexOf(end, at)
    return found < 0 ? text.length : found + end.length
  }
  end.lastIndex = at
  return end.test(text) ? end.lastIndex : text.length
}

function refuseImport({ loc }: ImportExpression): never {
  const { line = 0, column = 0 } = loc?.start ?? {}
  throw new ProgramSyntaxError(
    "import: expected imports at the top of the program, got import(…) in it. Write import { … } from 'tandem/keras'. " +
      'Programs cannot load other modules.',
    line,
    column + 1,
  )
}

/** `base`, or the first of `base1`, `base2` … that is no name of the text. */
function unusedName(text: string, base: string): string {
  const named = new RegExp(`${base.replace('$', String.raw`\$`)}(\\d*)`, 'g')
  const used = new Set([...withoutEscapes(text).matchAll(named)].map(([, digits = '']) => digits))
  let digits = ''
  for (let number = 1; used.has(digits); number++) digits = String(number)
  return base + digits
}

/** Names can be written with escapes: `\\u0024line`. */
function withoutEscapes(text: string): string {
  return text.replaceAll(
    /\\u(?:\{0*([\da-f]{1,6})\}|([\da-f]{4}))/gi,
    (_, inBraces?: string, plain?: string) => {
      const code = Number.parseInt(inBraces ?? plain ?? '', 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : ''
    },
  )
}

/** Inserts a call before each statement, and into loops whose body has no braces. */
function markLines(edited: MagicString, program: Program, lineMarker: string): void {
  const mark = (statements: readonly Node[]) => {
    for (const statement of statements) markLine(edited, statement, lineMarker)
  }
  const markLoop = ({ body }: { readonly body: Statement }) => {
    if (body.type === 'BlockStatement') return
    edited.appendLeft(body.start, `{${lineMarker}(${lineOf(body)});`)
    edited.appendLeft(body.end, '}')
  }
  simple(program, {
    Program: (node) => mark(node.body),
    BlockStatement: (node) => mark(node.body),
    StaticBlock: (node) => mark(node.body),
    SwitchCase: (node) => mark(node.consequent),
    ForStatement: markLoop,
    ForInStatement: markLoop,
    ForOfStatement: markLoop,
    WhileStatement: markLoop,
    DoWhileStatement: markLoop,
  })
}

const unmarked = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'FunctionDeclaration'])

/**
 * The marker also parts statements as acorn reads them: `x = async function () {}` and a regular expression in the next
 * line are one division to an engine, and with the marker between them they are two statements to both.
 */
function markLine(edited: MagicString, statement: Node, lineMarker: string): void {
  if (unmarked.has(statement.type) || ('directive' in statement && statement.directive)) return
  edited.appendLeft(statement.start, `${lineMarker}(${lineOf(statement)});`)
}

function lineOf(node: Node): number {
  return node.loc?.start.line ?? 0
}

function resolveImport(
  edited: MagicString,
  node: Node,
  resolve: (specifier: string) => string | undefined,
): void {
  const isImport =
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportAllDeclaration' ||
    node.type === 'ExportNamedDeclaration'
  if (!isImport || !node.source) return
  const specifier = String(node.source.value)
  const column = (node.loc?.start.column ?? 0) + 1
  const url = resolve(specifier)
  if (url === undefined) {
    throw new ProgramSyntaxError(
      `import: expected 'tandem/keras', 'tandem/torch', 'tandem/data' or 'tandem/run', got '${cutText(specifier, limits.name)}'. ` +
        'Programs cannot load other modules.',
      lineOf(node),
      column,
    )
  }
  if (node.attributes.length > 0) {
    const message = `import: expected a module without attributes, got '${specifier}' with some. Leave out what follows it.`
    throw new ProgramSyntaxError(message, lineOf(node), column)
  }
  edited.overwrite(node.source.start, node.source.end, JSON.stringify(url))
}

/** `import * as torch` as `import torch`: that object knows its names, a namespace gives nothing for a wrong one. */
function importWhole(edited: MagicString, { specifiers }: ImportDeclaration): void {
  for (const { type, start, end, local } of specifiers) {
    if (type !== 'ImportNamespaceSpecifier') continue
    edited.overwrite(start, end, specifiers.length === 1 ? local.name : `{ default as ${local.name} }`)
  }
}

/** Throws `ProgramSyntaxError` for a name that the module does not export; the engine's own message would show our URLs. */
function assertImported(node: ImportDeclaration, names: readonly string[] | undefined): void {
  if (!names) return
  for (const specifier of node.specifiers) {
    const wanted = importedName(specifier)
    const problem = wanted === null ? null : importProblem(String(node.source.value), wanted, names)
    if (problem === null) continue
    const { line = 0, column = 0 } = specifier.loc?.start ?? {}
    throw new ProgramSyntaxError(problem, line, column + 1)
  }
}

/** Null for `* as name`. */
function importedName(specifier: ImportDeclaration['specifiers'][number]): string | null {
  if (specifier.type === 'ImportNamespaceSpecifier') return null
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : String(specifier.imported.value)
}

/** What programs call what they ought to export. */
const usualNames = { model: ['model', 'net', 'network'], optimizer: ['optimizer', 'opt'] } as const

/** Pairs of the name in the contract and a top-level variable that is called so: people forget to export it. */
function unexportedNames(program: Program): [string, string][] {
  const declared = program.body.flatMap((node) =>
    node.type === 'VariableDeclaration' ? node.declarations.map(({ id }) => id) : [],
  )
  const names = declared.flatMap((id) => (id.type === 'Identifier' ? [id.name] : []))
  return Object.entries(usualNames).flatMap(([exported, usual]): [string, string][] => {
    const local = usual.find((name) => names.includes(name))
    return local === undefined ? [] : [[exported, local]]
  })
}

/** Whoever awaits a module that exports `then` waits for it as for a promise. */
function refuseThen(node: Node): void {
  const exported = exportNodes(node).find((name) => nameOf(name) === 'then')
  if (!exported) return
  const { line = 0, column = 0 } = exported.loc?.start ?? {}
  throw new ProgramSyntaxError(
    'export: expected no export named then, got one. The program would be taken for a promise that never ends: rename it.',
    line,
    column + 1,
  )
}

/** Where the names stand that a statement exports; `export * from` and `default` have none. */
function exportNodes(node: Node): readonly (Identifier | Literal)[] {
  if (node.type === 'ExportAllDeclaration') return node.exported ? [node.exported] : []
  if (node.type !== 'ExportNamedDeclaration') return []
  const declared = node.declaration
  if (declared?.type === 'VariableDeclaration')
    return declared.declarations.flatMap(({ id }) => boundNames(id))
  return declared ? [declared.id] : node.specifiers.map(({ exported }) => exported)
}

function nameOf(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value)
}

/** Pairs of exported and local name. */
function exportedNames(program: Program): [string, string][] {
  return program.body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.source) return []
    const declared = node.declaration
    if (declared?.type === 'VariableDeclaration') {
      return declared.declarations.flatMap(({ id }): [string, string][] =>
        id.type === 'Identifier' ? [[id.name, id.name]] : [],
      )
    }
    if (declared) return [[declared.id.name, declared.id.name]]
    return node.specifiers.flatMap(({ exported, local }): [string, string][] =>
      exported.type === 'Identifier' && local.type === 'Identifier' ? [[exported.name, local.name]] : [],
    )
  })
}
