/** What TypeScript knows of symbols and types, as text. */
import ts from 'typescript'

/** Reads types; each is written as a program would have it. */
export class TypeTexts {
  #checker

  /** @param {ts.TypeChecker} checker */
  constructor(checker) {
    this.#checker = checker
  }

  /**
   * At most 120 characters.
   * @param {ts.Type} type
   */
  of(type) {
    const text = this.#checker.typeToString(
      type,
      undefined,
      ts.TypeFormatFlags.NoTruncation |
        ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope |
        ts.TypeFormatFlags.OmitParameterModifiers,
    )
    const short = text.replaceAll(/import\("[^"]*"\)\./g, '').replaceAll(/typeof /g, '')
    return short.length <= 120 ? short : `${short.slice(0, 117)}…`
  }

  /**
   * The texts that a value of this type, or an entry of its list, may be.
   * @param {ts.Type} type
   * @returns {{ values?: readonly string[] }}
   */
  values(type) {
    const parts = type.isUnion() ? type.types : [type]
    const entries = parts
      .filter((part) => this.#checker.isArrayType(part))
      .map((list) => this.#checker.getIndexTypeOfType(list, ts.IndexKind.Number))
    const texts = [...parts, ...entries.flatMap((entry) => (entry?.isUnion() ? entry.types : (entry ?? [])))]
    const values = texts.flatMap((part) => (part.isStringLiteral() ? part.value : []))
    return values.length > 0 ? { values } : {}
  }
}

/**
 * What an alias or a shorthand property stands for.
 * @param {ts.Symbol} symbol
 * @param {ts.TypeChecker} checker
 * @returns {ts.Symbol}
 */
export function originalOf(symbol, checker) {
  if (symbol.flags & ts.SymbolFlags.Alias) return originalOf(checker.getAliasedSymbol(symbol), checker)
  const declaration = symbol.valueDeclaration
  if (declaration && ts.isShorthandPropertyAssignment(declaration)) {
    const value = checker.getShorthandAssignmentValueSymbol(declaration)
    if (value) return originalOf(value, checker)
  }
  return symbol
}

/**
 * What the comment of a declaration says first.
 * @param {ts.Symbol} symbol
 * @param {ts.TypeChecker} checker
 * @returns {{ doc?: string }}
 */
export function firstSentence(symbol, checker) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim()
  if (text === '') return {}
  return { doc: /^.*?[.:;](?=\s+[A-Z]|$)/.exec(text)?.[0] ?? text }
}
