/** Prepares a program's text for evaluation: resolves imports and inserts line markers, keeping line numbers. */
import { parse, type ImportDeclaration, type ModuleDeclaration, type Program, type Statement } from 'acorn'
import { simple } from 'acorn-walk'
import MagicString from 'magic-string'
import { ProgramError } from '../util/errors'
import { syntaxMessage } from '../util/spelling'
import { importProblem } from './importedNames'

/** The names under which the inserted calls reach the run. */
export const lineMarker = '$line'
export const exportsMarker = '$exports'

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
 * The text to evaluate: the program with `$line(n)` before each statement, `$exports({ … })` with a
 * getter for each exported name in front, and for a model or an optimizer that is not exported, and every import specifier replaced by what `resolve` gives.
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
  const mark = (statements: readonly Node[]) => {
    for (const statement of statements) markLine(edited, statement)
  }
  simple(program, {
    Program: (node) => mark(node.body),
    BlockStatement: (node) => mark(node.body),
    StaticBlock: (node) => mark(node.body),
    SwitchCase: (node) => mark(node.consequent),
  })
  for (const node of program.body) {
    resolveImport(edited, node, resolve)
    if (node.type === 'ImportDeclaration') assertImported(node, namesOf(String(node.source.value)))
  }
  const getters = [...unexportedNames(program), ...exportedNames(program)]
    .map(([exported, local]) => `${JSON.stringify(exported)}: () => ${local}`)
    .join(', ')
  edited.prepend(
    `import { ${lineMarker}, ${exportsMarker} } from ${JSON.stringify(runtimeUrl)}; ${exportsMarker}({ ${getters} }); `,
  )
  return edited.toString()
}

/** Parses a program as an ES module with top-level `await`. Throws `ProgramSyntaxError`. */
function parseProgram(text: string): Program {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error
    const { line, column } = error.loc as { line: number; column: number }
    throw new ProgramSyntaxError(syntaxMessage(error.message, text), line, column + 1)
  }
}

const unmarked = new Set(['ImportDeclaration', 'ExportAllDeclaration', 'FunctionDeclaration'])

function markLine(edited: MagicString, statement: Node): void {
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
  const url = resolve(specifier)
  if (url === undefined) {
    throw new ProgramSyntaxError(
      `import: expected 'tandem/keras', 'tandem/torch', 'tandem/data' or 'tandem/run', got '${specifier}'. ` +
        'Programs cannot load other modules.',
      lineOf(node),
      (node.loc?.start.column ?? 0) + 1,
    )
  }
  edited.overwrite(node.source.start, node.source.end, JSON.stringify(url))
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
