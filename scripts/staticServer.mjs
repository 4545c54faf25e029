/** Serves the built site as a static host would: files only, optionally below a prefix or without special headers. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileHeaders, noteHeaders } from '../src/responseHeaders.js'
import { filePathOf, readAddress } from '../src/sitePath.js'
import { readInlineScripts } from './fileList.mjs'

const notes = {
  308: '',
  404: 'Not found',
  405: 'Only GET and HEAD are answered',
  500: 'The file could not be read',
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
  const site = new Site({ folder, prefix, withHeaders })
  const server = createServer((request, response) => {
    // Whoever goes away in the middle of a file leaves nothing to answer.
    site
      .answer(request, response)
      .catch(() => (response.headersSent ? response.destroy() : site.note(response, 500)))
  })
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

/** The answers to requests for the files of one site. */
class Site {
  /** @type {{ folder: string, prefix: string, withHeaders: boolean }} */
  #options

  /** @param {{ folder: string, prefix: string, withHeaders: boolean }} options */
  constructor(options) {
    this.#options = options
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async answer(request, response) {
    const { folder, prefix, withHeaders } = this.#options
    const address = readAddress(request.url)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return this.note(response, 405, { Allow: 'GET, HEAD' })
    if (address === null) return this.note(response, 404)
    const { pathname, search } = address
    if (pathname === prefix && prefix !== '')
      return this.note(response, 308, { Location: `${prefix}/${search}` })
    const path = pathname.startsWith(`${prefix}/`) ? filePathOf(pathname.slice(prefix.length + 1)) : null
    const entry = path === null ? null : await stat(join(folder, path)).catch(() => null)
    if (path === null || entry === null) return this.note(response, 404)
    if (entry.isDirectory()) return this.note(response, 308, { Location: `${pathname}/${search}` })
    // Read with each page: another build may have replaced them.
    const scripts = path.endsWith('.html') ? (await readInlineScripts(folder)).get(path) : []
    const headers = fileHeaders(path, scripts)
    response.writeHead(200, {
      ...(withHeaders ? headers : { 'Content-Type': headers['Content-Type'] }),
      'Content-Length': entry.size,
      'Cache-Control': path.includes('/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    if (request.method === 'HEAD') return void response.end()
    await pipeline(createReadStream(join(folder, path)), response)
  }

  /**
   * An answer that is no file.
   * @param {import('node:http').ServerResponse} response
   * @param {keyof typeof notes} status
   * @param {Record<string, string>} [extra]
   */
  note(response, status, extra) {
    const headers = this.#options.withHeaders
      ? noteHeaders('')
      : { 'Content-Type': 'text/plain; charset=utf-8' }
    response.writeHead(status, { ...headers, ...extra }).end(notes[status])
  }
}
