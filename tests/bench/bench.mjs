/**
 * Measures the built site in one browser session and prints JSON: script weight at first paint, the main thread's
 * longest tasks while both lanes train, and milliseconds a step per style and backend. `npm run bench [-- OUT.json]`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { cpus } from 'node:os'
import { chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../scripts/chromium.mjs'
import { serve } from '../../scripts/staticServer.mjs'

const backends = ['cpu', 'wasm', 'webgl', 'webgpu']
const trainingMs = 10_000

/** @param {import('playwright').Page} page @param {string} url */
async function firstPaint(page, url) {
  const scripts = new Map()
  page.on('response', async (response) => {
    if (!/\.js$/.test(new URL(response.url()).pathname) || isPainted) return
    scripts.set(response.url(), gzipSync(await response.body()).byteLength)
  })
  let isPainted = false
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
  isPainted = true
  const paintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  )
  const preloaded = await page.evaluate(() =>
    [...document.querySelectorAll('link')]
      .filter((link) => link.rel === 'modulepreload')
      .map((link) => link.href),
  )
  for (const href of preloaded) {
    if (!scripts.has(href))
      scripts.set(href, gzipSync(await (await page.request.get(href)).body()).byteLength)
  }
  return {
    firstContentfulPaintMs: paintMs,
    gzippedScriptBytes: [...scripts.values()].reduce((a, b) => a + b, 0),
  }
}

/** @typedef {Window & { longTasks?: number[] }} WatchedWindow */

/** @param {import('playwright').Page} page */
async function longTasks(page) {
  await page.evaluate(() => {
    /** @type {number[]} */
    const durations = []
    /** @type {WatchedWindow} */
    const watched = window
    watched.longTasks = durations
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) durations.push(Math.round(entry.duration))
    }).observe({ type: 'longtask' })
  })
  await page.getByRole('button', { name: 'Run both' }).click()
  await page.waitForTimeout(trainingMs)
  const tasks = await page.evaluate(() => /** @type {WatchedWindow} */ (window).longTasks ?? [])
  await page.getByRole('button', { name: 'Reset' }).click()
  return { trainingMs, tasksOver50Ms: tasks.length, longestMs: Math.max(0, ...tasks) }
}

/** @param {import('playwright').Page} page @param {string} backend */
async function stepTimes(page, backend) {
  for (const lane of ['A', 'B']) {
    await page.getByLabel(`Backend of lane ${lane}`).selectOption({ value: backend })
  }
  await page.getByText('take turns').click()
  await page.getByRole('button', { name: 'Run both' }).click()
  await page.waitForTimeout(trainingMs)
  await page.getByRole('button', { name: 'Pause' }).click()
  /** @param {string} lane */
  const read = (lane) =>
    page
      .getByRole('region', { name: `Lane ${lane}` })
      .getByText(/\/step:/)
      .innerText()
  const figures = { keras: await read('A'), torch: await read('B') }
  await page.getByRole('button', { name: 'Reset' }).click()
  return figures
}

const site = await serve({ port: 0 })
const executablePath = (await findChromium()) ?? undefined
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const paint = await firstPaint(page, site.url)
  await page.getByRole('button', { name: 'Run both' }).waitFor()
  const mainThread = await longTasks(page)
  /** @type {Record<string, { keras: string, torch: string }>} */
  const perBackend = {}
  for (const backend of backends) perBackend[backend] = await stepTimes(page, backend)
  const result = {
    machine: { cpus: cpus().length, cpu: cpus()[0]?.model, browser: browser.version() },
    firstPaint: paint,
    mainThread,
    circle: perBackend,
  }
  const text = `${JSON.stringify(result, null, 2)}\n`
  const out = process.argv[2]
  if (out) {
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, text)
  }
  process.stdout.write(text)
} finally {
  await browser.close()
  await site.stop()
}
