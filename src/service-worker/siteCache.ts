/**
 * Keeps the site's files in this browser: the app on install, the engine of static lanes soon after, other engines and
 * datasets on first need or all at once.
 */
import { responseHeaders } from '../responseHeaders.js'

/** One entry of `files.json`, which the build writes. `path` is relative to the site's root. */
export interface SiteFile {
  readonly path: string
  readonly bytes: number
  readonly hash: string
}

/** Larger files wait until somebody needs them: bad Wi-Fi should not delay the first visit. */
const largestShellBytes = 1_500_000

/** What the app itself consists of; pages and code are kept whatever their size. */
const appFiles = /\.(html|js|css|json|svg|png|ico|webmanifest)$/

/** Reference outputs are for tests and downloads, and too large to be kept unasked. */
const references = /\/reference[^/]*\.json$/

/** Kept in the background without being asked for, since static lanes need it: onnxruntime-web's plain wasm build. */
const staticEngine = /\/ort-wasm-simd-threaded\.(?!jspi\.)[^/]*\.wasm$/

const listName = 'files.json'

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
    version: string,
    private readonly storage: CacheStorage = caches,
    private readonly load: typeof fetch = (input, init) => fetch(input, init),
  ) {
    this.#root = new URL(root)
    // Several copies may share an origin under different paths.
    this.#prefix = `tandem ${this.#root.pathname} `
    this.#name = this.#prefix + version
  }

  /** Keeps the list of files and the app. Rejects when one of them cannot be loaded: half an app is none. */
  async install(): Promise<void> {
    const response = await this.load(new URL(listName, this.#root), { cache: 'no-store' })
    if (!response.ok) throw new Error(`siteCache: expected ${listName}, got status ${response.status}.`)
    const cache = await this.storage.open(this.#name)
    await cache.put(new URL(listName, this.#root), response)
    const files = [...(await this.#list()).values()]
    await Promise.all(files.map((file) => (isShell(file) ? this.#keep(file) : this.#keepFromEarlier(file))))
  }

  /** Deletes what earlier versions kept. */
  async discardEarlier(): Promise<void> {
    const names = await this.storage.keys()
    const earlier = names.filter((name) => name.startsWith(this.#prefix) && name !== this.#name)
    await Promise.all(earlier.map((name) => this.storage.delete(name)))
  }

  /**
   * The answer to a request of the page or its workers: kept, or else loaded, and then kept if it is part of the
   * site. `onKept` is told when that has happened.
   */
  async respond(request: Request, onKept: (kept: Promise<void>) => void): Promise<Response> {
    const path = this.#pathOf(request.url)
    const files = await this.#list()
    const file = files.get(path)
    if (file === undefined) {
      if (files.has(`${path}/index.html`)) return Response.redirect(new URL(`${path}/`, this.#root), 302)
      return withHeaders(await this.load(request), path)
    }
    const kept = await (await this.storage.open(this.#name)).match(this.#key(file))
    if (kept !== undefined) return kept
    const response = complete(await this.load(request), file)
    if (response.status === 200) onKept(this.#put(file, response.clone()))
    return response
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
    let loaded = cachedBytes
    for (const file of await this.#missing()) {
      await this.#keep(file, (bytes) => onProgress((loaded += bytes), totalBytes))
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

  async #list(): Promise<ReadonlyMap<string, SiteFile>> {
    if (this.#files !== undefined) return this.#files
    const cache = await this.storage.open(this.#name)
    const response = await cache.match(new URL(listName, this.#root))
    const files = response === undefined ? [] : ((await response.json()) as SiteFile[])
    return (this.#files = new Map(files.map((file) => [file.path, file])))
  }

  async #missing(): Promise<SiteFile[]> {
    const cache = await this.storage.open(this.#name)
    const keptUrls = new Set((await cache.keys()).map((request) => request.url))
    return [...(await this.#list()).values()].filter((file) => !keptUrls.has(this.#key(file)))
  }

  /** Loads a file unless an earlier version of the site kept the very same content. */
  async #keep(file: SiteFile, onBytes?: (bytes: number) => void): Promise<void> {
    if (await this.#keepFromEarlier(file)) return onBytes?.(file.bytes)
    const isImmutable = file.path.includes('/immutable/')
    const address = new URL(file.path.replace(/(^|\/)index\.html$/, '$1'), this.#root)
    const { signal } = this.#ending
    const response = await this.load(address, { cache: isImmutable ? 'default' : 'no-cache', signal })
    if (!response.ok) throw new Error(`siteCache: expected ${file.path}, got status ${response.status}.`)
    await this.#put(file, complete(counted(response, onBytes), file))
  }

  async #keepFromEarlier(file: SiteFile): Promise<boolean> {
    const earlier = await this.storage.match(this.#key(file))
    if (earlier === undefined) return false
    await this.#put(file, earlier)
    return true
  }

  async #put(file: SiteFile, response: Response): Promise<void> {
    const cache = await this.storage.open(this.#name)
    await cache.put(this.#key(file), response)
  }

  /** The content hash is part of the key, so that a kept file is never mistaken for its successor. */
  #key(file: SiteFile): string {
    return new URL(`${file.path}?${file.hash}`, this.#root).href
  }

  /** Path of the file that a URL means; a folder means its `index.html`. */
  #pathOf(address: string): string {
    const path = decodeURI(new URL(address).pathname.slice(this.#root.pathname.length))
    return path === '' || path.endsWith('/') ? `${path}index.html` : path
  }
}

function isEngine({ path }: SiteFile): boolean {
  return staticEngine.test(path)
}

function isShell({ path, bytes }: SiteFile): boolean {
  return (appFiles.test(path) || bytes <= largestShellBytes) && !references.test(path)
}

/** Adds the headers that a static host may not send. */
function withHeaders(response: Response, path: string): Response {
  if (response.type === 'opaqueredirect' || response.status === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(responseHeaders(path))) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The same, for a known file: its length is that of the content, also where the host compressed it. */
function complete(response: Response, file: SiteFile): Response {
  const answer = withHeaders(response, file.path)
  if (answer.status !== 200) return answer
  for (const name of ['Content-Encoding', 'Vary']) answer.headers.delete(name)
  answer.headers.set('Content-Length', String(file.bytes))
  return answer
}

function counted(response: Response, onBytes: ((bytes: number) => void) | undefined): Response {
  if (onBytes === undefined || response.body === null) return response
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onBytes(chunk.byteLength)
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(counter), response)
}
