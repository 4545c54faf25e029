/** Serves the built site as a static host would: files only, optionally below a prefix or without special headers. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { responseHeaders } from '../src/responseHeaders.js'

/** @type {Record<string, string>} */
const contentTypes = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}

/**
 * Starts a server for the files below `folder`.
 * @param {object} [options]
 * @param {string} [options.folder]
 * @param {number} [options.port] 0 takes any free port
 * @param {string} [options.host] address to listen on
 * @param {string} [options.prefix] path below which the site lies: `/course/tandem`
 * @param {boolean} [options.withHeaders] false: as a host where headers cannot be set
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} rejects when the port is taken
 */
export async function serve({
  folder = 'build',
  port = 4173,
  host = 'localhost',
  prefix = '',
  withHeaders = true,
} = {}) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  })

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async function answer(request, response) {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end()
    if (pathname === prefix && prefix !== '') {
      return void response.writeHead(308, { Location: `${prefix}/${search}` }).end()
    }
    const found = pathname.startsWith(`${prefix}/`) ? await find(folder, pathname.slice(prefix.length)) : null
    const headers = withHeaders ? responseHeaders(found?.path ?? pathname) : {}
    if (found === null) return void response.writeHead(404, headers).end('Not found')
    if (found.isFolder) return void response.writeHead(308, { Location: `${pathname}/${search}` }).end()
    response.writeHead(200, {
      ...headers,
      'Content-Type': contentTypes[extname(found.path)] ?? 'application/octet-stream',
      'Content-Length': found.bytes,
      'Cache-Control': pathname.includes('/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    if (request.method === 'HEAD') return void response.end()
    createReadStream(found.path).pipe(response)
  }

  await new Promise((ready, failed) => {
    server.once('error', failed)
    server.listen(port, host, () => ready(undefined))
  })
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host}:${actualPort}${prefix}/`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped())
        server.closeAllConnections()
      }),
  }
}

/**
 * The file that a path of the site means, or null.
 * @param {string} folder
 * @param {string} pathname
 * @returns {Promise<{ path: string, bytes: number, isFolder: boolean } | null>}
 */
async function find(folder, pathname) {
  const root = resolve(folder)
  const wanted = join(root, decodePath(pathname))
  if (wanted !== root && !wanted.startsWith(root + sep)) return null
  const path = pathname.endsWith('/') ? join(wanted, 'index.html') : wanted
  try {
    const entry = await stat(path)
    return { path, bytes: entry.size, isFolder: entry.isDirectory() }
  } catch {
    return null
  }
}

/** @param {string} pathname */
function decodePath(pathname) {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}
