/** A program's text as a tree, and edits of it. */
import { parse, type AnyNode, type Expression, type ObjectExpression, type Program } from 'acorn'
import { fullAncestor, simple } from 'acorn-walk'

/** A part of a text, and what takes its place. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What a name of the program was imported as. */
export interface ImportedName {
  readonly module: string
  /** `default` and `*` for the whole module. */
  readonly name: string
}

/** The tree; null for a text with a syntax error. */
export function parseProgram(text: string): Program | null {
  try {
    return parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true, locations: true })
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The text after the edits, which do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  const fromLast = [...edits].sort((a, b) => b.start - a.start)
  return fromLast.reduce(
    (rest, { start, end, text: put }) => rest.slice(0, start) + put + rest.slice(end),
    text,
  )
}

/** By the names that the program has for them. */
export function importsOf(program: Program): ReadonlyMap<string, ImportedName> {
  const names = new Map<string, ImportedName>()
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue
    const module = String(statement.source.value)
    for (const specifier of statement.specifiers)
      names.set(specifier.local.name, { module, name: importedName(specifier) })
  }
  return names
}

function importedName(specifier: AnyNode): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  if (specifier.type !== 'ImportSpecifier') return '*'
  const { imported } = specifier
  return imported.type === 'Identifier' ? imported.name : String(imported.value)
}

/** Whether a method of this name is called anywhere in a part of the program. */
export function callsMethod(node: AnyNode, name: string): boolean {
  let isCalled = false
  simple(node, {
    CallExpression: ({ callee }) => {
      if (methodName(callee) === name) isCalled = true
    },
  })
  return isCalled
}

/** The name in `anything.name`; null for other expressions. */
export function methodName(callee: AnyNode): string | null {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return null
  return callee.property.name
}

/** Visits every node with those around it, itself last. */
export function visit(program: AnyNode, visitor: (node: AnyNode, around: readonly AnyNode[]) => void): void {
  fullAncestor(program, (node, _, ancestors) => visitor(node, ancestors))
}

/** The property of an object literal; undefined where it has none of that name. */
export function propertyOf(
  object: ObjectExpression,
  name: string,
): { node: AnyNode; value: Expression } | undefined {
  for (const property of object.properties) {
    if (property.type !== 'Property' || property.computed) continue
    const { key } = property
    const found = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : null
    if (found === name) return { node: property, value: property.value }
  }
  return undefined
}

/** Gives an object literal a property, or another value of one. */
export function setProperty(text: string, object: ObjectExpression, name: string, value: string): Edit {
  const known = propertyOf(object, name)
  if (known) return { start: known.node.start, end: known.node.end, text: `${name}: ${value}` }
  const last = object.properties.at(-1)
  if (!last) return { start: object.start, end: object.end, text: `{ ${name}: ${value} }` }
  const indent = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, last.start))?.[1]
  const separator = indent === undefined ? ', ' : `,\n${indent}`
  return { start: last.end, end: last.end, text: `${separator}${name}: ${value}` }
}

/** Takes a property out of an object literal that has others too. */
export function removeProperty(object: ObjectExpression, name: string): Edit | null {
  const known = propertyOf(object, name)
  if (!known) return null
  const index = object.properties.indexOf(known.node as (typeof object.properties)[number])
  const [before, after] = [object.properties[index - 1], object.properties[index + 1]]
  if (before) return { start: before.end, end: known.node.end, text: '' }
  return { start: known.node.start, end: after ? after.start : known.node.end, text: '' }
}
