import { afterEach, describe, expect, it } from 'vitest'
import { SiteCache } from './siteCache'
import type { SiteFile } from './siteFiles'

const root = `${location.origin}/course/`

type Contents = Readonly<Record<string, string>>

const large = 'd'.repeat(2_000_000)
const firstContents: Contents = {
  'index.html': 'home',
  'models/index.html': 'models',
  'app.js': 'app',
  'data/digits.bin': large,
}

async function listed(contents: Contents): Promise<SiteFile[]> {
  return Promise.all(
    Object.entries(contents).map(async ([path, content]) => {
      const bytes = new TextEncoder().encode(content)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
      return {
        path,
        bytes: bytes.byteLength,
        hash,
        ...(path === 'index.html' && { scripts: ['sha256-abc='] }),
      }
    }),
  )
}

/** What a host says of one path, by how often it was asked. */
type Wrong = Readonly<Record<string, (time: number) => Response | undefined>>

/** A host that serves version `version` with `contents`, except what is `wrong`, and remembers what it was asked for. */
async function host(contents: Contents, version = '1', wrong: Wrong = {}) {
  const list = JSON.stringify({ version, files: await listed(contents) })
  const asked: string[] = []
  const caching: (string | undefined)[] = []
  const load = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const address = input instanceof Request ? input.url : String(input)
    const path = address.slice(root.length)
    asked.push(path)
    caching.push(init?.cache)
    const other = wrong[path]?.(asked.filter((one) => one === path).length)
    if (other !== undefined) return Promise.resolve(other)
    if (path === 'files.json') return Promise.resolve(new Response(list))
    const content = contents[path === '' || path.endsWith('/') ? `${path}index.html` : path]
    return Promise.resolve(
      content === undefined
        ? new Response('', { status: 404 })
        : new Response(content, { headers: { Vary: '*', 'Content-Type': 'text/odd', 'Set-Cookie': 'a=1' } }),
    )
  }
  return { asked, caching, load }
}

async function installed(contents: Contents = firstContents, version = '1', wrong: Wrong = {}) {
  const { asked, caching, load } = await host(contents, version, wrong)
  const site = new SiteCache(root, version, caches, load)
  await site.install()
  return { site, asked, caching }
}

const ignore = () => undefined
const page = (path: string) => new Request(root + path)
const foreign = () => new Response('<script src="/old/start.js"></script>')

/** Puts different content under the name of a kept file, as a version without checks did. */
async function poison(version: string, path: string): Promise<void> {
  const cache = await caches.open(`tandem /course/ ${version}`)
  const key = (await cache.keys()).find(({ url }) => url.startsWith(`${root + path}?`))
  await cache.put(key ?? '', foreign())
}

afterEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name)
})

describe('install', () => {
  it('keeps the app, and leaves large files for later', async () => {
    const { site, asked } = await installed()
    expect(asked.toSorted()).toEqual(['', 'app.js', 'files.json', 'models/'])
    expect(await site.status()).toEqual({ cachedBytes: 13, totalBytes: 2_000_013, hasStaticEngine: false })
  })

  it('fails as a whole when one file is missing, and does not count as installed', async () => {
    const { load } = await host(firstContents, '1', { 'app.js': () => new Response('', { status: 404 }) })
    const site = new SiteCache(root, '1', caches, load)
    await expect(site.install()).rejects.toThrow(
      'siteCache: expected app.js of version 1, got status 404. The host may be in the middle of an update: ' +
        'open the site again in a few minutes.',
    )
    expect((await site.status()).totalBytes).toBe(0)
  })

  it('fails when the host has no list of files', async () => {
    const site = new SiteCache(root, '1', caches, () => Promise.resolve(new Response('', { status: 500 })))
    await expect(site.install()).rejects.toThrow('siteCache: expected files.json, got status 500.')
  })

  it('fails when the list is of another build', async () => {
    const { load } = await host(firstContents, '2')
    await expect(new SiteCache(root, '1', caches, load).install()).rejects.toThrow(
      'files.json: expected version 1, got "2".',
    )
  })

  it.each([
    ['the page of another build', foreign],
    [
      'an error page with status 200',
      () => new Response('Try later', { headers: { 'Content-Type': 'text/html' } }),
    ],
    ['a page of the same length', () => new Response('hone')],
    ['nothing', () => new Response('')],
  ])('believes no host that has %s', async (_, wrong) => {
    const { load, caching, asked } = await host(firstContents, '1', { '': wrong })
    const site = new SiteCache(root, '1', caches, load)
    await expect(site.install()).rejects.toThrow('expected index.html of version 1, got different content.')
    expect(caching.filter((_mode, at) => asked[at] === '')).toEqual(['no-cache', 'reload'])
  })

  it('tries once more past the HTTP cache', async () => {
    const { site } = await installed(firstContents, '1', {
      '': (time) => (time === 1 ? foreign() : undefined),
    })
    expect(await (await site.respond(page(''), ignore)).text()).toBe('home')
  })

  it('takes what did not change from the earlier version, large files too', async () => {
    const earlier = await installed()
    await earlier.site.keepAll(ignore)
    const { site, asked } = await installed({ ...firstContents, 'app.js': 'new' }, '2')
    await site.discardEarlier()
    expect(asked).toEqual(['files.json', 'app.js'])
    expect(await (await site.respond(page('app.js'), ignore)).text()).toBe('new')
    expect(await site.status()).toEqual({
      cachedBytes: 2_000_013,
      totalBytes: 2_000_013,
      hasStaticEngine: false,
    })
    expect((await caches.keys()).length).toBe(1)
  })

  it('loads again what an earlier version kept under a name that is not its content', async () => {
    const earlier = await installed()
    await earlier.site.keepAll(ignore)
    await poison('1', 'index.html')
    await poison('1', 'data/digits.bin')
    const { site, asked } = await installed(firstContents, '2')
    expect(asked).toEqual(['files.json', ''])
    expect(await (await site.respond(page(''), ignore)).text()).toBe('home')
    expect((await (await site.respond(page('data/digits.bin'), ignore)).arrayBuffer()).byteLength).toBe(
      2_000_000,
    )
    expect(asked).toEqual(['files.json', '', 'data/digits.bin'])
  })

  it('leaves other copies on the same origin alone', async () => {
    await caches.open('tandem /other/ 1')
    const { site } = await installed()
    await site.discardEarlier()
    expect(await caches.has('tandem /other/ 1')).toBe(true)
  })

  it('leaves the files of a later version alone', async () => {
    await installed()
    const second = await installed(firstContents, '2')
    const third = await installed(firstContents, '3')
    await second.site.discardEarlier()
    expect(await caches.keys()).toEqual(['tandem /course/ 2', 'tandem /course/ 3'])
    await third.site.discardEarlier()
    expect(await caches.keys()).toEqual(['tandem /course/ 3'])
  })
})

describe('restore', () => {
  it('installs again what the browser has cleared, and nothing else', async () => {
    const { load, asked } = await host(firstContents)
    const site = new SiteCache(root, '1', caches, load)
    await site.restore()
    expect(asked).toHaveLength(4)
    await new SiteCache(root, '1', caches, load).restore()
    expect(asked).toHaveLength(4)
  })

  it('leaves alone what a later version, which waits, has kept', async () => {
    const { load } = await host(firstContents)
    await installed({ ...firstContents, 'app.js': 'new app' }, '2')
    const site = new SiteCache(root, '1', caches, load)
    await site.restore()
    await site.discardEarlier()
    expect((await caches.keys()).sort()).toEqual(['tandem /course/ 1', 'tandem /course/ 2'])
  })
})

describe('respond', () => {
  it('answers from what is kept, with headers of its own', async () => {
    const { site, asked } = await installed()
    asked.length = 0
    const response = await site.respond(page('?from=mail'), ignore)
    expect(await response.text()).toBe('home')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '4',
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-embedder-policy': 'require-corp',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(response.headers.has('Vary')).toBe(false)
    const policy = response.headers.get('Content-Security-Policy')
    expect(policy).toContain("script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-abc=';")
    expect(policy).toContain("frame-ancestors 'none'")
    const script = await site.respond(page('app.js'), ignore)
    expect(script.headers.get('Content-Security-Policy')).toContain(
      "script-src 'self' blob: 'wasm-unsafe-eval';",
    )
    expect(asked).toEqual([])
  })

  it('adds the slash that a folder needs', async () => {
    const { site } = await installed()
    const response = await site.respond(page('models'), ignore)
    expect(response.status).toBe(302)
    expect(response.headers.get('Location')).toBe(`${root}models/`)
  })

  it('keeps a large file when it is first needed', async () => {
    const { site, asked } = await installed()
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

  it.each([
    ['data/digits.bin', 'data/digits.bin'],
    ['', 'index.html'],
  ])('gives nothing and keeps nothing where the host has different content for "%s"', async (path, name) => {
    const { site } = await installed(firstContents, '1', {
      [path]: (time) => (time > (path === '' ? 1 : 0) ? foreign() : undefined),
    })
    const cache = await caches.open('tandem /course/ 1')
    for (const key of await cache.keys()) if (key.url.startsWith(`${root + name}?`)) await cache.delete(key)
    const before = await site.status()
    const response = await site.respond(page(path), () => {
      throw new Error('kept')
    })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain(`expected ${name} of version 1, got different content.`)
    expect(await site.status()).toEqual(before)
  })

  it('passes on what is not part of the site; a page of another version keeps its own policy', async () => {
    const { site } = await installed(firstContents, '1', {
      'newer/': () => new Response('', { headers: { 'Content-Type': 'text/html' } }),
    })
    const missing = await site.respond(page('unknown'), ignore)
    expect(missing.status).toBe(404)
    expect(missing.headers.get('X-Content-Type-Options')).toBe('nosniff')
    const newer = await site.respond(page('newer/'), ignore)
    expect(newer.headers.get('Content-Security-Policy')).toBe("frame-ancestors 'none'")
  })

  it.each(['%', '%E0%A4%A', '..%2fsecret', '%00', 'models//', 'a%5Cb'])('has no %s', async (path) => {
    const { site, asked } = await installed()
    asked.length = 0
    const response = await site.respond(page(path), ignore)
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'self'")
    expect(asked).toEqual([])
  })

  it('still has the parts of an earlier version, whose pages may be open', async () => {
    const part = '_app/immutable/chunks/part.A1b-2_cd.js'
    await installed({ ...firstContents, [part]: 'part' })
    const { site } = await installed(firstContents, '2')
    expect(await (await site.respond(page(part), ignore)).text()).toBe('part')
    await site.discardEarlier()
    expect((await site.respond(page(part), ignore)).status).toBe(404)
  })
})

describe('keepStaticEngine', () => {
  const assets = '_app/immutable/assets'
  const engine = `${assets}/ort-wasm-simd-threaded.A1b-2_cd.wasm`
  const engines: Contents = {
    ...firstContents,
    [engine]: 'e'.repeat(2_000_000),
    [`${assets}/ort-wasm-simd-threaded.jspi.A1b-2_cd.wasm`]: 'f'.repeat(2_500_000),
    [`${assets}/reference.A1b-2_cd.json`]: 'reference!',
  }

  it('keeps the plain wasm build once, and neither the WebGPU build nor reference outputs', async () => {
    const { asked, load } = await host(engines)
    const site = new SiteCache(root, '1', caches, load)
    await site.install()
    expect((await site.status()).hasStaticEngine).toBe(false)
    asked.length = 0
    expect(await Promise.all([site.keepStaticEngine(), site.keepStaticEngine()])).toEqual([true, true])
    expect(asked).toEqual([engine])
    expect(await site.status()).toMatchObject({ cachedBytes: 2_000_013, hasStaticEngine: true })
    expect(await new SiteCache(root, '1', caches, load).keepStaticEngine()).toBe(false)
  })

  it('keeps no other content', async () => {
    const { site } = await installed(engines, '1', { [engine]: foreign })
    await expect(site.keepStaticEngine()).rejects.toThrow('got different content')
    expect((await site.status()).hasStaticEngine).toBe(false)
  })

  it('gives up when a newer version takes over', async () => {
    const { load } = await host(engines)
    let isAsked = ignore as () => void
    const asked = new Promise<void>((resolve) => (isAsked = resolve))
    const site = new SiteCache(root, '1', caches, (input, init) => {
      if (!(input instanceof URL && input.pathname.endsWith('.wasm'))) return load(input, init)
      isAsked()
      // A slow network: the answer comes when it is too late.
      return new Promise((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      )
    })
    await site.install()
    const keeping = site.keepStaticEngine()
    const outcome = expect(keeping).rejects.toThrow('aborted')
    await asked
    site.end()
    await outcome
  })

  it('tries again after it failed', async () => {
    const { load } = await host(engines)
    let isOnline = true
    const site = new SiteCache(root, '1', caches, (input, init) =>
      isOnline ? load(input, init) : Promise.reject(new TypeError('no network')),
    )
    await site.install()
    isOnline = false
    await expect(site.keepStaticEngine()).rejects.toThrow('no network')
    isOnline = true
    expect(await site.keepStaticEngine()).toBe(true)
  })
})

describe('keepAll', () => {
  it('keeps the rest and counts every byte once', async () => {
    const wrong = (time: number) => (time === 1 ? new Response('half') : undefined)
    const { site } = await installed(firstContents, '1', { 'data/digits.bin': wrong })
    const progress: [number, number][] = []
    await site.keepAll((loaded, total) => progress.push([loaded, total]))
    expect(Math.max(...progress.map(([loaded]) => loaded))).toBe(2_000_013)
    expect(progress.at(-1)).toEqual([2_000_013, 2_000_013])
    expect(await site.status()).toEqual({
      cachedBytes: 2_000_013,
      totalBytes: 2_000_013,
      hasStaticEngine: false,
    })
  })

  it('rejects where the host has different content, and keeps none of it', async () => {
    const { site } = await installed(firstContents, '1', { 'data/digits.bin': foreign })
    await expect(site.keepAll(ignore)).rejects.toThrow(
      'expected data/digits.bin of version 1, got different content.',
    )
    expect((await site.status()).cachedBytes).toBe(13)
  })
})
