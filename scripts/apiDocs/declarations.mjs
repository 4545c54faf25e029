/** What modules export: their declarations, and what the objects of our classes have. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { Signatures } from './signatures.mjs'
import { firstSentence, originalOf, TypeTexts } from './types.mjs'

/** @typedef {import('../../src/lib/components/editor/apiEntry').ApiEntry} ApiEntry */
/** @typedef {import('../../src/lib/components/editor/apiEntry').ApiObject} ApiObject */

const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = {
  'tandem/keras': 'src/lib/core/keras/index.ts',
  'tandem/torch': 'src/lib/core/torch/index.ts',
  'tandem/data': 'src/lib/core/data/index.ts',
}
/** The one module that is an object: the functions for one run. */
const runModule = { file: 'src/lib/core/program/modules.ts', specifier: 'tandem/run' }

/** Reads what programs may import. */
export class Reader {
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
  #signatures = new Signatures(this.#checker)
  #types = new TypeTexts(this.#checker)

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
      if (!symbol)
        throw new Error(`${file}: expected a module, got none. Correct scripts/apiDocs/declarations.mjs.`)
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
    if (!source)
      throw new Error(`${file}: expected a source file, got none. Correct scripts/apiDocs/declarations.mjs.`)
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
    const original = originalOf(symbol, this.#checker)
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
    const call = this.#signatures.callOf(type)
    if (call) return this.#function(symbol.name, call, doc)
    const isGroup = ts.isVariableDeclaration(declaration) && type.getProperties().length > 0
    if (isGroup) {
      return { kind: 'group', signature: symbol.name, ...doc, members: this.#members(type.getProperties()) }
    }
    return { kind: 'value', signature: `${symbol.name}: ${this.#types.of(type)}`, ...doc }
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
    const parameters = construct ? this.#signatures.parameters(construct) : ''
    return {
      kind: 'class',
      signature: `new ${name}(${parameters})`,
      ...doc,
      ...(construct ? { ...this.#signatures.options(construct), ...this.#signatures.texts(construct) } : {}),
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
      if (property.getJsDocTags().some((tag) => tag.name === 'internal')) continue
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
    const call = this.#signatures.callOf(type)
    if (call) return this.#function(property.name, call, doc)
    return { kind: 'value', signature: `${property.name}: ${this.#types.of(type)}`, ...doc }
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
      signature: `${name}(${this.#signatures.parameters(call)}): ${this.#types.of(result)}`,
      ...doc,
      ...this.#signatures.options(call),
      ...this.#signatures.texts(call),
      ...(object === undefined ? {} : { object }),
    }
  }
}

/**
 * The class that a member stands in, a parameter property in its constructor included.
 * @param {ts.Declaration} declaration
 */
function owner(declaration) {
  return ts.isParameter(declaration) ? declaration.parent.parent : declaration.parent
}
