import { expect, test, type Page } from '@playwright/test'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../../scripts/staticServer.mjs'
import { listen } from './otherOrigin'
import { PlaygroundPage, shortCircle } from './playgroundPage'
import { encodeHash } from '../../src/lib/core/spec/hash'

/** Waits until the service worker has kept the app and serves this page. */
async function waitForServiceWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller) return
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve))
  })
}

/** Collects what must not happen on any page: blocked by policy, left the origin, or missing. */
function watch(page: Page, origin: string): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.context().on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== origin) complaints.push(`request to ${url.href}`)
  })
  page.context().on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  return complaints
}

const isIsolated = (page: Page) => page.evaluate(() => crossOriginIsolated)

for (const { name, prefix, withHeaders } of [
  { name: 'at the root, with headers', prefix: '', withHeaders: true },
  { name: 'below a path, on a host without headers', prefix: '/course/tandem', withHeaders: false },
]) {
  test(`opens again without a server: ${name}`, async ({ page }) => {
    const site = await serve({ port: 0, prefix, withHeaders })
    try {
      const complaints = watch(page, new URL(site.url).origin)
      await page.goto(`${site.url}#${encodeHash(shortCircle(1, { backend: 'wasm' }))}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await isIsolated(page)).toBe(withHeaders)
      await waitForServiceWorker(page)
      await site.stop()

      await page.reload()
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await isIsolated(page)).toBe(true)
      await new PlaygroundPage(page).runToEnd()
      expect(complaints).toEqual([])
    } finally {
      await site.stop()
    }
  })
}

/** Waits until the engine of static lanes has arrived, which the service worker fetches by itself. */
async function waitForStaticEngine(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const { controller } = navigator.serviceWorker
        navigator.serviceWorker.addEventListener(
          'message',
          ({ data }: MessageEvent<{ hasStaticEngine?: boolean }>) => {
            if (data.hasStaticEngine === true) resolve()
          },
        )
        controller?.postMessage({ type: 'cacheStatus' })
      }),
  )
}

test('static lanes and shipped models run without a server, with nothing saved by hand', async ({ page }) => {
  const site = await serve({ port: 0 })
  try {
    const complaints = watch(page, new URL(site.url).origin)
    await page.goto(`${site.url}#${encodeHash(shortCircle(1, { backend: 'wasm', execution: 'static' }))}`)
    await waitForServiceWorker(page)
    await waitForStaticEngine(page)
    await site.stop()

    await page.reload()
    const playground = new PlaygroundPage(page)
    await playground.runToEnd()
    await page.goto(`${site.url}models/`)
    await page.getByRole('button', { name: 'Run the shipped model.onnx' }).click()
    await expect(page.getByRole('img', { name: /^As a file in onnxruntime-web: answers/ })).toBeVisible()
    expect(complaints).toEqual([])
  } finally {
    await site.stop()
  }
})

test('keeps every file of the site on request', async ({ page, baseURL }) => {
  await page.goto('./')
  await waitForServiceWorker(page)
  const messages = await page.evaluate(async () => {
    const received: { type: string; cachedBytes?: number; totalBytes?: number }[] = []
    const isDone = new Promise<void>((resolve) => {
      navigator.serviceWorker.addEventListener(
        'message',
        ({ data }: MessageEvent<(typeof received)[number]>) => {
          received.push(data)
          const isOver = received.some(({ type }) => type === 'cacheDone' || type === 'cacheFailed')
          if (data.type === 'cacheStatus' && isOver) resolve()
        },
      )
    })
    navigator.serviceWorker.controller?.postMessage({ type: 'cacheAll' })
    await isDone
    return received
  })
  expect(messages.map(({ type }) => type)).toContain('cacheDone')
  const { cachedBytes, totalBytes } = messages.at(-1) ?? {}
  expect(cachedBytes).toBe(totalBytes)

  const listed = await page.request.get(new URL('files.json', baseURL).href)
  const files = (await listed.json()) as { path: string; bytes: number }[]
  expect(totalBytes).toBe(files.reduce((sum, { bytes }) => sum + bytes, 0))
})

test('a new version takes over when the only page is opened again', async ({ page }) => {
  const folder = join(await mkdtemp(join(tmpdir(), 'tandem-site-')), 'build')
  await cp('build', folder, { recursive: true })
  const site = await serve({ folder, port: 0 })
  try {
    await page.goto(site.url)
    await waitForServiceWorker(page)
    // A worker that still keeps files takes its time to end.
    await waitForStaticEngine(page)
    await publishNextVersion(folder)
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      await registration.update()
      const worker = registration.installing ?? registration.waiting
      while (worker?.state === 'installing') {
        await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }))
      }
    })
    const isNext = page.locator('html[data-version=next]')
    await expect(isNext).not.toBeAttached()
    await page.reload({ waitUntil: 'commit' })
    await expect(isNext).toBeAttached()
    await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1)
  } finally {
    await site.stop()
  }
})

/** Changes the first page, the list of files and the service worker's version, as the next build would. */
async function publishNextVersion(folder: string): Promise<void> {
  const edit = async (name: string, change: (text: string) => string) =>
    writeFile(join(folder, name), change(await readFile(join(folder, name), 'utf8')))
  const { version } = JSON.parse(await readFile(join(folder, '_app/version.json'), 'utf8')) as {
    version: string
  }
  await edit('index.html', (text) => text.replace('<html ', '<html data-version="next" '))
  await edit('files.json', (text) =>
    text.replace(/("path":"index.html","bytes":\d+,"hash":)"\w+"/, '$1"next"'),
  )
  await edit('service-worker.js', (text) => text.replaceAll(version, `${version}1`))
}

test('the policy keeps pages and workers from reaching another origin', async ({ page }) => {
  const other = await listen()
  await page.goto('./')
  const outcome = await page.evaluate(async (address) => {
    const source = `
      const tried = (act) => act().then(() => 'allowed', () => 'blocked')
      postMessage([
        await tried(() => fetch('${address}')),
        await tried(() => import('${address}a.js')),
        await tried(() => import(URL.createObjectURL(new Blob(['export {}'], { type: 'text/javascript' })))),
        await tried(async () => new Function('1')()),
      ])`
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    const worker = new Worker(url, { type: 'module' })
    const inWorker = await new Promise<unknown>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data))
    })
    const onPage = await fetch(address).then(
      () => 'allowed',
      () => 'blocked',
    )
    return { onPage, inWorker }
  }, other.url)
  expect(outcome).toEqual({ onPage: 'blocked', inWorker: ['blocked', 'blocked', 'allowed', 'blocked'] })
  expect(other.asked).toEqual([])
  // The other origin would have answered: what kept requests away was the policy.
  expect((await fetch(other.url)).status).toBe(200)
  await other.stop()
})

test('every script answers with the policy, so that workers get it too', async ({ request, baseURL }) => {
  const files = (await (await request.get(new URL('files.json', baseURL).href)).json()) as { path: string }[]
  const scripts = files.filter(({ path }) => path.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(0)
  for (const { path } of scripts) {
    const headers = (await request.head(new URL(path, baseURL).href)).headers()
    expect(headers['content-security-policy'], path).toContain("script-src 'self' blob: 'wasm-unsafe-eval';")
    expect(headers['cross-origin-embedder-policy'], path).toBe('require-corp')
  }
})
