/**
 * What the functions of a program read from outside of themselves: variables that may change, and members of objects.
 * Each such function gets a call at its beginning that hands over readers of them, for whoever traces the function.
 */
import type { AnyNode, Identifier, Program, ThisExpression } from 'acorn'
import { ancestor } from 'acorn-walk'
import type MagicString from 'magic-string'
import { Scopes } from './scopes'

/** A variable, or a member of one, that a function reads. */
export interface ScopeRead {
  /** As the text has it: `config.scale`. */
  readonly name: string
  readonly line: number
  /** The members that are gone through. */
  readonly path: readonly (string | number)[]
  /** Position of the variable among the readers that the function hands over. */
  readonly root: number
  /** The variable never changes, what it holds may. */
  readonly isFixed: boolean
  /** The function that declares the variable, by number; 0 for the module. */
  readonly owner: number
  /** `call`: a method of it is called; `target`: a member of it is assigned to; `value`: anything may be done with it. */
  readonly use: 'value' | 'call' | 'target'
}

/** The reads of one function. */
export interface FunctionReads {
  /** Number of the function. */
  readonly function: number
  readonly reads: readonly ScopeRead[]
}

interface Found extends FunctionReads {
  readonly reads: ScopeRead[]
  readonly roots: string[]
  readonly node: AnyNode
}

/** Inserts the calls of `marker`; gives what they tell by number: the reads of each function that has some. */
export function markReads(edited: MagicString, program: Program, marker: string): readonly FunctionReads[] {
  const found = new Reads(program).withOwners()
  for (const [index, { node, roots }] of found.entries()) {
    const readers = roots.map((root) => `()=>${root}`).join(',')
    const call = roots.length > 0 ? `${marker}(${index},()=>[${readers}])` : `${marker}(${index})`
    insertCall(edited, node, call)
  }
  return found.map(({ function: number, reads }) => ({ function: number, reads }))
}

/** At the beginning of a function's body. */
function insertCall(edited: MagicString, node: AnyNode, call: string): void {
  if (!isFunction(node)) return
  const { body } = node
  if (body.type === 'BlockStatement') {
    edited.appendLeft(body.start + 1, `${call};`)
    return
  }
  edited.appendLeft(body.start, `(${call},`)
  edited.appendRight(body.end, ')')
}

type Ancestors = readonly AnyNode[]

class Reads {
  readonly #scopes: Scopes
  readonly #functions = new Map<number, Found>()
  /** Functions whose variables are read in others: these have to tell that they run. */
  readonly #owners = new Map<number, AnyNode>()

  constructor(program: Program) {
    this.#scopes = new Scopes(program)
    ancestor(program, {
      Identifier: (node, _, ancestors) => this.#variable(node, ancestors),
      // `n += 1` reads as well.
      AssignmentExpression: ({ left, operator }, _, ancestors) => {
        if (left.type === 'Identifier' && operator !== '=') this.#variable(left, [...ancestors, left])
      },
      ThisExpression: (node, _, ancestors) => this.#this(node, ancestors),
      Function: (_node, _, ancestors) => {
        const node = ancestors.at(-1)
        if (node) this.#owners.set(this.#scopes.functionOf(ancestors), node)
      },
    })
  }

  withOwners(): readonly Found[] {
    const needed = new Set(
      [...this.#functions.values()].flatMap(({ reads }) => reads.map(({ owner }) => owner)),
    )
    for (const owner of needed) {
      const node = this.#owners.get(owner)
      if (node && !this.#functions.has(owner))
        this.#functions.set(owner, { function: owner, reads: [], roots: [], node })
    }
    return [...this.#functions.values()]
  }

  #variable(node: Identifier, ancestors: Ancestors): void {
    const { name } = node
    const own = this.#scopes.functionOf(ancestors)
    if (own === 0) return
    const binding = this.#scopes.find(name, ancestors)
    if (!binding) {
      if (name === 'globalThis') this.#add(ancestors, name, ancestors, { isFixed: true, owner: 0 })
      return
    }
    if (binding.isImport || binding.owner === own) return
    this.#add(ancestors, name, ancestors, { isFixed: !binding.isReassigned, owner: binding.owner })
  }

  /** Arrow functions have that of what is around them, which reads it as well: at its beginning, where there is one. */
  #this(node: ThisExpression, ancestors: Ancestors): void {
    const at = ancestors.findLastIndex(isPlainFunction)
    const field = ancestors.findLastIndex(
      ({ type }) => type === 'PropertyDefinition' || type === 'StaticBlock',
    )
    // A constructor has none before it called that of its base.
    const from = at > field && !isConstructor(ancestors[at - 1]) ? at : Math.max(at, field) + 1
    const reader = ancestors.findIndex((each, index) => index >= from && isFunction(each))
    if (reader < 0 || Math.max(at, field) < 0) return
    const around = ancestors.slice(0, reader + 1)
    const member = ancestors.at(-2)
    const hidden = member && privateName(member, node)
    if (hidden === undefined) this.#add(around, 'this', ancestors, { isFixed: true, owner: 0 })
    else if (useOf(member, ancestors.at(-3)) === 'value') {
      // Only the text of the class can read it: a variable of its own.
      this.#add(around, `this.#${hidden}`, ancestors.slice(0, -1), { isFixed: false, owner: 0 })
    }
  }

  #add(
    around: Ancestors,
    variable: string,
    ancestors: Ancestors,
    { isFixed, owner }: Pick<ScopeRead, 'isFixed' | 'owner'>,
  ): void {
    const reader = around.findLast(isFunction)
    const { path, use } = chainOf(ancestors)
    // A fixed object that is only written to is not read.
    if (!reader || (isFixed && path.length === 0 && use === 'target')) return
    const own = this.#scopes.functionOf(around)
    const found = this.#functions.get(own) ?? { function: own, reads: [], roots: [], node: reader }
    this.#functions.set(own, found)
    if (!found.roots.includes(variable)) found.roots.push(variable)
    const name = variable + path.map(printKey).join('')
    if (found.reads.some((one) => one.name === name && one.use === use)) return
    const root = found.roots.indexOf(variable)
    found.reads.push({ name, line: ancestors.at(-1)?.loc?.start.line ?? 0, path, root, isFixed, owner, use })
  }
}

/** The members that follow a name: `.scale`, `[0]`; and what is done with the last. */
function chainOf(ancestors: Ancestors): Pick<ScopeRead, 'path' | 'use'> {
  const path: (string | number)[] = []
  for (let depth = ancestors.length - 1; depth > 0; depth--) {
    const parent = ancestors[depth - 1]
    if (parent?.type === 'ChainExpression') continue
    if (parent?.type !== 'MemberExpression' || parent.object !== ancestors[depth]) break
    const use = useOf(parent, ancestors[depth - 2])
    if (use !== 'value') return { path, use }
    const key = keyOf(parent)
    if (key === null) break
    path.push(key)
  }
  return { path, use: 'value' }
}

/** The `s` of `this.#s`; undefined for other members of `object`. */
function privateName(member: AnyNode, object: AnyNode): string | undefined {
  if (member.type !== 'MemberExpression' || member.object !== object) return undefined
  return member.property.type === 'PrivateIdentifier' ? member.property.name : undefined
}

function useOf(member: AnyNode | undefined, parent: AnyNode | undefined): ScopeRead['use'] {
  if (parent?.type === 'CallExpression' && parent.callee === member) return 'call'
  if (parent?.type === 'AssignmentExpression' && parent.left === member && parent.operator === '=')
    return 'target'
  return 'value'
}

function keyOf(member: Extract<AnyNode, { type: 'MemberExpression' }>): string | number | null {
  const { property, computed } = member
  if (!computed) return property.type === 'Identifier' ? property.name : null
  if (property.type !== 'Literal') return null
  return typeof property.value === 'string' || typeof property.value === 'number' ? property.value : null
}

function printKey(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return /^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function isFunction(node: AnyNode): node is Extract<AnyNode, { body: unknown; params: unknown }> {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  )
}

/** With a `this` of its own. */
function isPlainFunction({ type }: AnyNode): boolean {
  return type === 'FunctionExpression' || type === 'FunctionDeclaration'
}

function isConstructor(node: AnyNode | undefined): boolean {
  return node?.type === 'MethodDefinition' && node.kind === 'constructor'
}
