/** Tables of parameters, as functions state them: `parameters(name, { … })`. */
import ts from 'typescript'
import { firstSentence, originalOf, TypeTexts } from './types.mjs'

/**
 * One parameter of a table; an empty fallback is none that has a text.
 * @typedef {{ name: string, type: string, mark: '' | '?', fallback?: string | undefined, isNamed: boolean,
 *   doc: { doc?: string }, values: { values?: readonly string[] } }} TableEntry
 */

/** Reads the tables of functions. */
export class ParameterTables {
  #checker
  #texts

  /** @param {ts.TypeChecker} checker */
  constructor(checker) {
    this.#checker = checker
    this.#texts = new TypeTexts(checker)
  }

  /**
   * The parameters of a function that states them in a table; undefined for others. What has no effect is left out.
   * @param {ts.Signature} signature
   * @returns {readonly TableEntry[] | undefined}
   */
  of(signature) {
    const [given] = signature.parameters
    const declaration = given?.valueDeclaration
    if (!given || !declaration) return undefined
    const type = this.#checker.getTypeOfSymbolAtLocation(given, declaration)
    const alias = [type, ...(type.isUnion() ? type.types : [])].find(
      (part) => part.aliasSymbol?.name === 'Given',
    )
    const table = alias?.aliasTypeArguments?.[0]
    if (!table) return undefined
    const entries = table.getProperties().flatMap((property) => this.#tableEntry(property) ?? [])
    const order = this.#namesIn(table)
    return entries.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  }

  /**
   * The names of a table as its source lists them: TypeScript orders those of spread tables otherwise.
   * @param {ts.Type} table
   * @returns {readonly string[]}
   */
  #namesIn(table) {
    if (table.isIntersection()) return table.types.flatMap((part) => this.#namesIn(part))
    const [declaration] = table.symbol?.declarations ?? []
    if (!declaration || !ts.isObjectLiteralExpression(declaration)) {
      return table.getProperties().map(({ name }) => name)
    }
    return declaration.properties.flatMap((property) => {
      if (!ts.isSpreadAssignment(property)) return property.name?.getText() ?? []
      return this.#namesIn(this.#checker.getTypeAtLocation(property.expression))
    })
  }

  /**
   * @param {ts.Symbol} property
   * @returns {TableEntry | undefined}
   */
  #tableEntry(property) {
    const declaration = property.valueDeclaration
    if (!declaration) return undefined
    const parameter = this.#checker.getTypeOfSymbolAtLocation(property, declaration)
    const held = parameter.getProperty('type')
    if (!held) return undefined
    const given = this.#checker.getTypeOfSymbolAtLocation(held, declaration)
    const stated = this.#statement(declaration)
    if (stated.isUnused || given.flags & ts.TypeFlags.Null) return undefined
    return {
      name: property.name,
      type:
        given.flags & ts.TypeFlags.Unknown ? 'any' : this.#texts.of(this.#checker.getNonNullableType(given)),
      mark: stated.fallback === undefined ? '' : '?',
      fallback: stated.fallback,
      isNamed: stated.isNamed,
      doc: firstSentence(property, this.#checker),
      values: this.#texts.values(given),
    }
  }

  /**
   * What a chain such as `flag.named.or(false)` states, through the constants that it begins with.
   * @param {ts.Node} node
   * @returns {{ fallback?: string, isNamed: boolean, isUnused: boolean }}
   */
  #statement(node) {
    const start =
      ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) ? node.initializer : undefined
    if (ts.isShorthandPropertyAssignment(node)) {
      return this.#statementOf(this.#checker.getShorthandAssignmentValueSymbol(node))
    }
    /** @type {{ fallback?: string, isNamed: boolean, isUnused: boolean }} */
    const stated = { isNamed: false, isUnused: false }
    let part = start
    while (part) {
      const call = ts.isCallExpression(part) ? part : undefined
      const access = call ? call.expression : part
      if (!ts.isPropertyAccessExpression(access)) break
      const word = access.name.text
      if (word === 'or' && call) stated.fallback ??= call.arguments[0]?.getText()
      if (word === 'optional') stated.fallback ??= ''
      if (word === 'named') stated.isNamed = true
      if (word === 'unused') stated.isUnused = true
      part = access.expression
    }
    if (!part || !ts.isIdentifier(part)) return stated
    const before = this.#statementOf(this.#checker.getSymbolAtLocation(part))
    return {
      ...before,
      ...stated,
      isNamed: stated.isNamed || before.isNamed,
      isUnused: stated.isUnused || before.isUnused,
    }
  }

  /** @param {ts.Symbol | undefined} symbol */
  #statementOf(symbol) {
    const declaration = symbol && originalOf(symbol, this.#checker).valueDeclaration
    return declaration ? this.#statement(declaration) : { isNamed: false, isUnused: false }
  }
}

/**
 * `(other: Tensor | number, dim = 0, { alpha = 1 })`: those in braces are given by name only.
 * @param {readonly TableEntry[]} table
 */
export function parameterList(table) {
  const textOf = (/** @type {TableEntry} */ { name, type, fallback, mark }) =>
    fallback ? `${name} = ${fallback}` : `${name}${mark}: ${type}`
  const named = table.filter(({ isNamed }) => isNamed).map(textOf)
  const positional = table.filter(({ isNamed }) => !isNamed).map(textOf)
  return [...positional, ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])].join(', ')
}
