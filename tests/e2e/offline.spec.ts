import { expect, test, type Page } from '@playwright/test'
import { serve } from '../../scripts/staticServer.mjs'
import { listen } from './otherOrigin'
import { PlaygroundPage, shortCircle } from './playgroundPage'
import { waitForServiceWorker, waitForStaticEngine } from './siteVersions'
import { encodeHash } from '../../src/lib/core/spec/hash'

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
  const { files } = (await listed.json()) as { files: { path: string; bytes: number }[] }
  expect(totalBytes).toBe(files.reduce((sum, { bytes }) => sum + bytes, 0))
})

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
