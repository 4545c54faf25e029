/**
 * Collects the licence texts of all packages that a build ships, from the modules that the bundler put into the page's
 * scripts and into its workers. The page `/licences/` is rendered from what this writes.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const texts = join(root, 'scripts', 'licences')

/** Below SvelteKit's folder, from where the build runs: made by each build, never committed. */
export const noticesFile = join('.svelte-kit', 'licences.json')

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} licence as its package.json names it
 * @property {string[]} texts
 */

/** Packages whose files reach the site by another way than an import: the digits. */
const packedPackages = ['mnist']

/** Parts of the bundler itself that it puts into scripts, by the beginning of their ids. */
const bundlerModules = [
  { prefix: '\0vite/', name: 'vite' },
  { prefix: '\0rolldown/', name: 'rolldown' },
]

/**
 * Texts in `scripts/licences` for packages that come without one, and for what is compiled into their binaries.
 * @type {{ pattern: RegExp, files: string[] }[]}
 */
const suppliedTexts = [
  { pattern: /^@bufbuild\/protobuf$/, files: ['protobuf-es.txt', 'apache-2.0.txt'] },
  { pattern: /^seedrandom$/, files: ['seedrandom.txt'] },
  { pattern: /^onnxruntime-common$/, files: ['onnxruntime.txt'] },
  { pattern: /^onnxruntime-web$/, files: ['onnxruntime.txt', 'onnxruntime-notices.txt'] },
  {
    pattern: /^@tensorflow\/tfjs-backend-wasm$/,
    files: ['tensorflowjs.txt', 'apache-2.0.txt', 'tensorflowjs-wasm-notices.txt'],
  },
  {
    pattern: /^@tensorflow\/tfjs-layers$/,
    files: ['tensorflowjs.txt', 'apache-2.0.txt', 'tensorflowjs-layers.txt'],
  },
  { pattern: /^@tensorflow\/tfjs-/, files: ['tensorflowjs.txt', 'apache-2.0.txt'] },
]

/**
 * Vite plugins that share what they collect: one for the page, one for its workers.
 * @returns {{ page: import('vite').Plugin, workers: () => import('vite').Plugin }}
 */
export function licenceNotices() {
  /** @type {Set<string>} */
  const folders = new Set(packedPackages.map((name) => join(root, 'node_modules', name)))
  /**
   * @param {Pick<import('vite').Rollup.PluginContext, 'getModuleIds'>} context
   * @param {import('vite').Rollup.OutputBundle} bundle
   */
  function collect(context, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk') for (const id of chunk.moduleIds) addPackage(folders, id)
    }
    // What is imported as an address leaves no module in a chunk, only its file beside it.
    for (const id of context.getModuleIds()) if (/\.wasm|[?&]url\b/.test(id)) addPackage(folders, id)
  }
  let isServer = false
  return {
    page: {
      name: 'licence-notices',
      apply: 'build',
      configResolved: (config) => void (isServer = Boolean(config.build.ssr)),
      async generateBundle(_options, bundle) {
        if (isServer) return
        // Workers are bundled on the way, while the scripts that start them are.
        collect(this, bundle)
        await writeNotices(folders)
      },
    },
    workers: () => ({
      name: 'licence-notices-of-workers',
      apply: 'build',
      generateBundle(_options, bundle) {
        collect(this, bundle)
      },
    }),
  }
}

/**
 * @param {Set<string>} folders
 * @param {string} id
 */
function addPackage(folders, id) {
  const folder = packageFolder(id)
  if (folder !== null) folders.add(folder)
}

/**
 * The package folder that a module belongs to; null for the site's own.
 * @param {string} id
 * @returns {string | null}
 */
export function packageFolder(id) {
  const builtIn = bundlerModules.find(({ prefix }) => id.startsWith(prefix))
  if (builtIn !== undefined) return join(root, 'node_modules', builtIn.name)
  const [, folder = null] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/?]+)/.exec(id) ?? []
  return folder
}

/** @param {Iterable<string>} folders */
async function writeNotices(folders) {
  const packages = await Promise.all([...folders].map(readPackage))
  packages.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'))
  await mkdir(dirname(noticesFile), { recursive: true })
  await writeFile(noticesFile, JSON.stringify(packages))
}

/**
 * Name, licence and texts of a package. Rejects for one without a text: what is shipped comes with its licence.
 * @param {string} folder
 * @returns {Promise<Package>}
 */
export async function readPackage(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
  const supplied = suppliedTexts.find(({ pattern }) => pattern.test(name))?.files ?? []
  const paths = [...names.map((file) => join(folder, file)), ...supplied.map((file) => join(texts, file))]
  const found = await Promise.all(paths.map(async (path) => (await readFile(path, 'utf8')).trim()))
  if (typeof license !== 'string' || found.every((text) => text === '')) {
    throw new Error(
      `licences: expected a licence and its text for the package ${name}, got ${license ? 'no text' : 'neither'}. ` +
        'Put its text into scripts/licences and name it in scripts/licences.mjs.',
    )
  }
  return { name, version, licence: license, texts: found }
}
