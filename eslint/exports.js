/** Lint rules for what modules export: each export has a doc comment, and something beside tests uses it, if only its own module. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'

/** Where imports are looked for. */
const roots = [
  'src',
  'scripts',
  'tests',
  'models',
  'eslint',
  'vite.config.ts',
  'vitest.config.ts',
  'svelte.config.js',
]
const endings = ['', '.ts', '.js', '.mjs', '.svelte', '/index.ts']
const everything = '*'

/** @param {string} path */
const isTest = (path) => path.startsWith('tests/') || /\.test\.(ts|js|mjs)$/.test(path)

/** @typedef {Map<string, Set<string>>} Uses names that are used of each file, by its path from the root */

/**
 * What the files below the root import of one another, tests left out.
 * @param {string} root
 * @returns {Uses}
 */
export function usesIn(root) {
  /** @type {Uses} */
  const uses = new Map()
  for (const path of roots.flatMap((name) => sources(root, name))) {
    if (isTest(path)) continue
    for (const { specifier, names } of importsOf(scriptOf(path, readFileSync(join(root, path), 'utf8')))) {
      const target = fileOf(root, path, specifier)
      if (target === null) continue
      const used = uses.get(target) ?? new Set()
      for (const name of names) used.add(name)
      uses.set(target, used)
    }
  }
  return uses
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string[]}
 */
function sources(root, name) {
  const path = join(root, name)
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [name]
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs|svelte)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

/**
 * Of a component, its scripts.
 * @param {string} path
 * @param {string} text
 */
function scriptOf(path, text) {
  if (!path.endsWith('.svelte')) return text
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n')
}

/** @param {string} text */
function importsOf(text) {
  /** @type {{ specifier: string, names: string[] }[]} */
  const found = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    const specifier = specifierOf(node)
    if (specifier !== null) found.push({ specifier, names: namesOf(node) })
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, false))
  return found
}

/**
 * @param {ts.Node} node
 * @returns {string | null}
 */
function specifierOf(node) {
  const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
  const given = isImport
    ? node.moduleSpecifier
    : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      ? node.arguments[0]
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : undefined
  return given && ts.isStringLiteral(given) ? given.text : null
}

/**
 * The names that an import takes of its module.
 * @param {ts.Node} node
 * @returns {string[]}
 */
function namesOf(node) {
  if (ts.isExportDeclaration(node)) {
    if (!node.exportClause || ts.isNamespaceExport(node.exportClause)) return [everything]
    return node.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
  }
  if (!ts.isImportDeclaration(node)) return [everything]
  const clause = node.importClause
  const bindings = clause?.namedBindings
  const named = !bindings
    ? []
    : ts.isNamespaceImport(bindings)
      ? [everything]
      : bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
  return clause?.name ? ['default', ...named] : named
}

/**
 * @param {string} root
 * @param {string} from
 * @param {string} specifier
 */
function fileOf(root, from, specifier) {
  const [bare = ''] = specifier.split('?')
  const base = bare.startsWith('$lib/')
    ? join('src/lib', bare.slice('$lib/'.length))
    : bare.startsWith('.')
      ? relative(root, resolve(root, dirname(from), bare))
      : null
  if (base === null) return null
  const found = endings.find((ending) => {
    const path = join(root, base + ending)
    return existsSync(path) && statSync(path).isFile()
  })
  return found === undefined ? null : (base + found).split(sep).join('/')
}

/** @type {Map<string, Uses>} */
const known = new Map()

/** @param {string} root */
function usesOnce(root) {
  const uses = known.get(root) ?? usesIn(root)
  known.set(root, uses)
  return uses
}

/**
 * The names that a statement exports, with where they stand.
 * @param {any} node
 * @returns {{ name: string, node: any }[]}
 */
function exportedBy(node) {
  const { declaration } = node
  if (!declaration) return []
  if (declaration.type !== 'VariableDeclaration') return [{ name: declaration.id.name, node: declaration.id }]
  return declaration.declarations.flatMap((/** @type {any} */ { id }) =>
    id.type === 'Identifier' ? [{ name: id.name, node: id }] : [],
  )
}

/** @type {import('eslint').Rule.RuleModule} */
const documented = {
  meta: {
    type: 'suggestion',
    messages: { missing: "Say in a doc comment what '{{name}}' is: its shapes, units and errors, if any." },
  },
  create(context) {
    /** Further ways to call a function are documented with the first one. */
    const seen = new Set()
    return {
      ExportNamedDeclaration(node) {
        const [first] = exportedBy(node)
        if (!first || seen.has(first.name)) return
        seen.add(first.name)
        const before = context.sourceCode.getCommentsBefore(/** @type {any} */ (node)).at(-1)
        if (before?.type === 'Block' && before.value.startsWith('*')) return
        context.report({ node: first.node, messageId: 'missing', data: { name: first.name } })
      },
    }
  },
}

/** @type {import('eslint').Rule.RuleModule} */
const used = {
  meta: {
    type: 'suggestion',
    messages: { unused: "Nothing but tests uses '{{name}}': delete it, or move it to the tests." },
  },
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join('/')
    const uses = usesOnce(context.cwd).get(path) ?? new Set()
    return {
      ExportNamedDeclaration(node) {
        if (uses.has(everything)) return
        const { declaration } = node
        const declared = declaration
          ? context.sourceCode.getDeclaredVariables(/** @type {any} */ (declaration))
          : []
        for (const { name, references, identifiers, scope } of declared) {
          const [at] = identifiers
          if (
            !at ||
            scope.type !== 'module' ||
            uses.has(name) ||
            references.some((reference) => !reference.init)
          )
            continue
          context.report({ node: at, messageId: 'unused', data: { name } })
        }
      },
    }
  },
}

/** The rules by name. */
export default { rules: { documented, used } }
