import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { encodeHash } from '../../src/lib/core/spec/hash'
import { PlaygroundPage, shortCircle } from './playgroundPage'
import { SiteVersions, update, waitForServiceWorker, waitForStaticEngine } from './siteVersions'

let site: SiteVersions
test.beforeEach(async () => {
  site = await SiteVersions.serve()
})
test.afterEach(() => site.stop())

const hash = encodeHash(shortCircle(50_000, { backend: 'cpu' }))

/** The site, kept and served by its service worker, which has nothing left to do. */
async function openKept(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await waitForServiceWorker(page)
  await waitForStaticEngine(page)
}

const isVersion = (page: Page, name: string) => page.locator(`html[data-version=${name}]`)
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** The version of a page opened in a new tab; null for the one that was built. */
async function versionInNewTab(context: BrowserContext, url: string): Promise<string | null> {
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'commit' })
  await expect(heading(page)).toBeAttached()
  const version = await page.locator('html').getAttribute('data-version')
  await page.close()
  return version
}

test('a new version takes over when the only page is opened again', async ({ page }) => {
  await openKept(page, `${site.url}#${hash}`)
  await site.publish('next')
  expect(await update(page)).toBe('installed')
  await page.reload({ waitUntil: 'commit' })
  await expect(isVersion(page, 'next')).toBeAttached()
  await expect(heading(page)).toBeAttached()
  expect(new URL(page.url()).hash).toBe(`#${hash}`)
  await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1)
})

test('a new version waits while a tab trains, whatever other tabs do', async ({ page, context }) => {
  await openKept(page, `${site.url}#${hash}`)
  const playground = new PlaygroundPage(page)
  await playground.button('Run both').click()
  await expect.poll(() => playground.step('A')).toBeGreaterThan(0)
  await site.publish('next')
  expect(await update(page)).toBe('installed')
  // From here on everything comes from what is kept.
  await site.stop()

  for (let tab = 0; tab < 4; tab++) expect(await versionInNewTab(context, site.url)).toBeNull()
  const both = await Promise.all([versionInNewTab(context, site.url), versionInNewTab(context, site.url)])
  expect(both).toEqual([null, null])
  const second = await context.newPage()
  await second.goto(site.url, { waitUntil: 'commit' })
  await expect(heading(second)).toBeVisible()
  await second.reload({ waitUntil: 'commit' })
  await expect(heading(second)).toBeVisible()
  await expect(isVersion(second, 'next')).not.toBeAttached()

  const before = await playground.step('A')
  await expect.poll(() => playground.step('A')).toBeGreaterThan(before)
  for (const name of ['Signatures', 'Ledger']) {
    await playground.lane('A').getByRole('tab', { name }).click()
    await expect(playground.lane('A').getByRole('tabpanel', { name }).locator('> *').first()).toBeVisible()
  }
  await page.close()
  await second.close()
  const last = await context.newPage()
  await last.goto(site.url, { waitUntil: 'commit' })
  await expect(isVersion(last, 'next')).toBeAttached()
  await expect(heading(last)).toBeAttached()
  await expect.poll(() => last.evaluate(() => caches.keys())).toHaveLength(1)
})

test('a deploy with a stale page changes nothing, and the whole one is taken', async ({ page }) => {
  await openKept(page, site.url)
  const stale = await site.read('index.html')
  await site.publish('next')
  const fresh = await site.read('index.html')
  await site.write('index.html', stale)
  expect(await update(page)).toBe('redundant')
  await page.reload()
  await expect(heading(page)).toBeVisible()
  await expect(isVersion(page, 'next')).not.toBeAttached()

  await site.write('index.html', fresh)
  expect(await update(page)).toBe('installed')
  await page.reload({ waitUntil: 'commit' })
  await expect(isVersion(page, 'next')).toBeAttached()
})

test('what was kept wrongly heals with the next version', async ({ page }) => {
  await openKept(page, site.url)
  const name = 'models/index.html'
  await page.evaluate(async (path) => {
    const [cacheName = ''] = await caches.keys()
    const cache = await caches.open(cacheName)
    const key = (await cache.keys()).find(({ url }) => url.includes(`${path}?`))
    await cache.put(key ?? '', new Response('of another build', { headers: { 'Content-Type': 'text/html' } }))
  }, name)
  await page.goto(`${site.url}models/`)
  await expect(page.getByText('of another build')).toBeVisible()
  await page.goto(site.url)
  await site.publish('next')
  expect(await update(page)).toBe('installed')
  await page.goto(`${site.url}models/`, { waitUntil: 'commit' })
  await expect(page.getByRole('heading', { level: 1, name: /model/i })).toBeVisible()
})

test('an address that no file can have is a 404, with and without a service worker', async ({ page }) => {
  const statuses = (paths: string[]) =>
    page.evaluate(
      (all) => Promise.all(all.map(async (path) => (await fetch(location.origin + path)).status)),
      paths,
    )
  const odd = ['/%', '/%E0%A4%A', '/..%2fsecret', '/%00', '//', '/models//', `/${'a'.repeat(4000)}`]
  await page.goto(site.url)
  expect(new Set(await statuses(odd))).toEqual(new Set([404]))
  await waitForServiceWorker(page)
  expect(new Set(await statuses(odd))).toEqual(new Set([404]))
  const opened = await page.goto(`${site.url}%`)
  expect(opened?.status()).toBe(404)
})
