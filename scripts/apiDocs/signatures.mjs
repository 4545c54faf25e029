/** How functions are called: their parameters, the options among them, and the texts that may be given. */
import ts from 'typescript'
import { parameterList, ParameterTables } from './parameterTables.mjs'
import { firstSentence, TypeTexts } from './types.mjs'

/** @typedef {import('../../src/lib/components/editor/apiEntry').ApiEntry} ApiEntry */

/** Reads the signatures of functions. */
export class Signatures {
  #checker
  #tables
  #types

  /** @param {ts.TypeChecker} checker */
  constructor(checker) {
    this.#checker = checker
    this.#tables = new ParameterTables(checker)
    this.#types = new TypeTexts(checker)
  }

  /**
   * Of several ways to call a function, the one that states all parameters.
   * @param {ts.Type} type
   */
  callOf(type) {
    const calls = type.getCallSignatures()
    return calls.find((call) => this.#tables.of(call)) ?? calls[0]
  }

  /** @param {ts.Signature} signature */
  parameters(signature) {
    const table = this.#tables.of(signature)
    if (table) return parameterList(table)
    return signature.parameters
      .map((parameter) => {
        const declaration = parameter.valueDeclaration
        if (!declaration || !ts.isParameter(declaration)) return parameter.name
        const isOptional = declaration.questionToken !== undefined || declaration.initializer !== undefined
        const rest = declaration.dotDotDotToken ? '...' : ''
        const type = this.#checker.getTypeOfSymbolAtLocation(parameter, declaration)
        const name = ts.isIdentifier(declaration.name) ? parameter.name : 'options'
        return `${rest}${name}${isOptional ? '?' : ''}: ${this.#types.of(type)}`
      })
      .join(', ')
  }

  /** @param {ts.Signature} signature */
  options(signature) {
    const table = this.#tables.of(signature)
    if (!table) return this.#optionsOfObject(signature)
    /** @type {Record<string, ApiEntry>} */
    const options = {}
    for (const { name, type, mark, doc, values } of table) {
      options[name] = { kind: 'value', signature: `${name}${mark}: ${type}`, ...doc, ...values }
    }
    return table.length > 0 ? { options } : {}
  }

  /** @param {ts.Signature} signature */
  texts(signature) {
    /** @type {Record<number, readonly string[]>} */
    const texts = {}
    const positional = this.#tables.of(signature)?.filter(({ isNamed }) => !isNamed)
    for (const [position, { values }] of positional?.entries() ?? []) {
      if (values.values) texts[position] = values.values
    }
    if (positional) return Object.keys(texts).length > 0 ? { texts } : {}
    for (const [position, parameter] of signature.parameters.entries()) {
      const declaration = parameter.valueDeclaration
      if (!declaration) continue
      const { values } = this.#types.values(this.#checker.getTypeOfSymbolAtLocation(parameter, declaration))
      if (values) texts[position] = values
    }
    return Object.keys(texts).length > 0 ? { texts } : {}
  }

  /** @param {ts.Signature} signature */
  #optionsOfObject(signature) {
    for (const parameter of signature.parameters) {
      const declaration = parameter.valueDeclaration
      if (!declaration || !ts.isParameter(declaration)) continue
      const given = this.#checker.getTypeOfSymbolAtLocation(parameter, declaration)
      const type = optionsOrValue(this.#checker.getNonNullableType(given))
      const isOptions = type.isIntersection() || (type.flags & ts.TypeFlags.Object) !== 0
      if (!isOptions || this.#checker.isArrayLikeType(type) || type.getCallSignatures().length > 0) continue
      if (type.isClass() || type.getStringIndexType()) continue
      const options = this.#optionEntries(type)
      if (Object.keys(options).length > 0) return { options }
    }
    return {}
  }

  /** @param {ts.Type} type */
  #optionEntries(type) {
    /** @type {Record<string, ApiEntry>} */
    const options = {}
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const declaration = property.valueDeclaration
      if (!declaration || !ts.isPropertySignature(declaration)) continue
      if (declaration.getSourceFile().fileName.includes('node_modules')) continue
      const value = this.#checker.getTypeOfSymbolAtLocation(property, declaration)
      const mark = declaration.questionToken ? '?' : ''
      const text = this.#types.of(declaration.questionToken ? this.#checker.getNonNullableType(value) : value)
      options[property.name] = {
        kind: 'value',
        signature: `${property.name}${mark}: ${text}`,
        ...firstSentence(property, this.#checker),
        ...this.#types.values(value),
      }
    }
    return options
  }
}

/**
 * The options of a parameter that may be a single value instead, as the learning rate of `new optimizers.SGD(0.1)`.
 * @param {ts.Type} type
 */
function optionsOrValue(type) {
  const parts = type.isUnion() ? type.types : []
  return parts.find(({ symbol, aliasSymbol }) => /Options$/.test((aliasSymbol ?? symbol)?.name ?? '')) ?? type
}
