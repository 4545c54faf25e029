/**
 * What differs each time that a program asks for it: chance and time. A compiled step asks once, when it is traced, and goes on
 * with the answer; each such reading in the program's text is wrapped in a call that tells so.
 */
import type { AnyNode, Program } from 'acorn'
import { ancestor } from 'acorn-walk'
import type MagicString from 'magic-string'
import { activeTrace } from '../eager/tracing'
import { currentSession } from '../session/session'
import { Scopes } from './scopes'

type Kind = 'chance' | 'time'

const sources: Readonly<Record<string, Kind>> = {
  'Math.random': 'chance',
  'crypto.getRandomValues': 'chance',
  'crypto.randomUUID': 'chance',
  'Date.now': 'time',
  'performance.now': 'time',
  Date: 'time',
}

/** How programs of a style have it instead. */
const instead: Readonly<Record<'torch' | 'keras', Readonly<Record<Kind, string>>>> = {
  torch: {
    chance: 'Write torch.rand(1), which is drawn at each step, or pass the number to the step in a tensor.',
    time: 'Pass the time to the step in a tensor.',
  },
  keras: {
    chance: 'Keep what changes in a Variable, or set runEagerly: true.',
    time: 'Keep what changes in a Variable, or set runEagerly: true.',
  },
}

/** Gives its last argument, after it told where a step that is being traced asked for it. */
export type PassingMarker = <T>(name: string, line: number, value: T) => T

/** What the wrapped readings call. */
export function tellPassing(style: string): PassingMarker {
  return (name, line, value) => {
    const kind = sources[name.replace(/^new |\(\)$/g, '')]
    if (kind && activeTrace()) {
      currentSession()?.warnOnce(
        `${name} ${line}`,
        `${name} on line ${line} is read once, when the step is traced: the compiled step goes on with that value. ` +
          instead[style === 'torch' ? 'torch' : 'keras'][kind],
      )
    }
    return value
  }
}

/** Wraps the readings in calls of `marker`, inside of everything that is inserted already; gives whether there are any. */
export function markPassing(edited: MagicString, program: Program, marker: string): boolean {
  const scopes = new Scopes(program)
  let isFound = false
  const wrap = (node: AnyNode, name: string) => {
    isFound = true
    edited.appendLeft(node.start, `${marker}(${JSON.stringify(name)},${node.loc?.start.line ?? 0},`)
    edited.prependLeft(node.end, ')')
  }
  const sourceOf = (node: AnyNode, ancestors: readonly AnyNode[]): string | null => {
    const names = namesIn(node)
    if (!names || scopes.functionOf(ancestors) === 0 || scopes.find(String(names[0]), ancestors)) return null
    const name = names.filter((each, index) => index > 0 || !globals.has(each)).join('.')
    return name in sources ? name : null
  }
  ancestor(program, {
    CallExpression: (node, _, ancestors) => {
      const name = sourceOf(node.callee, ancestors)
      if (name) wrap(node, `${name}()`)
    },
    NewExpression: (node, _, ancestors) => {
      if (node.arguments.length === 0 && sourceOf(node.callee, ancestors) === 'Date') wrap(node, 'new Date()')
    },
    // Handed on, as in `Array.from({ length: 3 }, Math.random)`.
    MemberExpression: (node, _, ancestors) => {
      const parent = ancestors.at(-2)
      const isCalled = parent?.type === 'CallExpression' && parent.callee === node
      const isRead = !isCalled && parent && readingTypes.has(parent.type)
      const name = isRead ? sourceOf(node, ancestors) : null
      if (name) wrap(node, name)
    },
  })
  return isFound
}

const globals: ReadonlySet<string> = new Set(['globalThis', 'self'])

/** Where a name that stands in them is only read. */
const readingTypes: ReadonlySet<string> = new Set([
  ...['CallExpression', 'VariableDeclarator', 'ArrayExpression', 'ArrowFunctionExpression'],
  ...['ReturnStatement', 'ConditionalExpression', 'LogicalExpression'],
])

/** The names of `a.b.c`; null for anything else. */
function namesIn(node: AnyNode): readonly string[] | null {
  if (node.type === 'Identifier') return [node.name]
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return null
  const object = namesIn(node.object)
  return object && [...object, node.property.name]
}
