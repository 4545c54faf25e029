/** Which variable a name in a program's text means: its scopes, and what each declares. */
import type { AnyNode, Identifier, Pattern, Program } from 'acorn'
import { ancestor } from 'acorn-walk'

/** A variable of the program. */
export interface Binding {
  /** The function that declares it, by number; 0 for the module. */
  readonly owner: number
  readonly isImport: boolean
  /** It may get another value after its declaration. */
  isReassigned: boolean
}

const functionTypes: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
])
/** Where `var` is declared. */
const bodyTypes: ReadonlySet<string> = new Set([...functionTypes, 'Program', 'StaticBlock'])
const scopeTypes: ReadonlySet<string> = new Set([
  ...bodyTypes,
  ...['BlockStatement', 'SwitchStatement', 'CatchClause', 'ClassExpression'],
  ...['ForStatement', 'ForInStatement', 'ForOfStatement'],
])
/** What a name that gets a value can stand in. */
const patternTypes: ReadonlySet<string> = new Set([
  ...['Identifier', 'ObjectPattern', 'ArrayPattern', 'RestElement', 'AssignmentPattern', 'Property'],
])
/** Names in these are declared, and not assigned to. */
const declaringTypes: ReadonlySet<string> = new Set([
  ...functionTypes,
  ...['VariableDeclarator', 'CatchClause', 'ClassDeclaration', 'ClassExpression'],
])

type Ancestors = readonly AnyNode[]

/** All scopes of a program. */
export class Scopes {
  readonly #names = new Map<AnyNode, Map<string, Binding>>()
  readonly #numbers = new Map<AnyNode, number>()

  constructor(program: Program) {
    this.#declareAll(program)
    ancestor(program, {
      Pattern: (node, _, ancestors) => this.#assign(node, ancestors),
      UpdateExpression: ({ argument }, _, ancestors) => this.#reassign(argument, ancestors),
      // The walk calls `x` of `for (x of xs)` an expression.
      ForInStatement: ({ left }, _, ancestors) => this.#reassign(left, ancestors),
      ForOfStatement: ({ left }, _, ancestors) => this.#reassign(left, ancestors),
    })
  }

  /** The variable behind a name that is used there; undefined for what the program does not declare. */
  find(name: string, ancestors: Ancestors): Binding | undefined {
    for (let depth = ancestors.length - 1; depth >= 0; depth--) {
      const binding = this.#names.get(ancestors[depth] as AnyNode)?.get(name)
      if (binding) return binding
    }
    return undefined
  }

  /** The number of the function that a node with these ancestors stands in; 0 for the module. */
  functionOf(ancestors: Ancestors): number {
    const node = ancestors.findLast(({ type }) => functionTypes.has(type))
    if (!node) return 0
    const number = this.#numbers.get(node) ?? this.#numbers.size + 1
    this.#numbers.set(node, number)
    return number
  }

  #declareAll(program: Program): void {
    const imported = ({ local }: { readonly local: Identifier }, _: unknown, ancestors: Ancestors) =>
      this.#add(local, ancestors, { isImport: true })
    ancestor(program, {
      ImportSpecifier: imported,
      ImportDefaultSpecifier: imported,
      ImportNamespaceSpecifier: imported,
      VariableDeclaration: ({ declarations, kind }, _, ancestors) => {
        const names = declarations.flatMap(({ id }) => boundNames(id))
        for (const name of names) this.#add(name, ancestors, { isHoisted: kind === 'var' })
      },
      Class: (node, _, ancestors) => {
        this.#add(node.id, node.type === 'ClassExpression' ? ancestors : ancestors.slice(0, -1))
      },
      CatchClause: ({ param }, _, ancestors) => {
        for (const name of boundNames(param ?? null)) this.#add(name, ancestors)
      },
      Function: (node, _, ancestors) => {
        const isDeclared = node.type === 'FunctionDeclaration'
        this.#add(node.id, isDeclared ? ancestors.slice(0, -1) : ancestors)
        for (const name of node.params.flatMap(boundNames)) this.#add(name, ancestors)
      },
    })
  }

  #add(
    declared: Identifier | null | undefined,
    ancestors: Ancestors,
    { isImport = false, isHoisted = false } = {},
  ): void {
    const homes = isHoisted ? bodyTypes : scopeTypes
    const home = ancestors.findLast(({ type }) => homes.has(type))
    if (!declared || !home) return
    const names = this.#names.get(home) ?? new Map<string, Binding>()
    this.#names.set(home, names)
    // A name that is declared twice has more than one value.
    const isReassigned = names.has(declared.name)
    names.set(declared.name, { owner: this.functionOf(ancestors), isImport, isReassigned })
  }

  #assign(target: Pattern, ancestors: Ancestors): void {
    if (target.type !== 'Identifier') return
    const around = ancestors.findLast(({ type }) => !patternTypes.has(type))
    const isDeclared = around !== undefined && declaringTypes.has(around.type)
    // Declared without a value, it gets one later: also in a loop, which gives `const` and `let` one of their own.
    const isEmpty = around?.type === 'VariableDeclarator' && !around.init && !isOfLoop(ancestors)
    if (!isDeclared || isEmpty) this.#reassign(target, ancestors)
  }

  #reassign(target: AnyNode, ancestors: Ancestors): void {
    const binding = target.type === 'Identifier' && this.find(target.name, ancestors)
    if (binding) binding.isReassigned = true
  }
}

/** Whether the declaration among the ancestors is that of `for (const x of xs)`. */
function isOfLoop(ancestors: Ancestors): boolean {
  const at = ancestors.findLastIndex(({ type }) => type === 'VariableDeclaration')
  const [loop, declaration] = [ancestors[at - 1], ancestors[at]]
  if (declaration?.type !== 'VariableDeclaration' || declaration.kind === 'var') return false
  return (loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement') && loop.left === declaration
}

/** The variables that a pattern such as `{ a, b: [c = 1, ...d] }` declares. */
export function boundNames(pattern: Pattern | null): readonly Identifier[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern]
    case 'AssignmentPattern':
      return boundNames(pattern.left)
    case 'RestElement':
      return boundNames(pattern.argument)
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames)
    case 'ObjectPattern':
      return pattern.properties.flatMap((part) => boundNames(part.type === 'Property' ? part.value : part))
    default:
      return []
  }
}
