/** The layering of the source tree as one lint rule: a table of folders, and why each boundary exists. */
import { dirname, relative, resolve, sep } from 'node:path'

const headless = 'The core runs in workers and in Node, so it knows neither the page nor Svelte.'
const noCompute = 'The main thread never computes: engines and models run in the lane workers only.'
const mainThreadCore = [
  'core/catalogue',
  'core/spec',
  'core/data',
  'core/events',
  'core/codegen',
  'core/util',
]

/**
 * Folder -> folders it may import directly, and the reason the message gives. `core/util` is open to all.
 * A module may always import its own folder. `typesFrom: 'anywhere'` lets types through, which cost nothing at run time.
 * @type {Record<string, { may: string[], reason: string, typesFrom?: 'anywhere' }>}
 */
export const layers = {
  'core/util': { may: [], reason: 'Everything builds on util, so it builds on nothing.' },
  'core/catalogue': {
    may: [],
    reason: 'What is known of each layer, optimizer, loss and dataset is data that everything reads.',
    // Classes that records name have to exist.
    typesFrom: 'anywhere',
  },
  'core/spec': {
    may: ['core/catalogue'],
    reason: 'The spec is plain data: any part of Tandem can read it without an engine.',
  },
  'core/data': {
    may: ['core/catalogue', 'core/spec'],
    reason: 'Datasets are generated from numbers alone, on page and worker alike.',
  },
  'core/events': { may: [], reason: 'Events are plain records that page, worker and file formats share.' },
  'core/codegen': {
    may: ['core/catalogue', 'core/spec'],
    reason: 'Program text depends on the spec only, never on what evaluates it.',
  },
  'core/graph': { may: [], reason: 'The graph is plain data: whoever executes or draws it depends on it.' },
  'core/interpret': {
    may: ['core/graph', 'core/eager'],
    reason: 'The reference knows operators and kernels, not how a graph was made.',
  },
  'core/passes': {
    may: ['core/graph', 'core/interpret'],
    reason: 'A pass turns a graph into a graph, whatever traced it and whatever runs it.',
  },
  'core/onnx': { may: ['core/graph'], reason: 'A file format depends on what it stores only.' },
  'core/trace': {
    may: ['core/graph', 'core/eager'],
    reason: 'A trace is recorded from kernels, whichever style called them.',
  },
  'core/session': {
    may: ['core/trace', 'core/passes', 'core/onnx', 'core/interpret', 'core/graph', 'core/eager'],
    reason: 'A compiled function knows variables and graphs, not layers or runs.',
  },
  'core/export': {
    may: [
      'core/spec',
      'core/session',
      'core/trace',
      'core/passes',
      'core/onnx',
      'core/graph',
      'core/codegen',
      'core/nn',
      'core/eager',
    ],
    reason: 'Exports are written from what was trained, not from a page.',
  },
  'core/eager': { may: [], reason: 'The engine knows tensors and kernels, not layers or runs.' },
  'core/nn': { may: ['core/eager'], reason: 'What both styles share must not depend on either.' },
  'core/optim': {
    may: ['core/catalogue', 'core/eager'],
    reason: 'An update rule is arithmetic on variables, the same for both styles.',
  },
  'core/keras': {
    may: ['core/nn', 'core/optim', 'core/session', 'core/data', 'core/events', 'core/eager'],
    reason: 'The styles stay independent: only program/ and tests/parity see both.',
  },
  'core/torch': {
    may: ['core/nn', 'core/optim', 'core/session', 'core/data', 'core/events', 'core/eager'],
    reason: 'The styles stay independent: only program/ and tests/parity see both.',
  },
  'core/program': {
    may: [
      'core/codegen',
      'core/keras',
      'core/torch',
      'core/data',
      'core/events',
      'core/nn',
      'core/optim',
      'core/session',
      'core/export',
      'core/eager',
    ],
    reason: 'A program is evaluated from its text; it does not know where the text came from.',
  },
  workers: { may: ['core'], reason: 'A worker serves any page, so it imports none of it.' },
  state: {
    may: ['workers', 'models', ...mainThreadCore],
    reason: noCompute,
    typesFrom: 'anywhere',
  },
  lazy: { may: ['state', 'styles'], reason: 'It loads any part of the page, so it knows none of them.' },
  charts: { may: ['state', 'lazy', 'styles', ...mainThreadCore], reason: noCompute, typesFrom: 'anywhere' },
  components: {
    may: ['state', 'lazy', 'charts', 'styles', 'models', ...mainThreadCore],
    reason: noCompute,
    typesFrom: 'anywhere',
  },
  routes: {
    may: ['components', 'state', 'lazy', 'charts', 'styles', 'models', ...mainThreadCore],
    reason: noCompute,
    typesFrom: 'anywhere',
  },
  models: {
    may: ['core/spec', 'core/events'],
    reason: 'A preset is a spec with its lesson: data, no behaviour.',
  },
}

/**
 * Packages that one folder keeps to itself, so that the rest of Tandem does not depend on them.
 * @type {{ name: RegExp, in: string[], reason: string }[]}
 */
export const confinedPackages = [
  {
    name: /^@tensorflow\/tfjs-layers/,
    in: ['core/keras', 'core/eager'],
    reason: 'Its layers serve the Keras style only (eager needs the gradients that it registers).',
  },
  {
    name: /^@tensorflow\//,
    in: ['core/eager'],
    reason: 'TensorFlow.js is frozen upstream: core/eager/tfjs.ts is the one place to adapt or replace it.',
  },
  {
    name: /^onnxruntime-/,
    in: ['core/session'],
    reason: 'Compiled execution goes through session, which owns its cache and state.',
  },
  { name: /^chart(\.js|js-)/, in: ['charts'], reason: 'Only charts/ draws; others hand it series.' },
]

/** @param {string} folder */
const isMainThread = (folder) => ['state', 'lazy', 'charts', 'components', 'routes'].includes(folder)
/** @param {string} path */
const isTest = (path) => /\.test\.ts$/.test(path)
/** @param {string} path */
const isClient = (path) => /client\.ts$/i.test(path)

/**
 * Folder of a repository path as the table names it, or null where no rule applies.
 * @param {string} path
 */
export function layerOf(path) {
  const parts = path.split('/')
  if (parts[0] === 'models') return 'models'
  if (parts[0] !== 'src') return null
  if (parts[1] === 'routes') return 'routes'
  if (parts[1] !== 'lib' || parts.length < 4) return null
  return parts[2] === 'core' ? `core/${parts[3]}` : (parts[2] ?? null)
}

/**
 * What a folder is built on, directly or not: its tests may use all of it to set up a case.
 * @param {string} folder
 * @returns {string[]}
 */
function everythingBelow(folder) {
  const direct = layers[folder]?.may ?? []
  return [...new Set([...direct, ...direct.flatMap(everythingBelow)])]
}

/**
 * Repository path that a specifier means, or null for a package.
 * @param {string} specifier
 * @param {string} file
 */
function target(specifier, file) {
  if (specifier.startsWith('$lib/')) return `src/lib/${specifier.slice('$lib/'.length)}`
  if (specifier.startsWith('$models')) return `models${specifier.slice('$models'.length)}`
  if (!specifier.startsWith('.')) return null
  return relative('.', resolve(dirname(file), specifier))
    .split(sep)
    .join('/')
}

/**
 * Why `file` must not import `specifier`, or null if it may.
 * @param {{ file: string, specifier: string, isTypeOnly: boolean }} use paths relative to the repository root
 * @returns {string | null}
 */
export function violation({ file, specifier, isTypeOnly }) {
  const from = layerOf(file)
  if (from === null) return null
  const [bare = '', query] = specifier.split('?')
  const isAddress = /(^|&)(url|worker|raw)(&|$)/.test(query ?? '')
  const path = target(bare, file)
  if (from.startsWith('core/')) {
    if (isAddress) return `Workers and the CLI inject where files are, so that core runs in Node. (?${query})`
    if (/^(svelte|\$app|\$env|\$service-worker)(\/|$)/.test(bare) || bare.endsWith('.svelte')) return headless
  }
  if (path === null) return isAddress ? null : packageViolation(bare, from, file)
  const to = layerOf(path)
  if (to === null || to === from || to === 'core/util') return null
  return folderViolation({ from, to, path, file, isTypeOnly, isAddress })
}

/**
 * @param {string} name
 * @param {string} from
 * @param {string} file
 */
function packageViolation(name, from, file) {
  const rule = confinedPackages.find((candidate) => candidate.name.test(name))
  if (rule === undefined || rule.in.includes(from) || isTest(file)) return null
  return `Only ${rule.in.join(', ')} may import ${name}. ${rule.reason}`
}

/** @param {{ from: string, to: string, path: string, file: string, isTypeOnly: boolean, isAddress: boolean }} use */
function folderViolation({ from, to, path, file, isTypeOnly, isAddress }) {
  const rule = layers[from]
  if (rule === undefined) return `${from} is not in the table of eslint/layers.js. Add it with its reason.`
  const runsOnMainThread = isMainThread(from) || (from === 'workers' && isClient(file))
  if (isTypeOnly && (rule.typesFrom === 'anywhere' || runsOnMainThread)) return null
  if (from === 'workers' && runsOnMainThread && !mainThreadCore.includes(to)) return noCompute
  if (isMainThread(from) && to === 'workers' && !isAddress && !/client(\.ts)?$/i.test(path)) {
    return `${noCompute} Use a worker's client.`
  }
  const may = isTest(file) ? everythingBelow(from) : rule.may
  const isAllowed = may.some((folder) => to === folder || (folder === 'core' && to.startsWith('core/')))
  return isAllowed
    ? null
    : `${from} may import ${rule.may.join(', ') || 'nothing'}, not ${to}. ${rule.reason}`
}

/** @type {import('eslint').Rule.RuleModule} */
const directions = {
  meta: {
    type: 'problem',
    docs: { description: 'Imports between folders follow the layering of the design.' },
    schema: [],
    messages: { crossing: '{{ why }}' },
  },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/')
    /** @param {ImportNode} node */
    const check = (node) => {
      const specifier = node.source && 'value' in node.source ? node.source.value : undefined
      if (typeof specifier !== 'string') return
      const why = violation({ file, specifier, isTypeOnly: isTypeOnly(node) })
      const loc = node.loc ?? { line: 1, column: 0 }
      if (why !== null) context.report({ loc, messageId: 'crossing', data: { why } })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    }
  },
}

/**
 * What the rule reads of a node, with TypeScript's additions.
 * @typedef {object} ImportNode
 * @property {string} type
 * @property {import('estree').SourceLocation | null} [loc]
 * @property {object | null} [source]
 * @property {string} [importKind]
 * @property {string} [exportKind]
 * @property {object[]} [specifiers]
 */

/** @param {ImportNode} node */
function isTypeOnly({ type, importKind, exportKind, specifiers = [] }) {
  if (type === 'TSImportType' || importKind === 'type' || exportKind === 'type') return true
  return specifiers.length > 0 && specifiers.every((one) => 'importKind' in one && one.importKind === 'type')
}

export default { meta: { name: 'tandem' }, rules: { directions } }
