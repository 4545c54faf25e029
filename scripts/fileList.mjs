/** Writes `files.json` into the built site: what the service worker can keep, with sizes and content hashes. */
import { createHash } from 'node:crypto'
import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const site = 'build'
const fileList = 'files.json'

/** Left out: the browser fetches the service worker itself, and the list cannot hold its own hash. */
const omitted = new Set(['service-worker.js', fileList, '.nojekyll'])

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
      const files = await listFiles(site)
      await writeFile(join(site, fileList), JSON.stringify(files))
      await copyFile(join(site, fileList), join(builder.getClientDirectory(), fileList))
    },
  }
}

/**
 * Every file below `folder`, sorted by path.
 * @param {string} folder
 * @returns {Promise<{ path: string, bytes: number, hash: string }[]>}
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
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
      return { path, bytes: content.byteLength, hash }
    }),
  )
}
