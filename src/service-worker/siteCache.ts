/**
 * Keeps the site's files in this browser: the app on install, the engine of static lanes soon after, other engines and
 * datasets on first need or all at once. Nothing is kept or taken over whose content is not what the list says.
 */
import { fileHeaders, noteHeaders, responseHeaders } from '../responseHeaders.js'
import { filePathOf } from '../sitePath.js'
import { isContentOf, parseFileList, type SiteFile } from './siteFiles'

/** Larger files wait until somebody needs them: bad Wi-Fi should not delay the first visit. */
const largestShellBytes = 1_500_000

/** What the app itself consists of; pages and code are kept whatever their size. */
const appFiles = /\.(html|js|css|json|svg|png|ico|webmanifest)$/

/** Reference outputs are for tests and downloads, and too large to be kept unasked. */
const references = /\/reference[^/]*\.json$/

/** Kept in the background without being asked for, since static lanes need it: onnxruntime-web's plain wasm build. */
const staticEngine = /\/ort-wasm-simd-threaded\.(?!jspi\.)[^/]*\.wasm$/

const listName = 'files.json'

/** What a version remembers of its own installation, kept beside its files. */
interface Installed {
  /** Text of the list. */
  readonly list: string
  /** Names of the caches that were there before. */
  readonly earlier: readonly string[]
}

/** The host has different content for a file than this version's. */
class OtherContentError extends Error {}

/** The files of one version of the site, in the browser's cache. */
export class SiteCache {
  readonly #root: URL
  readonly #prefix: string
  readonly #name: string
  #files: ReadonlyMap<string, SiteFile> | undefined
  #keepingEngine: Promise<boolean> | undefined
  readonly #ending = new AbortController()

  /** `root` is the URL of the site's root folder, with a slash at the end; `version` changes with every build. */
  constructor(
    root: string,
    private readonly version: string,
    private readonly storage: CacheStorage = caches,
    private readonly load: typeof fetch = (input, init) => fetch(input, init),
  ) {
    this.#root = new URL(root)
    // Several copies may share an origin under different paths.
    this.#prefix = `tandem ${this.#root.pathname} `
    this.#name = this.#prefix + version
  }

  /**
   * Keeps the list of files and the app. Rejects when one of them cannot be loaded or is not the one that the list
   * says: half an app is none. Only what is complete counts as installed.
   */
  async install(): Promise<void> {
    await this.#install(await this.#otherNames())
  }

  async #install(earlier: readonly string[]): Promise<void> {
    const response = await this.load(new URL(listName, this.#root), { cache: 'no-store' })
    if (!response.ok) throw new Error(`siteCache: expected ${listName}, got status ${response.status}.`)
    const list = await response.text()
    const files = parseFileList(list, this.version)
    await Promise.all(
      [...files.values()].map((file) => (isShell(file) ? this.#keep(file) : this.#keepFromEarlier(file))),
    )
    const installed: Installed = { list, earlier }
    await (await this.#cache()).put(this.#listUrl, Response.json(installed))
    this.#files = files
  }

  /**
   * Installs again where the browser has cleared what was kept. Which other caches are of earlier versions is not known
   * any more, and one may be of a later version that waits: none is discarded.
   */
  async restore(): Promise<void> {
    if ((await this.#installed()).list === undefined) await this.#install([])
  }

  /** Deletes what earlier versions kept; a version that is being installed meanwhile is a later one. */
  async discardEarlier(): Promise<void> {
    const { earlier } = await this.#installed()
    await Promise.all(earlier.map((name) => this.storage.delete(name)))
  }

  /**
   * The answer to a request of the page or its workers: kept, or else loaded, and then kept if it is part of the
   * site. `onKept` is told when that has happened.
   */
  async respond(request: Request, onKept: (kept: Promise<void>) => void): Promise<Response> {
    const path = filePathOf(new URL(request.url).pathname.slice(this.#root.pathname.length))
    if (path === null) return note(404, 'Not found')
    const files = await this.#list()
    const file = files.get(path)
    if (file === undefined) {
      if (files.has(`${path}/index.html`)) {
        return note(302, null, { Location: new URL(`${path}/`, this.#root).href })
      }
      return (await this.#findEarlier(path)) ?? passOn(await this.load(request), path)
    }
    const kept = await (await this.#cache()).match(this.#key(file))
    if (kept !== undefined) return kept
    return this.#respondFromHost(file, onKept)
  }

  /** Bytes kept and bytes there are, and whether static lanes could do without a network. */
  async status(): Promise<{ cachedBytes: number; totalBytes: number; hasStaticEngine: boolean }> {
    const files = [...(await this.#list()).values()]
    const missing = await this.#missing()
    const sum = (list: readonly SiteFile[]) => list.reduce((total, file) => total + file.bytes, 0)
    return {
      cachedBytes: sum(files) - sum(missing),
      totalBytes: sum(files),
      hasStaticEngine: files.some(isEngine) && !missing.some(isEngine),
    }
  }

  /** Keeps the engine of static lanes, once however often it is asked for; true where it was missing. */
  keepStaticEngine(): Promise<boolean> {
    this.#keepingEngine ??= this.#keepMissing(isEngine)
    // Without a network it stays missing until the next time.
    this.#keepingEngine.catch(() => (this.#keepingEngine = undefined))
    return this.#keepingEngine
  }

  /** Keeps everything, one file after the other; `onProgress` gets bytes so far. Rejects when a file is missing. */
  async keepAll(onProgress: (loaded: number, total: number) => void): Promise<void> {
    const { cachedBytes, totalBytes } = await this.status()
    let done = cachedBytes
    for (const file of await this.#missing()) {
      await this.#keep(file, (bytes) => onProgress(done + bytes, totalBytes))
      onProgress((done += file.bytes), totalBytes)
    }
  }

  /** Ends what is still being kept: a newer version takes over, and would wait for it. */
  end(): void {
    this.#ending.abort()
  }

  async #keepMissing(isWanted: (file: SiteFile) => boolean): Promise<boolean> {
    const missing = (await this.#missing()).filter(isWanted)
    for (const file of missing) await this.#keep(file)
    return missing.length > 0
  }

  get #listUrl(): URL {
    return new URL(listName, this.#root)
  }

  #cache(): Promise<Cache> {
    return this.storage.open(this.#name)
  }

  /** Caches of other versions of this site. */
  async #otherNames(): Promise<string[]> {
    const names = await this.storage.keys()
    return names.filter((name) => name.startsWith(this.#prefix) && name !== this.#name)
  }

  /** Without a list where nothing was installed, or the browser has cleared it: then the host answers everything. */
  async #installed(): Promise<Partial<Installed> & Pick<Installed, 'earlier'>> {
    const response = await (await this.#cache()).match(this.#listUrl)
    return response === undefined ? { earlier: [] } : ((await response.json()) as Installed)
  }

  async #list(): Promise<ReadonlyMap<string, SiteFile>> {
    if (this.#files !== undefined) return this.#files
    const { list } = await this.#installed()
    if (list === undefined) return new Map()
    return (this.#files = parseFileList(list, this.version))
  }

  async #missing(): Promise<SiteFile[]> {
    const keptUrls = new Set((await (await this.#cache()).keys()).map((request) => request.url))
    return [...(await this.#list()).values()].filter((file) => !keptUrls.has(this.#key(file)))
  }

  /** Loads a file unless an earlier version of the site kept the very same content. */
  async #keep(file: SiteFile, onBytes?: (bytes: number) => void): Promise<void> {
    if (await this.#keepFromEarlier(file)) return
    await this.#put(file, await this.#loadContent(file, onBytes))
  }

  /** False where there is none, or one with different content than its name says. */
  async #keepFromEarlier(file: SiteFile): Promise<boolean> {
    const earlier = await this.storage.match(this.#key(file))
    const bytes = earlier && (await readUpTo(earlier, file.bytes))
    if (bytes === undefined || !(await isContentOf(bytes, file))) return false
    await this.#put(file, bytes)
    return true
  }

  /** For pages of an earlier version that are still open: their files have their content in their names. */
  async #findEarlier(path: string): Promise<Response | undefined> {
    if (!path.includes('/immutable/')) return undefined
    for (const name of await this.#otherNames()) {
      const cache = await this.storage.open(name)
      const found = await cache.match(new URL(path, this.#root), { ignoreSearch: true })
      if (found !== undefined) return found
    }
    return undefined
  }

  async #respondFromHost(file: SiteFile, onKept: (kept: Promise<void>) => void): Promise<Response> {
    try {
      const bytes = await this.#loadContent(file)
      onKept(this.#put(file, bytes))
      return answer(file, bytes)
    } catch (error) {
      // A page of another build would ask for files of its own and get some of this one: better none than a mixture.
      if (error instanceof OtherContentError) return note(503, error.message)
      throw error
    }
  }

  /**
   * The file's content from the host; asked for a second time past the browser's HTTP cache, which may hold what a host
   * said in the middle of an update.
   */
  async #loadContent(file: SiteFile, onBytes?: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    const address = new URL(file.path.replace(/(^|\/)index\.html$/, '$1'), this.#root)
    const { signal } = this.#ending
    let got = ''
    for (const cache of [file.path.includes('/immutable/') ? 'default' : 'no-cache', 'reload'] as const) {
      const response = await this.load(address, { cache, signal })
      const bytes = response.ok ? await readUpTo(response, file.bytes, onBytes) : undefined
      if (bytes !== undefined && (await isContentOf(bytes, file))) return bytes
      got = response.ok ? 'different content' : `status ${response.status}`
    }
    throw new OtherContentError(
      `siteCache: expected ${file.path} of version ${this.version}, got ${got}. ` +
        'The host may be in the middle of an update: open the site again in a few minutes.',
    )
  }

  async #put(file: SiteFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await (await this.#cache()).put(this.#key(file), answer(file, bytes))
  }

  /** The content hash is part of the key, so that a kept file is never mistaken for its successor. */
  #key(file: SiteFile): string {
    return new URL(`${file.path}?${file.hash}`, this.#root).href
  }
}

function isEngine({ path }: SiteFile): boolean {
  return staticEngine.test(path)
}

function isShell({ path, bytes }: SiteFile): boolean {
  return (appFiles.test(path) || bytes <= largestShellBytes) && !references.test(path)
}

/** A body of at most `limit` bytes; undefined for a longer one, which is not read to its end. */
async function readUpTo(
  response: Response,
  limit: number,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const content = new Uint8Array(limit)
  const reader = response.body?.getReader()
  let length = 0
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    if (length + next.value.byteLength > limit) {
      await reader?.cancel()
      return undefined
    }
    content.set(next.value, length)
    length += next.value.byteLength
    onBytes?.(length)
  }
  return content.subarray(0, length)
}

/** Headers are the site's own, whatever the host sent: type, length, policy. */
function answer(file: SiteFile, bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes, {
    headers: { ...fileHeaders(file.path, file.scripts), 'Content-Length': String(file.bytes) },
  })
}

function note(status: number, text: string | null, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { ...noteHeaders(''), ...headers } })
}

/**
 * The host's answer for what is no file of this version, isolated. A page keeps its own policy: it may be of a newer
 * version, whose inline scripts this one cannot name.
 */
function passOn(response: Response, path: string): Response {
  if (response.type === 'opaqueredirect' || response.status === 0) return response
  const headers = new Headers(response.headers)
  const isPage = headers.get('Content-Type')?.startsWith('text/html') === true
  const policy = headers.get('Content-Security-Policy')
  for (const [name, value] of Object.entries(responseHeaders(path))) headers.set(name, value)
  if (isPage) headers.set('Content-Security-Policy', policy ?? "frame-ancestors 'none'")
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
