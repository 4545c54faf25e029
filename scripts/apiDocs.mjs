/**
 * The module `virtual:api-docs`: names, signatures and first sentences of what programs may import. TypeScript reads
 * them from the sources whenever the site is built, so that they cannot fall behind.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = {
  'tandem/keras': 'src/lib/core/keras/index.ts',
  'tandem/torch': 'src/lib/core/torch/index.ts',
  'tandem/data': 'src/lib/core/data/index.ts',
}
/** The one module that is an object: the functions for one run. */
const runModule = { file: 'src/lib/core/program/modules.ts', specifier: 'tandem/run' }

const moduleId = 'virtual:api-docs'

/** @typedef {import('../src/lib/components/editor/apiEntry').ApiEntry} ApiEntry */
/** @typedef {import('../src/lib/components/editor/apiEntry').ApiObject} ApiObject */
/**
 * One parameter of a table; an empty fallback is none that has a text.
 * @typedef {{ name: string, type: string, mark: '' | '?', fallback?: string | undefined, isNamed: boolean,
 *   doc: { doc?: string }, values: { values?: readonly string[] } }} TableEntry
 */

/** @returns {import('vite').Plugin} */
export function apiDocs() {
  return {
    name: 'api-docs',
    resolveId: (id) => (id === moduleId ? `\0${moduleId}` : undefined),
    load: (id) => (id === `\0${moduleId}` ? apiDocsModule() : undefined),
  }
}

function apiDocsModule() {
  const { modules: found, objects } = new Reader().read()
  // Parsing a string is quicker than evaluating as much code.
  return `export const { modules, objects } = JSON.parse(${JSON.stringify(JSON.stringify({ modules: found, objects }))})`
}

class Reader {
  #program = ts.createProgram(
    [...Object.values(modules), runModule.file].map((file) => resolve(root, file)),
    {
      strict: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      skipLibCheck: true,
      types: [],
      lib: ['lib.es2024.d.ts', 'lib.dom.d.ts'],
    },
  )
  #checker = this.#program.getTypeChecker()
  /** @type {Record<string, ApiObject>} */
  #objects = {}

  read() {
    return { modules: this.#modules(), objects: this.#objects }
  }

  /** @returns {Record<string, ApiEntry>} */
  #modules() {
    /** @type {Record<string, ApiEntry>} */
    const found = {}
    for (const [specifier, file] of Object.entries(modules)) {
      const source = this.#source(file)
      const symbol = this.#checker.getSymbolAtLocation(source)
      if (!symbol) throw new Error(`${file}: expected a module, got none. Correct scripts/apiDocs.mjs.`)
      found[specifier] = {
        kind: 'module',
        signature: specifier,
        members: this.#members(this.#checker.getExportsOfModule(symbol)),
      }
    }
    found[runModule.specifier] = {
      kind: 'module',
      signature: runModule.specifier,
      members: this.#runMembers(),
    }
    return found
  }

  /** @param {string} file */
  #source(file) {
    const source = this.#program.getSourceFile(resolve(root, file))
    if (!source) throw new Error(`${file}: expected a source file, got none. Correct scripts/apiDocs.mjs.`)
    return source
  }

  #runMembers() {
    /** @type {Record<string, ApiEntry>} */
    let members = {}
    /** @param {ts.Node} node */
    const visit = (node) => {
      if (
        ts.isPropertyAssignment(node) &&
        ts.isStringLiteral(node.name) &&
        node.name.text === runModule.specifier
      ) {
        members = this.#members(this.#checker.getTypeAtLocation(node.initializer).getProperties())
      }
      ts.forEachChild(node, visit)
    }
    visit(this.#source(runModule.file))
    return members
  }

  /** @param {readonly ts.Symbol[]} symbols */
  #members(symbols) {
    /** @type {Record<string, ApiEntry>} */
    const members = {}
    for (const symbol of symbols) {
      const entry = this.#entry(symbol)
      if (entry) members[symbol.name] = entry
    }
    return members
  }

  /**
   * @param {ts.Symbol} symbol
   * @returns {ApiEntry | null}
   */
  #entry(symbol) {
    const original = this.#original(symbol)
    if (!(original.flags & ts.SymbolFlags.Value)) return null
    const doc = firstSentence(original, this.#checker)
    if (original.flags & ts.SymbolFlags.ValueModule) {
      const members = this.#members(this.#checker.getExportsOfModule(original))
      return { kind: 'group', signature: symbol.name, ...doc, members }
    }
    const declaration = original.valueDeclaration
    if (!declaration) return null
    const type = this.#checker.getTypeOfSymbolAtLocation(original, declaration)
    if (original.flags & ts.SymbolFlags.Class) return this.#class(symbol.name, type, doc)
    const call = this.#callOf(type)
    if (call) return this.#function(symbol.name, call, doc)
    const isGroup = ts.isVariableDeclaration(declaration) && type.getProperties().length > 0
    if (isGroup) {
      return { kind: 'group', signature: symbol.name, ...doc, members: this.#members(type.getProperties()) }
    }
    return { kind: 'value', signature: `${symbol.name}: ${this.#typeText(type)}`, ...doc }
  }

  /**
   * What an alias or a shorthand property stands for.
   * @param {ts.Symbol} symbol
   * @returns {ts.Symbol}
   */
  #original(symbol) {
    if (symbol.flags & ts.SymbolFlags.Alias) return this.#original(this.#checker.getAliasedSymbol(symbol))
    const declaration = symbol.valueDeclaration
    if (declaration && ts.isShorthandPropertyAssignment(declaration)) {
      const value = this.#checker.getShorthandAssignmentValueSymbol(declaration)
      if (value) return this.#original(value)
    }
    return symbol
  }

  /**
   * @param {string} name
   * @param {ts.Type} type
   * @param {{ doc?: string }} doc
   * @returns {ApiEntry}
   */
  #class(name, type, doc) {
    const construct = type.getConstructSignatures()[0]
    const object = construct ? this.#object(construct.getReturnType()) : undefined
    const parameters = construct ? this.#parameters(construct) : ''
    return {
      kind: 'class',
      signature: `new ${name}(${parameters})`,
      ...doc,
      ...(construct ? { ...this.#options(construct), ...this.#texts(construct) } : {}),
      ...(object === undefined ? {} : { object }),
    }
  }

  /**
   * Notes what the objects of one of our classes have, and gives the name it is noted under.
   * @param {ts.Type} given
   * @returns {string | undefined}
   */
  #object(given) {
    // Of a class with type parameters, such as Module<Output>, the class itself.
    const type = /** @type {ts.Type} */ (/** @type {ts.TypeReference} */ (given).target ?? given)
    const file = type.symbol?.valueDeclaration?.getSourceFile().fileName ?? ''
    const folder = /\/src\/lib\/core\/(\w+)\//.exec(file)?.[1]
    if (folder === undefined || !type.isClassOrInterface() || !type.isClass()) return undefined
    const name = `${folder}.${type.symbol.name}`
    if (this.#objects[name]) return name
    /** @type {ApiObject} */
    const object = (this.#objects[name] = { members: {} })
    Object.assign(object.members, this.#ownMembers(type))
    for (const base of this.#checker.getBaseTypes(type)) {
      const baseName = this.#object(base)
      if (baseName === undefined) Object.assign(object.members, this.#mappedMembers(base))
      else object.base = baseName
    }
    return name
  }

  /**
   * What an interface takes over from a table of operations.
   * @param {ts.Type} type
   */
  #mappedMembers(type) {
    /** @type {Record<string, ApiEntry>} */
    const members = {}
    for (const property of type.getProperties()) {
      const declaration = property.valueDeclaration ?? property.declarations?.[0]
      const entry = declaration && this.#member(property, declaration)
      if (entry) members[property.name] = entry
    }
    return members
  }

  /** @param {ts.InterfaceType} type */
  #ownMembers(type) {
    /** @type {Record<string, ApiEntry>} */
    const members = {}
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const declaration = property.valueDeclaration
      if (!declaration || property.name.startsWith('__')) continue
      const name = ts.getNameOfDeclaration(declaration)
      if (name && ts.isPrivateIdentifier(name)) continue
      if (!type.symbol.declarations?.some((one) => one === owner(declaration))) continue
      const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected
      if (ts.getCombinedModifierFlags(declaration) & hidden) continue
      const entry = this.#member(property, declaration)
      if (entry) members[property.name] = entry
    }
    return members
  }

  /**
   * @param {ts.Symbol} property
   * @param {ts.Declaration} declaration
   * @returns {ApiEntry | null}
   */
  #member(property, declaration) {
    const doc = firstSentence(property, this.#checker)
    const type = this.#checker.getTypeOfSymbolAtLocation(property, declaration)
    const call = this.#callOf(type)
    if (call) return this.#function(property.name, call, doc)
    return { kind: 'value', signature: `${property.name}: ${this.#typeText(type)}`, ...doc }
  }

  /**
   * @param {string} name
   * @param {ts.Signature} call
   * @param {{ doc?: string }} doc
   * @returns {ApiEntry}
   */
  #function(name, call, doc) {
    const result = call.getReturnType()
    const object = this.#object(result)
    return {
      kind: 'function',
      signature: `${name}(${this.#parameters(call)}): ${this.#typeText(result)}`,
      ...doc,
      ...this.#options(call),
      ...this.#texts(call),
      ...(object === undefined ? {} : { object }),
    }
  }

  /**
   * Of several ways to call a function, the one that states all parameters.
   * @param {ts.Type} type
   */
  #callOf(type) {
    const calls = type.getCallSignatures()
    return calls.find((call) => this.#tableOf(call)) ?? calls[0]
  }

  /** @param {ts.Signature} signature */
  #parameters(signature) {
    const table = this.#tableOf(signature)
    if (table) return parameterList(table)
    return signature.parameters
      .map((parameter) => {
        const declaration = parameter.valueDeclaration
        if (!declaration || !ts.isParameter(declaration)) return parameter.name
        const isOptional = declaration.questionToken !== undefined || declaration.initializer !== undefined
        const rest = declaration.dotDotDotToken ? '...' : ''
        const type = this.#checker.getTypeOfSymbolAtLocation(parameter, declaration)
        const name = ts.isIdentifier(declaration.name) ? parameter.name : 'options'
        return `${rest}${name}${isOptional ? '?' : ''}: ${this.#typeText(type)}`
      })
      .join(', ')
  }

  /** @param {ts.Signature} signature */
  #options(signature) {
    const table = this.#tableOf(signature)
    if (!table) return this.#optionsOfObject(signature)
    /** @type {Record<string, ApiEntry>} */
    const options = {}
    for (const { name, type, mark, doc, values } of table) {
      options[name] = { kind: 'value', signature: `${name}${mark}: ${type}`, ...doc, ...values }
    }
    return table.length > 0 ? { options } : {}
  }

  /**
   * The parameters of a function that states them in a table; undefined for others. What has no effect is left out.
   * @param {ts.Signature} signature
   * @returns {readonly TableEntry[] | undefined}
   */
  #tableOf(signature) {
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
        given.flags & ts.TypeFlags.Unknown ? 'any' : this.#typeText(this.#checker.getNonNullableType(given)),
      mark: stated.fallback === undefined ? '' : '?',
      fallback: stated.fallback,
      isNamed: stated.isNamed,
      doc: firstSentence(property, this.#checker),
      values: this.#values(given),
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
    const declaration = symbol && this.#original(symbol).valueDeclaration
    return declaration ? this.#statement(declaration) : { isNamed: false, isUnused: false }
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
      const text = this.#typeText(declaration.questionToken ? this.#checker.getNonNullableType(value) : value)
      options[property.name] = {
        kind: 'value',
        signature: `${property.name}${mark}: ${text}`,
        ...firstSentence(property, this.#checker),
        ...this.#values(value),
      }
    }
    return options
  }

  /** @param {ts.Signature} signature */
  #texts(signature) {
    /** @type {Record<number, readonly string[]>} */
    const texts = {}
    const positional = this.#tableOf(signature)?.filter(({ isNamed }) => !isNamed)
    for (const [position, { values }] of positional?.entries() ?? []) {
      if (values.values) texts[position] = values.values
    }
    if (positional) return Object.keys(texts).length > 0 ? { texts } : {}
    for (const [position, parameter] of signature.parameters.entries()) {
      const declaration = parameter.valueDeclaration
      if (!declaration) continue
      const { values } = this.#values(this.#checker.getTypeOfSymbolAtLocation(parameter, declaration))
      if (values) texts[position] = values
    }
    return Object.keys(texts).length > 0 ? { texts } : {}
  }

  /**
   * The texts that a value of this type, or an entry of its list, may be.
   * @param {ts.Type} type
   * @returns {{ values?: readonly string[] }}
   */
  #values(type) {
    const parts = type.isUnion() ? type.types : [type]
    const entries = parts
      .filter((part) => this.#checker.isArrayType(part))
      .map((list) => this.#checker.getIndexTypeOfType(list, ts.IndexKind.Number))
    const texts = [...parts, ...entries.flatMap((entry) => (entry?.isUnion() ? entry.types : (entry ?? [])))]
    const values = texts.flatMap((part) => (part.isStringLiteral() ? part.value : []))
    return values.length > 0 ? { values } : {}
  }

  /** @param {ts.Type} type */
  #typeText(type) {
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
}

/**
 * The options of a parameter that may be a single value instead, as the learning rate of `new optimizers.SGD(0.1)`.
 * @param {ts.Type} type
 */
function optionsOrValue(type) {
  const parts = type.isUnion() ? type.types : []
  return parts.find(({ symbol, aliasSymbol }) => /Options$/.test((aliasSymbol ?? symbol)?.name ?? '')) ?? type
}

/**
 * `(other: Tensor | number, dim = 0, { alpha = 1 })`: those in braces are given by name only.
 * @param {readonly TableEntry[]} table
 */
function parameterList(table) {
  const textOf = (/** @type {TableEntry} */ { name, type, fallback, mark }) =>
    fallback ? `${name} = ${fallback}` : `${name}${mark}: ${type}`
  const named = table.filter(({ isNamed }) => isNamed).map(textOf)
  const positional = table.filter(({ isNamed }) => !isNamed).map(textOf)
  return [...positional, ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])].join(', ')
}

/**
 * @param {ts.Symbol} symbol
 * @param {ts.TypeChecker} checker
 * @returns {{ doc?: string }}
 */
function firstSentence(symbol, checker) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim()
  if (text === '') return {}
  return { doc: /^.*?[.:;](?=\s+[A-Z]|$)/.exec(text)?.[0] ?? text }
}

/**
 * The class that a member stands in, a parameter property in its constructor included.
 * @param {ts.Declaration} declaration
 */
function owner(declaration) {
  return ts.isParameter(declaration) ? declaration.parent.parent : declaration.parent
}
