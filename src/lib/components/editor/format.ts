/** Formats a program as the generated ones are written. Loads Prettier when it is first asked. */
import { lazyPart } from '$lib/lazy/lazyPart.svelte'
import type { AstPath, Doc, ParserOptions, Plugin } from 'prettier'

/** What of a syntax node decides how it is set. */
interface ListNode {
  readonly type: string
  readonly elements?: readonly (Place | null)[]
  readonly arguments?: readonly Place[]
}

interface Place {
  readonly type: string
  readonly body?: { readonly type: string }
  readonly start: number
  readonly end: number
}

const formatter = lazyPart('The formatter', () =>
  Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/acorn'),
    import('prettier/plugins/estree'),
  ]),
)

/** Rejects with the parser's message for text that is no program. */
export async function formatProgram(text: string): Promise<string> {
  const [{ format }, acorn, estree] = await formatter.load()
  return format(text, {
    parser: 'acorn',
    plugins: [acorn, keepLists(estree)],
    semi: false,
    singleQuote: true,
    printWidth: 88,
  })
}

/**
 * Prettier's printer, but a list whose first entry is on a line of its own stays one entry a line, and a function with
 * options behind it, as in `compile(step, options)`, stays where it begins.
 */
function keepLists(plugin: Plugin): Plugin {
  const printer = plugin.printers?.['estree']
  if (!printer) throw new Error('internal: expected the printer of JavaScript, got none')
  const print: typeof printer.print = (path, options, printChild, extra) => {
    const list = path as AstPath<ListNode>
    if (isFunctionWithOptions(list.node)) {
      const callee = path.call(printChild, 'callee')
      const [step, stepOptions] = ([0, 1] as const).map((at) => path.call(printChild, 'arguments', at))
      return [callee, '(', step ?? '', ', ', stepOptions ?? '', ')']
    }
    const doc = printer.print(path, options, printChild, extra)
    return isOpenList(list, options) ? opened(doc) : doc
  }
  return { ...plugin, printers: { estree: { ...printer, print } } }
}

function isFunctionWithOptions(node: ListNode): boolean {
  const [step, options, ...others] = node.arguments ?? []
  const isCall = node.type === 'CallExpression' && others.length === 0
  return isCall && step?.body?.type === 'BlockStatement' && options?.type === 'ObjectExpression'
}

function isOpenList({ node }: AstPath<ListNode>, { originalText }: ParserOptions): boolean {
  const isList = /^(ArrayExpression|CallExpression|NewExpression)$/.test(node.type)
  const first = (node.elements ?? node.arguments)?.[0]
  return isList && !!first && /[[(]\s*\n\s*$/.test(originalText.slice(0, first.start))
}

/** The group of a list, or the last group of a call, set one entry a line. */
function opened(doc: Doc): Doc {
  if (typeof doc === 'string') return doc
  if (!Array.isArray(doc)) return doc.type === 'group' ? { ...doc, break: true } : doc
  const at = doc.findLastIndex((part) => Array.isArray(part) || isGroup(part))
  const part = doc[at]
  return part === undefined ? doc : doc.with(at, opened(part))
}

function isGroup(doc: Doc): boolean {
  return typeof doc === 'object' && !Array.isArray(doc) && doc.type === 'group'
}
