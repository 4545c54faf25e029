/**
 * Writes `files.json` into the built site: which build it is, and what the service worker can keep, with sizes, content
 * hashes, and the hashes of pages' inline scripts.
 */
import { createHash } from 'node:crypto'
import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const site = 'build'
export const fileListName = 'files.json'

/** Left out: the browser fetches the service worker itself, and the list cannot hold its own hash. */
const omitted = new Set(['service-worker.js', fileListName, '.nojekyll'])

/**
 * Wraps a SvelteKit adapter. SvelteKit's own list for service workers lacks what workers load, and all sizes.
 * @param {import('@sveltejs/kit').Adapter} adapter
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function withFileList(adapter) {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder)
      const list = { version: builder.config.kit.version.name, files: await listFiles(site) }
      await writeFile(join(site, fileListName), JSON.stringify(list))
      await copyFile(join(site, fileListName), join(builder.getClientDirectory(), fileListName))
    },
  }
}

/**
 * @typedef {object} ListedFile
 * @property {string} path relative to the site's root
 * @property {number} bytes
 * @property {string} hash SHA-256 in hexadecimal digits
 * @property {string[]} [scripts] a page's inline scripts, as the policy names them
 */

/**
 * Every file below `folder`, sorted by path.
 * @param {string} folder
 * @returns {Promise<ListedFile[]>}
 */
export async function listFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !omitted.has(path))
    .sort()
  return Promise.all(
    paths.map(async (path) => {
      const content = await readFile(join(folder, path))
      const hash = createHash('sha256').update(content).digest('hex')
      const scripts = path.endsWith('.html') ? inlineScripts(content.toString('utf8')) : []
      return { path, bytes: content.byteLength, hash, ...(scripts.length > 0 && { scripts }) }
    }),
  )
}

/**
 * Inline scripts of each page of a built site, by path; empty for a folder without a list.
 * @param {string} folder
 * @returns {Promise<ReadonlyMap<string, readonly string[]>>}
 */
export async function readInlineScripts(folder) {
  const text = await readFile(join(folder, fileListName), 'utf8').catch((error) => {
    if (error.code !== 'ENOENT') throw error
    return '{"files":[]}'
  })
  const { files } = /** @type {{ files: ListedFile[] }} */ (JSON.parse(text))
  return new Map(files.map(({ path, scripts = [] }) => [path, scripts]))
}

/**
 * The scripts that a page's own policy, written by SvelteKit, allows by hash. A script that it does not allow would not
 * run, whatever the header says.
 * @param {string} html
 * @returns {string[]}
 */
export function inlineScripts(html) {
  const [, policy = ''] = /<meta http-equiv="content-security-policy" content="([^"]*)"/i.exec(html) ?? []
  const directive = policy.split(';').find((one) => one.trim().startsWith('script-src ')) ?? ''
  return [...directive.matchAll(/'(sha256-[\w+/=]+)'/g)].map(([, source = '']) => source)
}
