/** Completion and hover text for our modules in the program editor. */
import {
  autocompletion,
  completeFromList,
  ifIn,
  ifNotIn,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { localCompletionSource } from '@codemirror/lang-javascript'
import type { syntaxTree } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { hoverTooltip, type Tooltip } from '@codemirror/view'
import type { ApiDocs, ApiEntry } from './apiEntry'
import { Meanings, programTree } from './meanings'

const keywords = completeFromList(
  ['async', 'await', 'class', 'const', 'else', 'export', 'for', 'function', 'if', 'import', 'let', 'new']
    .concat('of', 'return', 'throw', 'while')
    .map((label) => ({ label, type: 'keyword' })),
)

const kinds = {
  module: 'namespace',
  group: 'namespace',
  class: 'class',
  function: 'function',
  value: 'property',
} as const

/** Completion in a program, from what its imports and objects have. */
export function completeApi(docs: ApiDocs) {
  return (context: CompletionContext): CompletionResult | null => {
    const node = programTree(context.state).resolveInner(context.pos, -1)
    const meanings = new Meanings(docs, context.state)
    const declaration = around(node, 'ImportDeclaration')
    if (declaration && node.name === 'String') {
      return result(context, /[\w/]*/, toCompletions(meanings.modules))
    }
    if (node.name === 'String') {
      const texts = meanings.textsAt(node)?.map((label) => ({ label, type: 'text' }))
      return texts ? result(context, /\w*/, texts) : null
    }
    if (declaration && around(node, 'ImportGroup')) {
      return result(context, /\w*/, toCompletions(meanings.moduleOf(declaration)?.members))
    }
    if (node.parent?.name === 'MemberExpression' && (node.name === '.' || node.name === 'PropertyName')) {
      return result(context, /\w*/, toCompletions(meanings.membersOf(node.parent)))
    }
    const isName = /^(\{|,|ObjectExpression|PropertyDefinition|Property|⚠)$/.test(node.name)
    const options = isName ? meanings.optionsAround(node) : undefined
    if (options) return result(context, /\w*/, toCompletions(options, ': '))
    if (node.name !== 'VariableName' && !context.explicit) return null
    return result(context, /\w*/, toCompletions(Object.fromEntries(meanings.imported)))
  }
}

/** The text under the pointer, explained. */
export function explain(docs: ApiDocs, state: CompletionContext['state'], position: number) {
  for (const side of [1, -1] as const) {
    const node = programTree(state).resolveInner(position, side)
    const entry = new Meanings(docs, state).entryOf(node)
    if (entry) return { entry, from: node.from, to: node.to }
  }
  return null
}

/** The editor's extension that completes and explains names of our modules. */
export function apiSupport(docs: ApiDocs): Extension {
  const inCode = ifNotIn(
    ['String', 'TemplateString', 'LineComment', 'BlockComment', 'PropertyName'],
    ifIn(['VariableName', 'Script', 'Block', 'ArgList', 'ArrayExpression'], keywords),
  )
  return [
    autocompletion({ override: [completeApi(docs), localCompletionSource, inCode], icons: false }),
    hoverTooltip((view, position): Tooltip | null => {
      const found = explain(docs, view.state, position)
      if (!found) return null
      const { entry, from, to } = found
      return { pos: from, end: to, above: true, create: () => ({ dom: card(entry) }) }
    }),
  ]
}

function around(node: ReturnType<typeof ancestor>, name: string) {
  return ancestor(node, name)
}

function ancestor(
  node: ReturnType<ReturnType<typeof syntaxTree>['resolveInner']> | null,
  name: string,
): typeof node {
  return node === null || node.name === name ? node : ancestor(node.parent, name)
}

function result(
  context: CompletionContext,
  word: RegExp,
  options: readonly Completion[],
): CompletionResult | null {
  const from = context.matchBefore(word)?.from ?? context.pos
  return options.length === 0 ? null : { from, options, validFor: new RegExp(`^${word.source}$`) }
}

function toCompletions(
  entries: Readonly<Record<string, ApiEntry>> | undefined,
  suffix = '',
): readonly Completion[] {
  return Object.entries(entries ?? {}).map(([label, entry]) => ({
    label,
    type: kinds[entry.kind],
    ...(suffix === '' ? {} : { apply: `${label}${suffix}` }),
    info: () => card(entry),
  }))
}

function card({ signature, doc }: ApiEntry): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'cm-api'
  const code = dom.appendChild(document.createElement('code'))
  code.textContent = signature
  if (doc !== undefined) dom.appendChild(document.createElement('p')).textContent = doc
  return dom
}
