/** What names in a program mean: followed from its imports through `new`, calls and dots. Guesses nothing else. */
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { ApiDocs, ApiEntry } from './apiEntry'

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>

/** `const` chains longer than this are not followed. */
const maxDepth = 8

/** Milliseconds that somebody who asks for a completion may wait for the rest of a program to be parsed. */
const parseMs = 200

/** The tree of the whole program, as far as it can be had at once. */
export function programTree(state: EditorState): ReturnType<typeof syntaxTree> {
  return ensureSyntaxTree(state, state.doc.length, parseMs) ?? syntaxTree(state)
}

/** What the names of one program mean. */
export class Meanings {
  readonly #imported = new Map<string, ApiEntry>()
  readonly #initialisers = new Map<string, SyntaxNode>()

  constructor(
    private readonly docs: ApiDocs,
    private readonly state: EditorState,
  ) {
    programTree(state).iterate({
      enter: ({ node }) => {
        if (node.name === 'ImportDeclaration') this.#addImports(node)
        if (node.name === 'VariableDeclaration') this.#addVariable(node)
      },
    })
  }

  get modules(): ApiDocs['modules'] {
    return this.docs.modules
  }

  get imported(): ReadonlyMap<string, ApiEntry> {
    return this.#imported
  }

  /** The module that an import names. */
  moduleOf(declaration: SyntaxNode): ApiEntry | undefined {
    const source = declaration.getChild('String')
    return source ? this.docs.modules[this.#text(source).slice(1, -1)] : undefined
  }

  /** What the name at `node` stands for: a variable, a member after a dot, an import or an option. */
  entryOf(node: SyntaxNode): ApiEntry | undefined {
    const { parent } = node
    if (node.name === 'PropertyName' && parent?.name === 'MemberExpression') return this.#named(parent, 0)
    if (node.name === 'PropertyDefinition') return this.optionsAround(node)?.[this.#text(node)]
    if (node.name === 'VariableName') return this.#named(node, 0)
    if (node.name !== 'VariableDefinition') return undefined
    return this.#imported.get(this.#text(node))
  }

  /** What may stand after the dot of a member expression. */
  membersOf(expression: SyntaxNode): Readonly<Record<string, ApiEntry>> | undefined {
    const object = expression.firstChild
    return object ? this.#members(object, 0) : undefined
  }

  /** The options of the call whose object literal is around `node`. */
  optionsAround(node: SyntaxNode): Readonly<Record<string, ApiEntry>> | undefined {
    let literal: SyntaxNode | null = node
    while (literal && literal.name !== 'ObjectExpression') {
      if (literal.name === 'Property' && isAfterColon(literal, node)) return undefined
      literal = literal.parent
    }
    const call = literal?.parent?.name === 'ArgList' ? literal.parent.parent : null
    return call ? this.#called(call, 0)?.options : undefined
  }

  /** The texts that the string at `node` may be: an option of a call, an entry of its list, or an argument. */
  textsAt(node: SyntaxNode): readonly string[] | undefined {
    const { parent } = node
    if (parent?.name === 'ArgList') return this.#argumentTexts(parent, node)
    const property = parent?.name === 'ArrayExpression' ? parent.parent : parent
    const name = property?.name === 'Property' ? property.getChild('PropertyDefinition') : null
    return name ? this.optionsAround(name)?.[this.#text(name)]?.values : undefined
  }

  #argumentTexts(list: SyntaxNode, argument: SyntaxNode): readonly string[] | undefined {
    const position = countBefore(list, argument, ',')
    return list.parent ? this.#called(list.parent, 0)?.texts?.[position] : undefined
  }

  #text(node: SyntaxNode): string {
    return this.state.sliceDoc(node.from, node.to)
  }

  #addImports(declaration: SyntaxNode): void {
    const members = this.moduleOf(declaration)?.members ?? {}
    for (const group of declaration.getChildren('ImportGroup')) {
      let imported: string | undefined
      for (let child = group.firstChild; child; child = child.nextSibling) {
        if (child.name === 'VariableName') imported = this.#text(child)
        if (child.name !== 'VariableDefinition') continue
        const local = this.#text(child)
        const entry = members[imported ?? local]
        if (entry) this.#imported.set(local, entry)
        imported = undefined
      }
    }
  }

  #addVariable(declaration: SyntaxNode): void {
    const name = declaration.getChild('VariableDefinition')
    const value = declaration.getChild('Equals')?.nextSibling
    if (name && value) this.#initialisers.set(this.#text(name), value)
  }

  /** What an expression that is a name, or a name after dots, stands for. */
  #named(node: SyntaxNode, depth: number): ApiEntry | undefined {
    if (node.name === 'VariableName') return this.#imported.get(this.#text(node))
    if (node.name !== 'MemberExpression' || depth > maxDepth) return undefined
    const object = node.firstChild
    const property = node.getChild('PropertyName')
    return object && property ? this.#members(object, depth + 1)?.[this.#text(property)] : undefined
  }

  #members(node: SyntaxNode, depth: number): Readonly<Record<string, ApiEntry>> | undefined {
    return this.#named(node, depth)?.members ?? this.#objectMembers(this.#object(node, depth))
  }

  /** What `new` or a call calls. */
  #called(node: SyntaxNode, depth: number): ApiEntry | undefined {
    const isCall = node.name === 'NewExpression' || node.name === 'CallExpression'
    const callee = node.getChild('MemberExpression') ?? node.getChild('VariableName')
    return isCall && callee ? this.#named(callee, depth) : undefined
  }

  /** Name of the class of what an expression gives. */
  #object(node: SyntaxNode, depth: number): string | undefined {
    if (depth > maxDepth) return undefined
    if (node.name === 'AwaitExpression' && node.lastChild) return this.#object(node.lastChild, depth + 1)
    if (node.name !== 'VariableName') return this.#called(node, depth + 1)?.object
    const value = this.#initialisers.get(this.#text(node))
    return value && this.#object(value, depth + 1)
  }

  #objectMembers(name: string | undefined): Readonly<Record<string, ApiEntry>> | undefined {
    const object = name === undefined ? undefined : this.docs.objects[name]
    return object && { ...this.#objectMembers(object.base), ...object.members }
  }
}

/** How many children of that name `parent` has before `node`. */
function countBefore(parent: SyntaxNode, node: SyntaxNode, name: string): number {
  return parent.getChildren(name).filter((child) => child.to <= node.from).length
}

/** True for what stands on the right of a property's colon. */
function isAfterColon(property: SyntaxNode, node: SyntaxNode): boolean {
  const colon = property.getChild(':')
  return colon !== null && node.from >= colon.to
}
