import { afterEach, describe, expect, it } from 'vitest'
import { SiteCache, type SiteFile } from './siteCache'

const root = `${location.origin}/course/`

const firstVersion: SiteFile[] = [
  { path: 'index.html', bytes: 4, hash: 'a1' },
  { path: 'models/index.html', bytes: 6, hash: 'b1' },
  { path: 'app.js', bytes: 3, hash: 'c1' },
  { path: 'data/digits.bin', bytes: 2_000_000, hash: 'd1' },
]

/** A host that serves `files` and remembers what it was asked for. */
function host(files: readonly SiteFile[]) {
  const asked: string[] = []
  const load = (input: RequestInfo | URL): Promise<Response> => {
    const address = input instanceof Request ? input.url : String(input)
    const path = address.slice(root.length)
    asked.push(path)
    if (path === 'files.json') return Promise.resolve(Response.json(files))
    const file = files.find((candidate) => candidate.path.replace(/index\.html$/, '') === path)
    if (file === undefined) return Promise.resolve(new Response('', { status: 404 }))
    return Promise.resolve(new Response(file.hash.padEnd(file.bytes, '.'), { headers: { Vary: '*' } }))
  }
  return { asked, load }
}

const ignore = () => undefined
const page = (path: string) => new Request(root + path)

afterEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name)
})

describe('install', () => {
  it('keeps the app, and leaves large files for later', async () => {
    const { asked, load } = host(firstVersion)
    const site = new SiteCache(root, '1', caches, load)
    await site.install()
    expect(asked.toSorted()).toEqual(['', 'app.js', 'files.json', 'models/'])
    expect(await site.status()).toEqual({ cachedBytes: 13, totalBytes: 2_000_013, hasStaticEngine: false })
  })

  it('fails as a whole when one file is missing', async () => {
    const { load } = host(firstVersion.filter(({ path }) => path !== 'app.js'))
    const site = new SiteCache(root, '1', caches, (input) =>
      String(input instanceof Request ? input.url : input).endsWith('files.json')
        ? Promise.resolve(Response.json(firstVersion))
        : load(input),
    )
    await expect(site.install()).rejects.toThrow('siteCache: expected app.js, got status 404.')
  })

  it('fails when the host has no list of files', async () => {
    const site = new SiteCache(root, '1', caches, () => Promise.resolve(new Response('', { status: 500 })))
    await expect(site.install()).rejects.toThrow('siteCache: expected files.json, got status 500.')
  })

  it('takes what did not change from the earlier version, large files too', async () => {
    const earlier = new SiteCache(root, '1', caches, host(firstVersion).load)
    await earlier.install()
    await earlier.keepAll(ignore)
    const { asked, load } = host(
      firstVersion.map((file) => (file.path === 'app.js' ? { ...file, hash: 'c2' } : file)),
    )
    const later = new SiteCache(root, '2', caches, load)
    await later.install()
    await later.discardEarlier()
    expect(asked).toEqual(['files.json', 'app.js'])
    expect(await (await later.respond(page('app.js'), ignore)).text()).toBe('c2.')
    expect(await later.status()).toEqual({
      cachedBytes: 2_000_013,
      totalBytes: 2_000_013,
      hasStaticEngine: false,
    })
    expect((await caches.keys()).length).toBe(1)
  })

  it('leaves other copies on the same origin alone', async () => {
    await caches.open('tandem /other/ 1')
    const site = new SiteCache(root, '1', caches, host(firstVersion).load)
    await site.install()
    await site.discardEarlier()
    expect(await caches.has('tandem /other/ 1')).toBe(true)
  })
})

describe('respond', () => {
  it('answers from what is kept, with the headers that isolate the page', async () => {
    const { asked, load } = host(firstVersion)
    const site = new SiteCache(root, '1', caches, load)
    await site.install()
    asked.length = 0
    const response = await site.respond(page('?from=mail'), ignore)
    expect(await response.text()).toBe('a1..')
    expect(response.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(response.headers.get('Content-Length')).toBe('4')
    const script = await site.respond(page('app.js'), ignore)
    expect(script.headers.get('Content-Security-Policy')).toContain("connect-src 'self'")
    expect(asked).toEqual([])
  })

  it('adds the slash that a folder needs', async () => {
    const site = new SiteCache(root, '1', caches, host(firstVersion).load)
    await site.install()
    const response = await site.respond(page('models'), ignore)
    expect(response.status).toBe(302)
    expect(response.headers.get('Location')).toBe(`${root}models/`)
  })

  it('keeps a large file when it is first needed', async () => {
    const { asked, load } = host(firstVersion)
    const site = new SiteCache(root, '1', caches, load)
    await site.install()
    let kept = Promise.resolve()
    const first = await site.respond(page('data/digits.bin'), (done) => {
      kept = done
    })
    expect((await first.arrayBuffer()).byteLength).toBe(2_000_000)
    await kept
    asked.length = 0
    const second = await site.respond(page('data/digits.bin'), ignore)
    expect((await second.arrayBuffer()).byteLength).toBe(2_000_000)
    expect(asked).toEqual([])
  })

  it('passes on what is not part of the site', async () => {
    const site = new SiteCache(root, '1', caches, host(firstVersion).load)
    await site.install()
    expect((await site.respond(page('unknown'), ignore)).status).toBe(404)
  })
})

describe('keepStaticEngine', () => {
  const assets = '_app/immutable/assets'
  const engines: SiteFile[] = [
    ...firstVersion,
    { path: `${assets}/ort-wasm-simd-threaded.A1b-2_cd.wasm`, bytes: 2_000_000, hash: 'e1' },
    { path: `${assets}/ort-wasm-simd-threaded.jspi.A1b-2_cd.wasm`, bytes: 2_500_000, hash: 'f1' },
    { path: `${assets}/reference.A1b-2_cd.json`, bytes: 10, hash: 'g1' },
  ]

  it('keeps the plain wasm build once, and neither the WebGPU build nor reference outputs', async () => {
    const { asked, load } = host(engines)
    const site = new SiteCache(root, '1', caches, load)
    await site.install()
    expect((await site.status()).hasStaticEngine).toBe(false)
    asked.length = 0
    expect(await Promise.all([site.keepStaticEngine(), site.keepStaticEngine()])).toEqual([true, true])
    expect(asked).toEqual([engines[4]?.path])
    expect(await site.status()).toMatchObject({ cachedBytes: 2_000_013, hasStaticEngine: true })
    expect(await new SiteCache(root, '1', caches, load).keepStaticEngine()).toBe(false)
  })

  it('gives up when a newer version takes over', async () => {
    const { load } = host(engines)
    const site = new SiteCache(root, '1', caches, (input, init) =>
      // A slow network: the answer comes when it is too late.
      input instanceof URL && input.pathname.endsWith('.wasm')
        ? new Promise((_, reject) =>
            init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
          )
        : load(input),
    )
    await site.install()
    const keeping = site.keepStaticEngine()
    const outcome = expect(keeping).rejects.toThrow('aborted')
    await new Promise((resolve) => setTimeout(resolve, 20))
    site.end()
    await outcome
  })

  it('tries again after it failed', async () => {
    const { load } = host(engines)
    let isOnline = true
    const site = new SiteCache(root, '1', caches, (input) =>
      isOnline ? load(input) : Promise.reject(new TypeError('no network')),
    )
    await site.install()
    isOnline = false
    await expect(site.keepStaticEngine()).rejects.toThrow('no network')
    isOnline = true
    expect(await site.keepStaticEngine()).toBe(true)
  })
})

describe('keepAll', () => {
  it('keeps the rest and counts every byte', async () => {
    const site = new SiteCache(root, '1', caches, host(firstVersion).load)
    await site.install()
    const progress: [number, number][] = []
    await site.keepAll((loaded, total) => progress.push([loaded, total]))
    expect(progress.at(-1)).toEqual([2_000_013, 2_000_013])
    expect(await site.status()).toEqual({
      cachedBytes: 2_000_013,
      totalBytes: 2_000_013,
      hasStaticEngine: false,
    })
  })
})
